"""The models are loaded beside the first visitors, and before the process ends."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from pathlib import Path

import pytest

import app
from components import recognisers
from tests import asynchronous


def test_the_garbage_collector_spares_what_stays_loaded(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[list] = []
    monkeypatch.setattr(recognisers, "warm", lambda: loaded.extend([] for _ in range(1000)))
    already = gc.get_freeze_count()
    app.load_models(threading.Event())
    assert gc.get_freeze_count() >= already + 1000


def test_the_server_ends_only_after_the_loading_thread(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python aborts when a thread is still in torch's code at exit."""
    steps: list[str] = []
    started = threading.Event()

    def warm() -> None:
        started.set()
        time.sleep(0.3)
        steps.append("warmed up")

    monkeypatch.setattr(recognisers, "warm", warm)
    monkeypatch.setattr("understanding.runtime.freeze_objects", lambda: steps.append("frozen"))

    async def start_and_stop() -> None:
        async with asyncio.timeout(20), app.lifespan(app.app):
            while not started.is_set():
                await asyncio.sleep(0.01)

    asynchronous.run(start_and_stop())
    assert steps == ["warmed up"], "what is left to load is left out"


def test_a_failure_to_load_is_logged_and_the_server_runs(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def warm() -> None:
        raise ImportError("no torch")

    monkeypatch.setattr(recognisers, "warm", warm)

    async def start_and_stop() -> None:
        async with asyncio.timeout(20), app.lifespan(app.app):
            while "could not be loaded" not in caplog.text:
                await asyncio.sleep(0.01)

    asynchronous.run(start_and_stop())
