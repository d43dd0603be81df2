"""`haru-admin users`, `lock`, `unlock` and `delete`: about accounts, and never about what is in them."""

from __future__ import annotations

import builtins
import json
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import settings
from diary import accounts, database, entries, errors, invitations, sessions
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.sessions import Session
from tests.conftest import PASSWORD
from tests.diary.transfer.conftest import recording
from web import admin

DAY = date(2026, 1, 2)
NOTE = "a note about the rain"


def keep(session: Session, day: date) -> None:
    new = NewEntry("sadness", 2, day, "Asia/Seoul", note=NOTE, tags=("umbrella",))
    entries.add(session, replace(new, id=secrets.token_hex(16)))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict]:
    """The exit status, and the JSON object."""
    status = admin.main([*arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("haru.db*"))


def test_users_are_listed_with_counts_and_without_content(
    person: Session, sign_up: Callable[..., str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in (DAY, DAY, DAY + timedelta(days=1)):
        keep(person, day)
    monkeypatch.setenv("HARU_SIGN_UP", "invited")
    sign_up("하나", invitation=invitations.new()[1])
    admin.main(["lock", "하나"])
    capsys.readouterr()
    assert admin.main(["users"]) == 0
    table = capsys.readouterr().out
    head, jiwoo, hana = table.splitlines()
    today = database.now()[:10]
    assert head.split() == ["days", "last", "in", "use", "made", "on", "locked", "invited", "name"]
    assert jiwoo.split() == ["2", today, today, "no", "no", "Jiwoo"]
    assert hana.split() == ["0", today, today, "yes", "yes", "하나"]
    assert not any(word in table for word in (NOTE, "umbrella", "sadness", DAY.isoformat()))
    status, found = run(capsys, "users")
    assert status == 0
    assert [(one["name"], one["days"], one["is_locked"]) for one in found["users"]] == [
        ("Jiwoo", 2, False),
        ("하나", 0, True),
    ]


def test_nobody_there(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert admin.main(["users"]) == 0
    assert capsys.readouterr().out == "There is no account yet.\n"
    assert run(capsys, "users") == (0, {"users": []})


def test_lock_and_unlock(person: Session, stranger: Session, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "lock", " JIWOO ") == (0, {"locked": True, "changed": True})
    assert run(capsys, "lock", "Jiwoo") == (0, {"locked": True, "changed": False})
    with pytest.raises(errors.AccountLocked):
        keep(person, DAY)
    keep(stranger, DAY)
    assert run(capsys, "unlock", "Jiwoo") == (0, {"locked": False, "changed": True})
    assert run(capsys, "unlock", "Jiwoo") == (0, {"locked": False, "changed": False})
    keep(person, DAY)


@pytest.mark.parametrize("command", [["lock"], ["unlock"], ["delete", "--yes"]])
@pytest.mark.parametrize("name", ["Nobody", "", "\ud800", "x" * 10_000])
def test_an_unknown_name(person: Session, capsys: pytest.CaptureFixture[str], command: list[str], name: str) -> None:
    status, found = run(capsys, *command, name)
    assert status == 1
    assert found["error"].startswith("There is no account ")
    assert list(accounts.shown_names().values()) == ["Jiwoo"]


@pytest.mark.parametrize("command", [["users"], ["lock", "Jiwoo"], ["delete", "--yes", "Jiwoo"], ["invite"]])
def test_where_there_is_no_database_none_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    monkeypatch.setenv("HARU_DATA", str(tmp_path / "empty"))
    status, found = run(capsys, *command)
    assert (status, "no database" in found["error"]) == (1, True)
    assert not (tmp_path / "empty").exists()


def test_deleting_asks_first(person: Session, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    def no_terminal(_: str) -> str:
        raise EOFError

    for answer in (lambda _: "", lambda _: "no", no_terminal):
        monkeypatch.setattr(builtins, "input", answer)
        assert admin.main(["delete", "Jiwoo"]) == 1
        assert "Nothing was deleted." in capsys.readouterr().err
    assert list(accounts.shown_names().values()) == ["Jiwoo"]
    monkeypatch.setattr(builtins, "input", lambda question: "y" if "Jiwoo" in question else "")
    assert admin.main(["delete", "jiwoo"]) == 0
    assert accounts.shown_names() == {}


def test_deleting_leaves_nothing_in_the_file(
    sign_up: Callable[..., str], stranger: Session, data_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setenv("HARU_SIGN_UP", "invited")
    invitation = invitations.new()[1]
    token = sign_up("Marked name", invitation=invitation, allowed=["diary", "media"])
    session = sessions.find(token)
    assert session is not None
    new = NewEntry("sadness", 2, DAY, "Asia/Seoul", note=NOTE)
    entry_id = entries.add(session, new, media=[NewMedium("sound", recording(b"abcd" * 5000))])
    keep(stranger, DAY)
    with database.connect() as db:
        sealed = next(db.query("select sealed from media"))["sealed"]
        note = next(db.query("select sealed from entries where id = ?", [entry_id]))["sealed"]
        hashed = next(db.query("select token_hash from invitations where account_id is not null"))["token_hash"]
    traces = [session.account_id.encode(), entry_id.encode(), session.token_hash.encode(), hashed.encode()]
    traces += [sealed[:64], sealed[-64:], note]
    assert all(trace in everything_in(data_folder) for trace in traces)
    with database.connect():  # the app is running, so SQLite does not tidy up by itself
        assert run(capsys, "delete", "--yes", "Marked name") == (0, {"deleted": "Marked name", "erased": True})
        left = everything_in(data_folder)
    assert [trace for trace in (*traces, b"Marked name", b"marked name") if trace in left] == []
    assert [entry.note for entry in entries.every(stranger)] == [NOTE]
    assert sessions.find(token) is None


def test_deleting_while_another_program_reads(person: Session, data_folder: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(database, "PRAGMAS", tuple(p.replace("5000", "50") for p in database.PRAGMAS))
    with database.connect() as reader:
        reader.conn.execute("begin")
        reader.execute("select * from accounts").fetchall()
        assert run(capsys, "delete", "--yes", "Jiwoo") == (0, {"deleted": "Jiwoo", "erased": False})
        assert person.account_id.encode() in everything_in(data_folder)
        reader.conn.execute("commit")
    assert person.account_id.encode() not in everything_in(data_folder)


def test_killed_between_the_rows_and_the_file(person: Session, stranger: Session, data_folder: Path) -> None:
    """The rows are gone, and so are their bytes once a program has opened and closed the database."""
    keep(stranger, DAY)
    killed = """
import os, signal, sys
from diary import accounts, database
database.erase_deleted = lambda: os.kill(os.getpid(), signal.SIGKILL)
accounts.delete_by_id(sys.argv[1], "Jiwoo")
"""
    done = subprocess.run([sys.executable, "-c", killed, person.account_id], cwd=settings.PROJECT, capture_output=True)
    assert done.returncode == -signal.SIGKILL
    assert list(accounts.shown_names().values()) == ["Somebody else"]
    assert [entry.note for entry in entries.every(stranger)] == [NOTE]
    assert person.account_id.encode() not in everything_in(data_folder)
    assert admin.main(["delete", "--yes", "Jiwoo"]) == 1


def test_deleted_while_signed_in_the_page_ends(person: Session, capsys: pytest.CaptureFixture[str]) -> None:
    admin.main(["delete", "--yes", "Jiwoo"])
    with pytest.raises(errors.SessionEnded):
        keep(person, DAY)
    with pytest.raises(errors.SignInFailed):
        accounts.sign_in("Jiwoo", PASSWORD, address="192.0.2.1")


def test_as_an_operator_starts_it(person: Session, data_folder: Path) -> None:
    """In a process of its own, beside the app."""
    done = subprocess.run(
        [sys.executable, "-m", "web.admin", "users", "--json"], cwd=settings.PROJECT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [one["name"] for one in json.loads(done.stdout)["users"]] == ["Jiwoo"]
