"""Looks at data folders."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

SIGN_INS = ("sessions", "known_browsers")


def content(file: Path, without: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Every row of every table of a database, in an order that two files share."""
    with closing(sqlite3.connect(file)) as opened:
        names = [name for (name,) in opened.execute("select name from sqlite_master where type = 'table'")]
        return {
            name: sorted(map(repr, opened.execute(f"select * from {name}")))
            for name in names
            if name not in without and name != "sqlite_sequence"
        }


def left_over(folder: Path) -> list[str]:
    """Files that only a killed process leaves."""
    return [file.name for file in folder.rglob("*") if "restoring" in file.name or "unfinished" in file.name]
