"""The most entries of one file, in every format: a small file can name millions."""

from __future__ import annotations

import json

import pytest

from diary.transfer import detect, parsed, pixels
from tests.diary.transfer import test_apple_journal, test_day_one, test_daylio_backup, test_journey
from tests.diary.transfer.conftest import ZONE
from tests.diary.transfer.files import DAYLIO, refused, zipped
from tests.diary.transfer.test_openable import document, line

DAY_ONE, JOURNEY = test_day_one.entry(photos=[]), test_journey.entry(photos=[])
TWO_ENTRIES = {
    "haru": json.dumps(document(line(1), line(2))).encode(),
    "pixels": json.dumps([{"date": "2026-1-5", "scores": [3, 3]}]).encode(),
    "daylio": DAYLIO.encode(),
    "daylio_backup": test_daylio_backup.backup(*[test_daylio_backup.day_entry(assets=[])] * 2),
    "day_one": test_day_one.exported(DAY_ONE, DAY_ONE, photos=()),
    "two journals of day_one": zipped(
        *((f"{name}.json", json.dumps({"metadata": {}, "entries": [DAY_ONE]}).encode()) for name in "ab")
    ),
    "journey": test_journey.exported(JOURNEY, JOURNEY, photos=()),
    "apple_journal": zipped(
        *(
            (f"Entries/2026-03-1{day}.html", test_apple_journal.PAGE.format(header="").replace("photo", "x").encode())
            for day in range(2)
        )
    ),
}


@pytest.mark.parametrize("name", TWO_ENTRIES)
def test_more_entries_than_the_limit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = TWO_ENTRIES[name]
    monkeypatch.setattr(parsed, "ENTRIES_MAX", 2)
    file = detect.read(content, ZONE)
    assert len(file.entries) + len(file.foreign_entries) == 2
    monkeypatch.setattr(parsed, "ENTRIES_MAX", 1)
    refusal = refused(content)
    assert (refusal.code, refusal.facts) == ("file_too_many_entries", {"most": "1"})


def test_scores_are_counted_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsed, "ENTRIES_MAX", 5)
    monkeypatch.setattr(pixels, "days_of", lambda *_: pytest.fail("read before it was counted"))
    assert refused(json.dumps([{"date": "2026-1-5", "scores": [3] * 6}]).encode()).code == "file_too_many_entries"
