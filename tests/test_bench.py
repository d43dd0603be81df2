"""`make bench` prints one table whose ratios are of the same run; what it times must first work."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks import transfer
from benchmarks.house import BEHIND
from benchmarks.table import Table

PROJECT = Path(__file__).parent.parent


def test_every_row_stands_beside_its_limit_or_another_way() -> None:
    table = Table()
    table.add("cold start", 3.0, "s", 6)
    table.add("a visitor", 0.5, "MB")
    table.add_beside("a clip", 80.0, "ms", "plain way", 160.0)
    assert str(table).splitlines()[2:] == [
        "| cold start | 3.00 s | at most 6.00 s | 0.50 |",
        "| a visitor | 0.50 MB | | |",
        "| a clip | 80.00 ms | plain way 160 ms | 0.50 |",
    ]


def test_every_page_is_timed() -> None:
    """The row of pages is read off the screen; the rest is named, and may not be forgotten."""
    row = {"today", "days", "history", "music", "settings", "help"}
    assert row | {name for _, name in BEHIND} == {page.stem for page in (PROJECT / "pages").glob("*.py")}


def test_a_small_diary_leaves_and_comes_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HARU_DATA", str(tmp_path / "mine"))
    steps = transfer.measure(30)
    assert len(steps) == 5
    assert all(seconds > 0 for seconds, _ in steps.values())
    assert os.environ["HARU_DATA"] == str(tmp_path / "mine")
    assert not (tmp_path / "mine").exists()  # nobody's own diary is touched
