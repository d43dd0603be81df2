"""`haru-admin check`: says that all is well, or what is wrong and what to do, and changes nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from diary import api_tokens, database, drafts, entries, sealed_parts, server_secret, vault
from diary.api_tokens import NewToken
from diary.entries import NewEntry
from diary.migrations import migrations
from diary.sessions import Session
from inference import shipped
from tests.conftest import PASSWORD
from web import admin
from web.admin_commands.checks import machine, models
from web.admin_commands.checks.finding import Finding

TODAY = NewEntry("sadness", 2, date(2026, 1, 2), "Asia/Seoul", note="a note about the rain")


@pytest.fixture(autouse=True)
def as_haru_makes_it(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database and a secret that only their owner reads, and no look at the weights, which takes a second."""
    database.path().chmod(0o600)
    server_secret.server_secret()
    with database.connect() as db:
        db.enable_wal()
    monkeypatch.setattr(models, "findings", lambda: iter(()))


def run(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, dict]]:
    """The exit status, and what is wrong by check."""
    status = admin.main(["check", "--json"])
    found = json.loads(capsys.readouterr().out)
    wrong = {one["check"]: one for one in found["checks"] if not one["ok"]}
    assert found["wrong"] == sum(not one["ok"] for one in found["checks"])
    assert all(one["to_do"] for one in wrong.values())
    return status, wrong


