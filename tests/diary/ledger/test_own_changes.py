"""What Haru itself changes always matches the ledger."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from diary import (
    consents,
    database,
    entries,
    errors,
    ledger,
    ledger_check,
    media,
    photos,
    sessions,
    trackers,
    transcripts,
)
from diary.deletions import Deletion
from diary.media import NewMedium
from diary.photos import NewPhoto
from diary.sessions import Session
from diary.trackers import Tracker
from diary.transfer import detect, export, import_plan, importing
from tests.diary.ledger.rows import DAY, WORDS, ZONE, found, new, reading
from tests.diary.transfer.conftest import JPEG, WAV

PROJECT = Path(__file__).parents[3]


class Person:
    """Does something with their diary, at random."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.random = session, random.Random(seed)
        self.deletions: list[Deletion] = []
        self.export = b""
        self.acts = [
            self.add,
            self.add,
            self.change,
            self.change_note,
            self.add_photo,
            self.write_down,
            lambda: self.delete(entries.delete, self.entries),
            lambda: self.delete(media.delete, self.media),
            lambda: self.delete(photos.delete, self.photos),
            lambda: self.delete(trackers.delete, self.trackers),
            self.undo,
            self.add_tracker,
            self.change_tracker,
            self.set_value,
            self.clear_value,
            self.take_consent_back,
            self.export_all,
            self.import_all,
            self.accept,
        ]

    def act(self) -> None:
        # Refusals are a part of it: they must change neither rows nor ledger.
        with suppress(errors.DiaryError, IndexError):
            self.random.choice(self.acts)()

    @property
    def entries(self) -> list[str]:
        return [entry.id for entry in entries.every(self.session)]

    @property
    def media(self) -> list[str]:
        return [stored.id for each in self.entries for stored in media.of_entry(self.session, each)]

    @property
    def photos(self) -> list[str]:
        return [stored.id for each in self.entries for stored in photos.of_entry(self.session, each)]

    @property
    def trackers(self) -> list[str]:
        return [tracker.id for tracker in trackers.every(self.session)]

    def add(self) -> None:
        consents.set_given(self.session, "media", True)
        kept = [NewMedium("sound", WAV, WORDS), NewMedium("picture", JPEG)][: self.random.randrange(3)]
        entries.add(self.session, new(), readings=[reading()] * self.random.randrange(3), media=kept)

    def change(self) -> None:
        entry = entries.get(self.session, self.random.choice(self.entries))
        readings = self.random.choice([None, [reading("face")]])
        entries.change(self.session, entry.id, entry.version, new("changed", intensity=5), readings)

    def change_note(self) -> None:
        entry = entries.get(self.session, self.random.choice(self.entries))
        entries.change_note(self.session, entry.id, entry.version - self.random.randrange(2), "words")

    def add_photo(self) -> None:
        entry = entries.get(self.session, self.random.choice(self.entries))
        entries.change(self.session, entry.id, entry.version, new(), photos=[NewPhoto(JPEG)])

    def write_down(self) -> None:
        transcripts.save(self.session, self.random.choice(self.media), WORDS)

    def delete(self, delete: Callable[[Session, str], Deletion], ids: list[str]) -> None:
        self.deletions.append(delete(self.session, self.random.choice(ids)))

    def undo(self) -> None:
        self.random.shuffle(self.deletions)
        self.deletions.pop().undo(self.session)

    def add_tracker(self) -> None:
        trackers.add(self.session, Tracker(f"tracker {self.random.randrange(20)}", "💤", "minutes"))

    def change_tracker(self) -> None:
        trackers.change(self.session, self.random.choice(self.trackers), f"n {self.random.randrange(20)}", "💊")
        trackers.move(self.session, self.random.choice(self.trackers), self.random.randint(-2, 2))

    def set_value(self) -> None:
        day = DAY - timedelta(days=self.random.randrange(3))
        trackers.set_value(self.session, self.random.choice(self.trackers), day, self.random.randrange(90), ZONE)

    def clear_value(self) -> None:
        trackers.clear_value(self.session, self.random.choice(self.trackers), DAY)

    def take_consent_back(self) -> None:
        if self.random.random() < 0.3:
            consents.set_given(self.session, "media", False)

    def export_all(self) -> None:
        self.export = export.as_zip(self.session)

    def import_all(self) -> None:
        if self.export:
            file = detect.read(self.export, ZONE)
            importing.run_import(self.session, file, import_plan.plan(self.session, file, {}, zone=ZONE))

    def accept(self) -> None:
        ledger_check.accept(self.session)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_a_person_does_the_diary_matches_its_ledger(person: Session, stranger: Session, seed: int) -> None:
    somebody, beside = Person(person, seed), Person(stranger, seed + 100)
    changes = 0
    for _ in range(60):
        somebody.act()
        beside.act()
        finding = found(person)
        assert finding.fits
        assert finding.changes >= changes
        changes = finding.changes
    assert changes > 10
    assert found(stranger).fits
    assert not any(entry.is_altered for entry in entries.every(person))


def test_one_change_counts_once(person: Session) -> None:
    before = found(person).changes
    entries.add(person, new(), readings=[reading()] * 3)
    assert found(person).changes == before + 1
    consents.set_given(person, "voice", True)  # nothing that the ledger covers
    assert found(person).changes == before + 1


def test_a_restored_backup_frightens_nobody(diary: Session, tmp_path: Path) -> None:
    saved = tmp_path / "backup.db"
    database.backup(saved)
    entries.add(diary, new("after the backup"))
    for file in tmp_path.glob("haru.db*"):
        file.unlink()
    saved.rename(database.path())
    assert found(diary).fits
    assert not any(entry.is_altered for entry in entries.every(diary))


_WRITER = """
import sys
from datetime import date
from diary import entries, sessions
from diary.entries import NewEntry
session = sessions.find(sys.argv[1])
while True:
    new = NewEntry("fear", 3, date(2026, 1, 2), "Asia/Seoul", note="x" * 2000)
    entries.add(session, new)
    entries.change(session, new.id, 1, new)
    print(flush=True)
    entries.delete(session, new.id).undo(session)
"""


def test_kills_at_any_moment_leave_diary_and_ledger_together(sign_up: Callable[..., str]) -> None:
    token = sign_up()
    session = sessions.find(token)
    assert session is not None
    chance = random.Random(7)
    for _ in range(3):
        command = [sys.executable, "-c", _WRITER, token]
        with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            for _ in range(chance.randrange(1, 4)):
                writer.stdout.readline()
            with suppress(subprocess.TimeoutExpired):
                writer.wait(chance.uniform(0, 0.03))
            writer.send_signal(signal.SIGKILL)
        assert found(session).fits
    assert found(session).changes >= 6
    assert ledger_check.check(session) is not None
    assert ledger.total([]) == "0" * 64
