"""The health page."""

from __future__ import annotations

import re
import shutil
import sqlite3
import time
from collections import namedtuple
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import settings
from backups import keeper, kept
from diary import database
from diary.sessions import Session
from tests.web.conftest import Browser
from web import health
from web.health import ModelState

usage = namedtuple("usage", "free")


@pytest.fixture(autouse=True)
def looks_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each question is answered by a look of its own, but with a state of the models that no other test changed."""
    monkeypatch.setattr(health, "_AGE", 0.0)
    monkeypatch.setattr(health, "_last", None)
    monkeypatch.setattr(health, "_written", float("-inf"))
    monkeypatch.setattr(health, "_models", ModelState.LOADED)
    monkeypatch.setattr(keeper, "_problem", "")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**10))
    return


def ask(browser: Browser, query: str = "") -> tuple[int, list[str], list[str]]:
    answer = browser.get(health.PATH + query)
    told = answer.json()
    assert told["status"] == ("ok" if answer.status_code == 200 else "unavailable")
    assert answer.headers["cache-control"] == "no-store"
    assert set(told) == {"status", "problems", "warnings"}
    assert not answer.headers.get("set-cookie")
    return answer.status_code, told["problems"], told["warnings"]


def test_all_is_well(browser: Browser) -> None:
    assert browser.session is None
    assert ask(browser) == (200, [], [])
    assert ask(browser, "?strict") == (200, [], [])


def test_a_database_that_is_gone_broken_or_of_another_version(browser: Browser) -> None:
    whole = database.path().read_bytes()
    with closing(sqlite3.connect(database.path())) as db, db:
        db.execute("insert into _sqlite_migrations (migration_set, name, applied_at) values ('haru', '9999_later', '')")
    assert ask(browser) == (503, ["migrations_differ"], [])
    with closing(sqlite3.connect(database.path())) as db, db:
        db.execute("delete from _sqlite_migrations where name >= '0015'")
    assert ask(browser) == (503, ["migrations_differ"], [])
    database.path().write_bytes(b"this is no database" * 100)
    assert ask(browser) == (503, ["database_broken"], [])
    database.path().unlink()
    assert ask(browser) == (503, ["database_broken"], [])
    database.path().write_bytes(whole)
    assert ask(browser) == (200, [], [])


def test_a_database_that_takes_no_changes(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(database, "PRAGMAS", (*database.PRAGMAS, "query_only = on"))
        assert ask(browser) == (503, ["database_read_only"], [])
    with database.transaction(), monkeypatch.context() as patch:
        patch.setattr(database, "PRAGMAS", ("busy_timeout = 10",))
        assert ask(browser) == (503, ["database_busy"], [])
    assert ask(browser) == (200, [], [])


def test_a_disk_without_space(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(100_000))
    assert ask(browser) == (503, ["disk_full"], ["disk_low"])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(100_000_000))
    assert ask(browser) == (200, [], ["disk_low"])
    assert ask(browser, "?strict") == (503, [], ["disk_low"])


def test_models_that_load_have_loaded_or_have_failed(browser: Browser) -> None:
    told = {}
    for state in ModelState:
        health.models_are(state)
        told[state.name] = (ask(browser), ask(browser, "?strict")[0])
    assert told == {
        "LOADING": ((200, [], ["models_loading"]), 200),
        "LOADED": ((200, [], []), 200),
        "INCOMPLETE": ((200, [], ["models_incomplete"]), 503),
        "FAILED": ((503, ["models_failed"], []), 503),
    }


def test_the_last_backup(browser: Browser, person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    assert ask(browser) == (200, [], []), "a server that was set up just now has none yet"
    with database.connect() as db:
        db.execute("update accounts set created_at = ?", [database.timestamp(now - timedelta(days=3))])
        db.conn.commit()
    assert ask(browser) == (200, [], ["backup_old"])
    kept.make(now - timedelta(days=3))
    assert ask(browser, "?strict") == (503, [], ["backup_old"])
    kept.make(now)
    assert ask(browser) == (200, [], [])
    monkeypatch.setattr(keeper, "_problem", "backup_disk_full")
    assert ask(browser) == (200, [], ["backup_disk_full"])
    monkeypatch.setattr(keeper, "_problem", "")
    for file in (database.backups_folder()).iterdir():
        file.unlink()
    monkeypatch.setenv("HARU_BACKUPS", "off")
    assert ask(browser) == (200, [], [])


def test_it_writes_seldom_and_looks_at_most_once_in_five_seconds(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_AGE", 5.0)
    looks, writes = [], []
    problems, write = health._problems, database.write_something
    monkeypatch.setattr(health, "_problems", lambda: looks.append(1) or problems())
    monkeypatch.setattr(database, "write_something", lambda: writes.append(1) or write())
    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    for seconds in range(0, 1200, 2):
        clock[0] = 1000.0 + seconds
        health.look()
    assert len(looks) == 200
    assert len(writes) == 2


def test_what_it_writes_reaches_the_disk_and_changes_nothing(person: Session, data_folder: Path) -> None:
    with database.connect() as reader:  # so that the write-ahead log stays
        before = list(reader.conn.iterdump())
        log = database.path().with_name("haru.db-wal")
        size = log.stat().st_size if log.exists() else 0
        database.write_something()
        assert log.stat().st_size > size
        assert list(reader.conn.iterdump()) == before


def test_the_documentation_names_every_code() -> None:
    text = (settings.PROJECT / "docs" / "hosting.md").read_text(encoding="utf-8")
    section = text[text.index("\n## Health") :].split("\n## ")[1]
    documented = set(re.findall(r"`([a-z]+_[a-z_]+)`", section))
    sources = [(settings.PROJECT / name).read_text(encoding="utf-8") for name in ("web/health.py", "backups/keeper.py")]
    told = set(re.findall(r'(?:yield |_note\()"([a-z_]+)"', "".join(sources))) | {state.value for state in ModelState}
    assert documented == told - {""}
