"""Sealed copies in another place: a real WebDAV server and an S3 service, both run here."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

import settings
from backups import generations, keeper, kept, place, sealing
from diary import accounts, database, entries, server_secret, sessions
from diary.entries import NewEntry
from diary.sessions import Session
from tests.backups import servers
from tests.backups.folders import SIGN_INS, content
from tests.conftest import PASSWORD
from tests.test_settings import BACKUP_KEY
from web import admin

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@pytest.fixture(params=["webdav", "s3"])
def there(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SimpleNamespace]:
    """A place that the operator set; what it has, and how a stranger changes that."""
    monkeypatch.setenv("HARU_BACKUP_KEY", BACKUP_KEY)
    monkeypatch.setattr(keeper, "_problem", "")
    monkeypatch.setattr(keeper, "_sent", "")
    monkeypatch.setattr(keeper, "_try_again", NOW - timedelta(days=9999))
    if request.param == "webdav":
        folder: Path = tmp_path_factory.mktemp("dav")
        with servers.webdav(folder) as address:
            monkeypatch.setenv("HARU_BACKUP_TO", f"{address}/haru/")
            monkeypatch.setenv("HARU_BACKUP_USER", servers.USER)
            monkeypatch.setenv("HARU_BACKUP_PASSWORD", servers.PASSWORD)
            yield SimpleNamespace(
                held=lambda: {file.name: file.read_bytes() for file in (folder / "haru").iterdir()},
                put=lambda name, body: (folder / "haru" / name).write_bytes(body),
            )
        return
    bucket = f"diaries-{secrets.token_hex(4)}"  # one process has one service, whichever test asks
    with servers.s3(bucket) as address:
        monkeypatch.setenv("HARU_BACKUP_TO", f"s3://{bucket}/haru?endpoint={address}&region=us-east-1")
        monkeypatch.setenv("HARU_BACKUP_USER", servers.KEY_ID)
        monkeypatch.setenv("HARU_BACKUP_PASSWORD", servers.SECRET)
        client = servers.client(address)
        yield SimpleNamespace(
            held=lambda: {
                item["Key"].removeprefix("haru/"): client.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
                for item in client.list_objects_v2(Bucket=bucket).get("Contents", ())
            },
            put=lambda name, body: client.put_object(Bucket=bucket, Key=f"haru/{name}", Body=body),
        )


def write(person: Session, note: str = "a note that nobody else reads", size: int = 0) -> None:
    draft = NewEntry("happiness", 3, date(2026, 1, 2), "Asia/Seoul", note=note)
    entries.add(person, draft)
    with database.transaction() as db:  # larger than several chunks and one part of S3
        db.execute("insert into drafts values (?, 'new', ?, 1, '')", [person.account_id, bytes(size)])


def test_each_backup_is_sent_once_sealed_and_the_old_ones_go(
    person: Session, there: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.problems() == []
    monkeypatch.setenv("HARU_BACKUPS", "2/0/0")
    write(person)
    keeper.work(NOW)
    (name,) = there.held()
    assert name == generations.name_of(NOW) + ".sealed"
    sealed = there.held()[name]
    assert sealed.startswith(sealing.MAGIC)
    assert b"SQLite format" not in sealed
    there.put("mine.txt", b"of a person")
    for day in (1, 2, 3):
        keeper.work(NOW + timedelta(days=day))
        keeper.work(NOW + timedelta(days=day, minutes=5))
    names = [generations.name_of(NOW + timedelta(days=day)) + ".sealed" for day in (2, 3)]
    assert set(there.held()) == {"mine.txt", *names}
    assert keeper.problem() == ""


def test_after_the_machine_is_lost(
    person: Session,
    there: SimpleNamespace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(person, size=20_000_000)
    assert admin.main(["backup", "--json"]) == 0
    name = json.loads(capsys.readouterr().out)["sent_as"]
    before, secret = content(database.path(), SIGN_INS), server_secret.server_secret()
    monkeypatch.setenv("HARU_DATA", str(tmp_path / "new"))
    assert admin.main(["backup", "--list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"here": [], "there": [name]}
    assert admin.main(["restore", "--fetch", name]) == 0
    assert content(database.path(), SIGN_INS) == before
    assert server_secret.server_secret() == secret
    assert {file.name for file in (tmp_path / "new").iterdir()} == {"haru.db", "server.secret", "in-use.lock"}
    session = sessions.find(accounts.sign_in("Jiwoo", PASSWORD, address="192.0.2.1"))
    assert [entry.note for entry in entries.every(session)] == ["a note that nobody else reads"]


@pytest.mark.parametrize("change", [lambda body: body[:-1], lambda body: body[:60] + b"x" + body[61:]])
def test_a_copy_that_was_changed_there_is_refused(
    change: Callable[[bytes], bytes], person: Session, there: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    write(person)
    name = place.send_newest(place.opened()) or admin.main(["backup"]) or next(iter(there.held()))
    there.put(name, change(there.held()[name]))
    assert admin.main(["restore", "--fetch", name]) == 1
    assert "changed or cut" in capsys.readouterr().err
    assert admin.main(["restore", "--fetch", "haru-20200101T000000Z-auto.db.sealed"]) == 1
    assert "Nothing was restored." in capsys.readouterr().err


def test_a_half_copy_is_sent_again(person: Session, there: SimpleNamespace) -> None:
    write(person)
    assert admin.main(["backup"]) == 0
    ((name, sealed),) = there.held().items()
    there.put(name, sealed[:1000])
    assert place.send_newest(place.opened()) == name
    assert len(there.held()[name]) == len(sealed)


def test_a_place_that_is_not_reached_is_said_once_and_asked_again_after_an_hour(
    person: Session, there: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked, opened = [], place.opened
    monkeypatch.setattr(place, "opened", lambda: asked.append(1) or opened())
    with monkeypatch.context() as patch:
        patch.setenv("HARU_BACKUP_TO", "http://127.0.0.1:9/dav")
        for minutes in (0, 5, 10, 61):
            keeper.work(NOW + timedelta(minutes=minutes))
            assert keeper.problem() == "backup_copy_failed"
    assert len(asked) == 2
    assert [record.levelno for record in caplog.records if "not sent" in record.message] == [logging.WARNING]
    assert len(kept.names()) == 1, "the backup here is made all the same"
    keeper.work(NOW + timedelta(minutes=130))
    assert keeper.problem() == ""
    assert len(there.held()) == 1


def test_what_the_server_refuses_is_a_sentence_without_the_password(
    person: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HARU_BACKUP_KEY", BACKUP_KEY)
    monkeypatch.setenv("HARU_BACKUP_PASSWORD", "wrong-word")
    monkeypatch.setenv("HARU_BACKUP_USER", servers.USER)
    with servers.webdav(tmp_path) as address:
        monkeypatch.setenv("HARU_BACKUP_TO", address)
        assert admin.main(["backup"]) == 1
        assert "The backup was made, but no copy was sent. The WebDAV server answered 401." in capsys.readouterr().err
    assert admin.main(["backup"]) == 1
    assert "was not reached" in capsys.readouterr().err
    monkeypatch.setenv("HARU_BACKUP_TO", "s3://gone?endpoint=http://127.0.0.1:9&region=x")
    assert admin.main(["backup"]) == 1
    printed = capsys.readouterr().err
    assert "The S3 service was not reached" in printed
    assert "wrong-word" not in printed
    with servers.s3("other") as address:
        monkeypatch.setenv("HARU_BACKUP_TO", f"s3://gone?endpoint={address}&region=us-east-1")
        assert admin.main(["backup"]) == 1
        assert "The S3 service answered NoSuchBucket." in capsys.readouterr().err


def test_without_the_package_haru_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_BACKUP_TO", "https://cloud.example.org/dav/haru")
    assert settings.problems() == [
        "HARU_BACKUP_TO must come with HARU_BACKUP_KEY, which is not set; `haru-admin backup --new-key` makes one. "
        "Correct it or unset it."
    ]
    monkeypatch.setenv("HARU_BACKUP_KEY", BACKUP_KEY)
    assert settings.problems() == []
    monkeypatch.setattr(settings.BackupPlace, "package", property(lambda _: "no_such_package"))
    assert settings.problems() == [
        "HARU_BACKUP_TO must come with the package no_such_package, which is not here: run "
        "`pip install --requirement requirements-backup.txt`. Correct it or unset it."
    ]
