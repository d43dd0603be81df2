from __future__ import annotations

import json
from datetime import date, time

from diary import consents, entries, transfer
from diary.entries import Draft
from diary.sessions import Session


def test_everything_of_a_person_and_nothing_of_others(person: Session, stranger: Session) -> None:
    entries.add(
        person,
        Draft("fear", 4, date(2026, 1, 2), "Asia/Seoul", note="한 줄 🌙 \ud800", tags=("밤",), at=time(23, 59)),
    )
    entries.add(stranger, Draft("anger", 1, date(2026, 1, 2), "Asia/Seoul", note="not theirs"))
    consents.set_given(person.account_id, "voice", True)
    consents.set_given(person.account_id, "voice", False)

    exported = json.loads(transfer.export_json(person))

    assert (exported["format"], exported["version"]) == ("haru", 1)
    assert exported["account"]["name"] == "Jiwoo"
    (entry,) = exported["entries"]
    assert entry["note"] == "한 줄 🌙 \ud800"
    assert entry["tags"] == ["밤"]
    assert entry["mood"] == "fear"
    assert entry["day"] == "2026-01-02"
    assert entry["happened_at"].startswith("2026-01-02T14:59")
    voice = [consent for consent in exported["consents"] if consent["kind"] == "voice"]
    assert voice[0]["withdrawn_at"]
    assert "not theirs" not in json.dumps(exported, ensure_ascii=False)


def test_nothing_that_guards_the_diary_leaves_it(person: Session) -> None:
    text = transfer.export_json(person).decode()
    for guarded in ("password", "key_by", "token", "argon2"):
        assert guarded not in text


def test_hangul_is_readable_in_the_file(person: Session) -> None:
    entries.add(person, Draft("happiness", 3, date(2026, 1, 2), "Asia/Seoul", note="오늘은 좋았다"))
    assert "오늘은 좋았다" in transfer.export_json(person).decode()