def test_all_is_well(person: Session, stranger: Session, capsys: pytest.CaptureFixture[str]) -> None:
    entries.add(person, TODAY)
    drafts.save(person, {"id": "0" * 32, "fields": {"note": "unfinished"}, "readings": []})
    api_tokens.make(person, NewToken("a script", ("write", "moods"), 30), PASSWORD)
    before = database.path().read_bytes()
    assert run(capsys) == (0, {})
    assert admin.main(["check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "All is well."
    assert all(line.startswith("ok     ") for line in lines[:-1])
    assert not any(word in "\n".join(lines) for word in ("rain", "unfinished", "Jiwoo"))
    assert database.path().read_bytes() == before, "it changes nothing"


def test_parts_are_counted_by_account_without_keys(
    person: Session, stranger: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    entries.add(person, TODAY)
    admin.main(["check", "--json"])
    found = json.loads(capsys.readouterr().out)
    (sealed,) = (one for one in found["checks"] if one["check"] == "sealed parts")
    mine, others = sealed["accounts"]
    assert (mine["name"], others["name"]) == ("Jiwoo", "Somebody else")
    assert mine["parts"] == others["parts"] + 1
    assert mine["damaged"] == others["damaged"] == 0


@pytest.mark.parametrize(
    "damage",
    ["x''", "x'00'", "substr(sealed, 1, length(sealed) - 1)", "zeroblob(length(sealed))", "sealed || x'00'", "x'02'"],
)
def test_a_damaged_part_is_found_for_its_account(
    person: Session, stranger: Session, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    entries.add(person, TODAY)
    with database.transaction() as db:
        db.execute(f"update entries set sealed = cast({damage} as blob)")
    status, wrong = run(capsys)
    assert (status, list(wrong)) == (3, ["sealed parts"])
    assert "1 of" in wrong["sealed parts"]["found"]
    assert "Jiwoo" in wrong["sealed parts"]["found"]


def test_each_column_of_bytes_is_sealed_or_named(data_folder: Path) -> None:
    """A new column of bytes comes under the check, or into the list of those that are not sealed."""
    with database.connect() as db:
        checked = set(sealed_parts.columns(db))
        left = {
            (table.name, column.name)
            for table in db.tables
            for column in table.columns
            if column.type == "BLOB" and (table.name, column.name) not in checked
        }
        for table, _ in checked:
            assert "account" in sealed_parts._owner(db, table)
    assert {column for table, column in left if table not in sealed_parts.NOT_OF_A_DIARY} <= sealed_parts.NOT_SEALED
    assert {("entries", "sealed"), ("own_tracks", "sound"), ("transcripts", "sealed")} <= checked


@pytest.mark.parametrize("length", [*range(0, 600, 7), 255, 256, 8192, 70_001])
def test_what_is_sealed_has_the_form(length: int) -> None:
    sealed = vault.new().seal(b"x" * length, "a test")
    assert vault.has_form(sealed[:1], len(sealed))
    assert not vault.has_form(sealed[:1], len(sealed) - 1)
    assert not vault.has_form(sealed[:1], len(sealed) + 1)
    assert not vault.has_form(b"\x03", len(sealed))


def test_no_database(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database.path().unlink()
    assert run(capsys)[0] == 3
    assert not database.path().exists()


@pytest.mark.parametrize("content", [b"", b"rubbish" * 1000])
def test_a_file_that_is_no_database(data_folder: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    for file in data_folder.glob("haru.db-*"):
        file.unlink()
    database.path().write_bytes(content)
    status, wrong = run(capsys)
    assert status == 3
    assert {"database", "schema"} & set(wrong)


def test_a_damaged_page_is_found(person: Session, capsys: pytest.CaptureFixture[str]) -> None:
    with database.connect() as db:
        for number in range(300):
            db.execute("insert into tries values (?, 1, 'x', null)", [f"{number:064}"])
        db.conn.commit()
        db.execute("pragma wal_checkpoint(truncate)").fetchall()
        (root,) = db.execute("select rootpage from sqlite_master where name = 'tries'").fetchone()
        (size,) = db.execute("pragma page_size").fetchone()
    with database.path().open("r+b") as file:
        file.seek((root - 1) * size + 8)
        file.write(b"\xff" * 40)
    status, wrong = run(capsys)
    assert status == 3
    assert "haru-admin restore" in (wrong.get("integrity") or wrong["database"])["to_do"]


def test_a_row_without_its_account_is_found(person: Session, capsys: pytest.CaptureFixture[str]) -> None:
    entries.add(person, TODAY)
    with database.connect() as db:
        db.execute("pragma foreign_keys = off")
        db.execute("update entries set account_id = 'nobody'")
        db.conn.commit()
    status, wrong = run(capsys)
    assert (status, "entries" in wrong["references"]["found"]) == (3, True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("create table mine (x text)", "mine"),
        ("drop index entries_by_day", "entries_by_day"),
        ("alter table tries add column more text", "tries"),
        ("insert into _sqlite_migrations (migration_set, name, applied_at) values ('haru', '9999_x', '')", "9999_x"),
        ("delete from _sqlite_migrations where name like '0016%'", "0016"),
    ],
)
def test_a_schema_of_another_version_is_found(
    data_folder: Path, capsys: pytest.CaptureFixture[str], change: str, said: str
) -> None:
    with database.transaction() as db:
        db.execute(change)
    status, wrong = run(capsys)
    assert (status, list(wrong)) == (3, ["schema"])
    assert said in wrong["schema"]["found"]


def test_a_database_that_came_up_step_by_step_is_well(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with database.connect() as db:
        for table in db.table_names():
            db.execute(f"drop table if exists {table}")
        for step in list(migrations.pending(db)):
            with db.atomic():
                migrations.apply(db, stop_before=step.name)
        migrations.apply(db)
    assert run(capsys) == (0, {})


def test_files_that_everybody_can_read(person: Session, data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data_folder.chmod(0o755)
    database.path().chmod(0o644)
    status, wrong = run(capsys)
    assert (status, list(wrong)) == (3, ["files"])
    assert str(database.path()) in wrong["files"]["to_do"]
    data_folder.chmod(0o700)  # then nobody gets at the files in it
    assert run(capsys) == (0, {})


def test_a_secret_that_is_gone(person: Session, data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data_folder / server_secret.FILE).unlink()
    status, wrong = run(capsys)
    assert (status, list(wrong)) == (3, ["server.secret"])
    assert not (data_folder / server_secret.FILE).exists(), "a check makes none"


def test_a_full_disk(data_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    usage = shutil.disk_usage(data_folder)._replace(free=1_000_000)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: usage)
    status, wrong = run(capsys)
    assert (status, "0.0 GB free" in wrong["disk"]["found"]) == (3, True)


@pytest.mark.parametrize(("variable", "value"), [("HARU_SIGN_UP", "everybody"), ("HARU_SING_UP", "open")])
def test_a_wrong_setting(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    status, wrong = run(capsys)
    assert (status, variable in wrong["settings"]["found"]) == (3, True)


def test_an_old_backup(sign_up: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    sign_up()
    with database.transaction() as db:
        db.execute("update accounts set created_at = '2026-01-01T00:00:00.000000+00:00'")
    status, wrong = run(capsys)
    assert (status, list(wrong)) == (3, ["backups"])


def test_weights_that_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # the look at the weights
    own = tmp_path / "voice.safetensors"
    own.write_bytes(b"rubbish")
    monkeypatch.setenv("HARU_WEIGHTS", str(own))
    monkeypatch.setenv("HARU_SPEECH_MODEL", str(tmp_path))
    changed = next(iter(shipped.checksums()))
    monkeypatch.setattr(shipped, "changed_or_missing", lambda: [changed])
    found: list[Finding] = list(models.findings())
    assert {one.check for one in found if not one.is_well} == {"weights", "own weights", "speech model"}
    assert any(changed.name in one.to_do for one in found)
