"""The words used on the most days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from diary import entries
from diary.report import words
from diary.sessions import Session
from tests.diary.histories import keep

FIRST = date(2026, 3, 1)


def of(session: Session, *notes: str, most: int = 14) -> list[tuple[str, int]]:
    """The words of these notes, one a day."""
    for number, note in enumerate(notes):
        keep(session, (FIRST + timedelta(days=number)).isoformat(), note=note)
    return [(word.text, word.days) for word in words.most_used(entries.every(session), most)]


def test_a_korean_noun_counts_in_all_its_forms(person: Session) -> None:
    found = of(person, "산책을 했다", "산책했다. 좋았다", "저녁에 산책, 그리고 커피를 마셨다", "커피 두 잔")
    assert found == [("산책", 3), ("커피", 2)]


def test_no_verb_and_no_adjective_is_a_noun(person: Session) -> None:
    found = of(
        person,
        *("들어가고 들어가서 들어가는 길", "들어가는 사람이 괜찮은 사람", "괜찮을 거라고 만나서 만나는"),
        *("좋아하고 좋아하는 것을 좋아해서", "좋아하는 재미있을 재미있는", "만나고 만나는 사람을 좋아했다"),
    )
    assert found == [("사람", 2)]


def test_a_word_counts_once_a_day(person: Session) -> None:
    assert of(person, "고양이를 고양이가 고양이는", "고양이") == [("고양이", 2)]


def test_the_words_of_a_single_day_and_common_words_are_none(person: Session) -> None:
    assert of(person, "오늘은 병원에 갔다", "오늘은 너무 힘들었다", "today I went and they went", "Today it was") == []


def test_english_words_count_without_case_and_plural(person: Session) -> None:
    found = of(person, "A walk with Mina", "Walks. Long walks", "walk's end, Mina's end")
    assert found == [("walk", 3), ("Mina", 2)]


def test_no_part_of_an_address_is_a_word(person: Session) -> None:
    assert of(person, "https://example.com/cats hana@example.com", "www.example.com/cats hana@example.com") == []


def test_the_most_days_come_first_and_no_more_than_asked(person: Session) -> None:
    notes = ["coffee, rain, music", "coffee, rain, music", "coffee, rain"]
    assert of(person, *notes, most=2) == [("coffee", 3), ("rain", 3)]


def test_damaged_and_empty_notes_have_no_words(person: Session) -> None:
    assert of(person, "", "   ", "😀😀 ...!") == []


@pytest.mark.parametrize("note", ["가" * 100_000, "a" * 100_000, "A" + "\u0301" * 99_999, "x'" * 50_000, "@" * 99_999])
def test_a_note_of_any_kind_is_read_in_a_moment(note: str, person: Session) -> None:
    assert ("커피", 2) in of(person, note, note, "커피를", "커피")
