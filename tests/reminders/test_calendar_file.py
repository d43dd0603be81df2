"""The reminder, parsed as a calendar parses it (RFC 5545)."""

from __future__ import annotations

from datetime import date, time

import pytest

from diary.sessions import Session
from language import say
from reminders import calendar_file
from reminders.schedule import Schedule


def unfolded(content: bytes) -> list[str]:
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no letter is cut in two
    return content.decode().replace("\r\n ", "").split("\r\n")[:-1]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_one_event_every_day_that_rings(sign_up, language: str) -> None:
    from diary import sessions

    person = sessions.find(sign_up(language=language))
    lines = unfolded(calendar_file.calendar(person, Schedule(time(21, 30)), date(2026, 11, 20), None))
    facts = dict(line.split(":", 1) for line in lines if not line.startswith(("BEGIN", "END", "DESCRIPTION")))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert [line for line in lines if line.startswith("BEGIN")][1:] == ["BEGIN:VEVENT", "BEGIN:VALARM"]
    # Floating: no Z and no zone, so that it is half past nine wherever the person is.
    assert facts["DTSTART"] == "20261120T213000"
    assert facts["RRULE"] == "FREQ=DAILY"
    assert facts["TRIGGER"] == "PT0S"
    assert facts["DTSTAMP"].endswith("Z")
    assert facts[f"SUMMARY;LANGUAGE={language}"] == say(language, "reminder.summary")


def test_a_later_file_replaces_the_earlier_one(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def facts() -> dict[str, str]:
        content = calendar_file.calendar(person, Schedule(time(8)), date(2026, 11, 20), None)
        return dict(line.split(":", 1) for line in unfolded(content))

    first = facts()
    later = calendar_file.datetime

    class Tomorrow(later):
        @classmethod
        def now(cls, zone=None):
            return later.now(zone).replace(year=later.now(zone).year + 1)

    monkeypatch.setattr(calendar_file, "datetime", Tomorrow)
    second = facts()
    assert first["UID"] == second["UID"]
    assert int(first["SEQUENCE"]) < int(second["SEQUENCE"]) < 2**31
    assert person.account_id not in str(first)


def test_it_links_to_haru(person: Session) -> None:
    lines = unfolded(calendar_file.calendar(person, Schedule(), date(2026, 11, 20), "https://diary.example.org"))
    assert "URL;VALUE=URI:https://diary.example.org" in lines
    (description,) = [line for line in lines if line.startswith("DESCRIPTION;")]
    assert description.endswith(r"\nhttps://diary.example.org")
    without = unfolded(calendar_file.calendar(person, Schedule(), date(2026, 11, 20), None))
    assert [line for line in without if "http" in line or line.startswith("URL")] == []


def test_it_rings_on_the_chosen_days_only(person: Session) -> None:
    weekend = Schedule(time(10), frozenset({6, 5}))
    lines = unfolded(calendar_file.calendar(person, weekend, date(2026, 11, 20), None))  # a Friday
    assert "RRULE:FREQ=WEEKLY;BYDAY=SA,SU" in lines
    assert "DTSTART:20261121T100000" in lines


def test_signs_with_a_meaning_are_escaped_and_long_lines_folded() -> None:
    assert calendar_file._text("a,b;c\\d\ne") == r"a\,b\;c\\d\ne"
    folded = calendar_file._folded("SUMMARY:" + "하루🌙" * 30)
    assert all(len(line) <= 75 for line in folded.split(b"\r\n"))
    assert folded.decode().replace("\r\n ", "") == "SUMMARY:" + "하루🌙" * 30 + "\r\n"
