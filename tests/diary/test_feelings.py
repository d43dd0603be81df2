"""Feelings of entries: stored sealed, searched in both languages, and counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from diary import database, entries, errors, patterns, search
from diary.entries import NewEntry
from diary.search import Query
from diary.sessions import Session
from feelings import FEELINGS

DAY = date(2026, 1, 2)
ZONE = "Asia/Seoul"


def proud(**changes: object) -> NewEntry:
    return replace(NewEntry("happiness", 4, DAY, ZONE, note="시험", feelings=("proud", "relieved")), **changes)


def test_feelings_come_back_in_order_and_are_sealed(person: Session) -> None:
    entry_id = entries.add(person, proud(feelings=("relieved", "proud", "relieved")))
    assert entries.get(person, entry_id).feelings == ("relieved", "proud")
    assert b"relieved" not in database.path().read_bytes()


def test_a_feeling_that_no_list_has_is_refused(person: Session) -> None:
    with pytest.raises(errors.UnknownFeeling):
        entries.add(person, proud(feelings=("proud", "groovy")))
    assert entries.count(person) == 0


def test_more_than_ten_feelings_are_refused(person: Session) -> None:
    keys = tuple(feeling.key for feeling in FEELINGS[:11])
    with pytest.raises(errors.TooManyFeelings):
        entries.add(person, proud(feelings=keys))
    entries.add(person, proud(feelings=keys[:10]))


def test_a_change_of_the_note_keeps_the_feelings(person: Session) -> None:
    entry_id = entries.add(person, proud())
    entries.change_note(person, entry_id, 1, "다른 말")
    assert entries.get(person, entry_id).feelings == ("proud", "relieved")


@pytest.mark.parametrize("words", ["뿌듯", "뿌듯하다", "proud", "PROUD", "ㅃㄷ", "relieved 시험"])
def test_the_search_finds_the_words_of_feelings_in_both_languages(person: Session, words: str) -> None:
    entries.add(person, proud())
    entries.add(person, proud(note="다른 날", feelings=("excited",), id="f" * 32))
    assert [entry.note for entry in search.find(person, Query(words))] == ["시험"]


def test_the_days_of_each_feeling_are_counted(person: Session) -> None:
    for day in range(3):
        entries.add(person, proud(day=DAY + timedelta(days=day), id=f"{day:032x}"))
    entries.add(person, proud(feelings=("proud",), id="e" * 32))
    entries.add(person, proud(feelings=(), day=DAY + timedelta(days=9), id="d" * 32))
    counted = patterns.feelings_by_day(person, DAY, DAY + timedelta(days=30))
    assert {key: len(of_key) for key, of_key in counted.items()} == {"proud": 3, "relieved": 3}
