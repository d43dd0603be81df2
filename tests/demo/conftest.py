"""A demo in a temporary folder, built once and copied for each test."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from demo.build import build

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARU_DATA", str(folder))
        build("en", TODAY)
    return folder


@pytest.fixture
def demo(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = shutil.copytree(built, tmp_path / "data")
    monkeypatch.setenv("HARU_DATA", str(folder))
    return folder
