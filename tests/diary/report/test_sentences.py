"""The counted sentences of a report."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from diary.report import figures, spans
from diary.report.sections import Sections
from diary.report.sentences import sentences
from diary.report.words import Word
from diary.sessions import Session
from language import say
from tests.diary.histories import SEOUL, keep
from tests.diary.report.conftest import MARCH, ZONE

YEAR = spans.year(date(2026, 1, 1))


def keep_days(session: Session, first: date, number: int, mood: str, tags: tuple[str, ...] = ()) -> None:
    for place in range(number):
        keep(session, (first + timedelta(days=place)).isoformat(), mood, tags=tags)


def of_year(session: Session, shown: Sections | None = None, language: str = "en") -> list[str]:
    return sentences(figures.of_span(session, YEAR, SEOUL)[0], shown or Sections(), language)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_sentence_is_counted(person: Session, language: str) -> None:
    keep_days(person, date(2026, 2, 1), 12, "happiness", ("산책",))
    keep_days(person, date(2026, 5, 3), 10, "sadness", ("일",))
    keep_days(person, date(2026, 7, 1), 9, "anger")  # too few days to call it the hardest month
    brightest, hardest = ("2월", "5월") if language == "ko" else ("February", "May")
    dates = {"ko": "2026년 2월 1일 – 12일", "en": "1 – 12 February 2026"}[language]
    mood = {"ko": "기쁨", "en": "Happiness"}[language]
    assert of_year(person, Sections(words=[Word("커피", 7), Word("비", 3)]), language) == [
        say(language, "report.says_mood", mood=mood, count=12, entries=31),
        say(language, "report.says_months", brightest=brightest, hardest=hardest, days=10),
        say(language, "report.says_run", days=12, dates=dates),
        say(language, "report.says_tag", tag="산책", days=12),
        say(language, "report.says_word", word="커피", days=7),
    ]


def test_nothing_is_said_to_be_most_where_two_are(person: Session) -> None:
    keep(person, "2026-02-01", "happiness", tags=("a", "b"))
    keep(person, "2026-02-05", "sadness", tags=("a", "b"))
    assert of_year(person, Sections(words=[Word("x", 2), Word("y", 2)])) == []


def test_what_is_switched_off_is_not_said(march: Session) -> None:
    counted, _ = figures.of_span(march, MARCH, ZONE)
    assert sentences(counted, Sections(counts=False), "en") == []
    said = " ".join(sentences(counted, Sections(moods=False, tags=False), "en"))
    assert "Happiness" not in said
    assert "산책" not in said


def test_an_empty_span_and_a_single_entry_say_nothing(person: Session) -> None:
    assert of_year(person) == []
    keep(person, "2026-02-01", tags=("walk",))
    assert of_year(person) == []
