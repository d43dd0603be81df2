"""Benchmarks: the table of `make bench`, and the parts that run without a browser."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks import transfer
from benchmarks.server import LINKED_PAGES
from benchmarks.table import ResultTable

PROJECT = Path(__file__).parent.parent


def test_every_row_has_its_limit_or_another_way_beside_it() -> None:
    table = ResultTable()
    table.add("cold start", 3.0, "s", 6)
    table.add("a visitor", 0.5, "MB")
    table.compare("a clip", 80.0, "ms", "plain way", 160.0)
    assert str(table).splitlines()[2:] == [
        "| cold start | 3.00 s | at most 6.00 s | 0.50 |",
        "| a visitor | 0.50 MB | | |",
        "| a clip | 80.00 ms | plain way 160 ms | 0.50 |",
    ]


def test_every_page_is_timed() -> None:
    """The benchmark reads the navigation off the screen; the other pages are listed. Only a phone links to More."""
    navigation = {"today", "days", "history", "music", "data", "settings", "help"}
    pages = {page.stem for page in (PROJECT / "pages").glob("*.py")} - {"__init__", "more"}
    assert navigation | {name for _, name in LINKED_PAGES} == pages


def test_a_small_diary_leaves_and_comes_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HARU_DATA", str(tmp_path / "mine"))
    steps = transfer.measure(30)
    assert len(steps) == 5
    assert all(times.clock[0] > 0 for times in steps.values())
    assert os.environ["HARU_DATA"] == str(tmp_path / "mine")
    assert not (tmp_path / "mine").exists()  # an operator's own diary stays untouched
