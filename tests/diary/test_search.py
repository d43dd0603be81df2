"""The search finds words as people type them, however Unicode stores them."""

from __future__ import annotations

import time
import unicodedata
from datetime import date

import pytest

from diary import search
from diary.search import Query, find, marked
from diary.sessions import Session
from tests.diary.histories import keep


def found(person: Session, **wanted: object) -> list[str]:
    return [entry.note for entry in find(person, Query(**wanted))]


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("도서관", "도서관에서 책을 읽었다"),  # with a particle in the text
        ("도서관은", "도서관에서 책을 읽었다"),  # with another one in the question
        ("도서관에서도", "어제도 도서관"),
        ("친구들이", "친구와 걸었다"),
        ("비가", "비를 맞았다"),  # nouns of one syllable too
        ("집에서", "우리 집"),
        ("물이", "물을 마셨다"),
        ("읽었", "책을 읽었다"),  # part of a word
        ("서관", "도서관"),
        ("ㄷㅅㄱ", "도서관에서"),  # by initials
        ("ㅠㅠ", "힘들다ㅠㅠ"),
        ("COFFEE", "Coffee with Anna"),
        ("coff", "Coffee with Anna"),
        ("cafe", "Café de Flore"),
        ("café", "the cafe"),
        ("STRASSE", "Straße"),
        ("anna coffee", "Coffee with Anna"),  # in any order
        ("#rain", "it did rain"),
        (".*", "a literal .* is found"),
        ("(", "half a bracket ("),
    ],
)
def test_is_found(person: Session, words: str, note: str) -> None:
    keep(person, "2025-11-03", note=note)
    keep(person, "2025-11-04", note="something else")
    assert found(person, words=words) == [note]


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("고양이", "고양시에 갔다"),  # a city, not a cat with a particle
        ("나이", "나는 잤다"),  # age, not I
        ("가을", "가는 길"),  # autumn, not going
        ("사랑", "사는 곳"),  # love, not living
        ("회의", "회를 먹었다"),  # a meeting, not raw fish
        ("도서관은", "도서관학과"),
        ("anna tea", "Coffee with Anna"),
        (".*", "nothing literal"),
        ("ㄷㅅ", "바다"),
    ],
)
def test_is_not_found(person: Session, words: str, note: str) -> None:
    keep(person, "2025-11-03", note=note)
    assert found(person, words=words) == []


@pytest.mark.parametrize("of_question", ["NFC", "NFD"])
@pytest.mark.parametrize("of_note", ["NFC", "NFD"])
def test_however_letters_are_composed(person: Session, of_question: str, of_note: str) -> None:
    note = unicodedata.normalize(of_note, "한강에서 산책, café")
    keep(person, "2025-11-03", note=note)
    for words in ("한강", "산책을", "CAFÉ", "cafe"):
        assert found(person, words=unicodedata.normalize(of_question, words)) == [note]


def test_tags_are_searched_too(person: Session) -> None:
    keep(person, "2025-11-03", note="one", tags=("산책",))
    keep(person, "2025-11-04", note="two", tags=("Work",))
    assert found(person, words="산책") == ["one"]
    assert found(person, words="work") == ["two"]


def test_filters_narrow_together_and_the_newest_comes_first(person: Session) -> None:
    keep(person, "2025-11-01", "sadness", note="rain 1", tags=("a", "b"))
    keep(person, "2025-11-02", "happiness", note="rain 2", tags=("a",))
    keep(person, "2025-11-03", "sadness", note="rain 3", tags=("A",))
    keep(person, "2025-11-04", "sadness", note="sun 4", tags=("a",))
    assert found(person, words="rain") == ["rain 3", "rain 2", "rain 1"]
    assert found(person, words="rain", moods=["sadness"]) == ["rain 3", "rain 1"]
    assert found(person, moods=["sadness", "happiness"], tags=["a", "b"]) == ["rain 1"]
    assert found(person, words="rain", first=date(2025, 11, 2)) == ["rain 3", "rain 2"]
    assert found(person, tags=["a"], first=date(2025, 11, 2), last=date(2025, 11, 3)) == ["rain 3", "rain 2"]


def test_nothing_wanted_wants_nothing() -> None:
    assert not Query()
    assert not Query(words="  ")
    assert Query(moods=["fear"])


def test_nobody_finds_another_persons_words(person: Session, stranger: Session) -> None:
    keep(stranger, "2025-11-03", note="secret")
    assert found(person, words="secret") == []


@pytest.mark.parametrize(
    ("words", "text", "pieces"),
    [
        ("도서관은", "새 도서관에서", [("새 ", False), ("도서관에서", True)]),
        ("an", "Anna and", [("An", True), ("na ", False), ("an", True), ("d", False)]),
        ("strasse", "die Straße!", [("die ", False), ("Straße", True), ("!", False)]),
        ("ㅎㄱ", "한강", [("한강", True)]),
        ("한강", unicodedata.normalize("NFD", "한강!"), [("한강", True), ("!", False)]),
        ("cafe", "a cafe\u0301.", [("a ", False), ("café", True), (".", False)]),
        ("", "text", [("text", False)]),
        ("x", "", []),
    ],
)
def test_marks_what_was_found(words: str, text: str, pieces: list[tuple[str, bool]]) -> None:
    assert marked(words, text) == pieces


def test_whatever_is_typed_is_only_text(person: Session) -> None:
    keep(person, "2025-11-03", note="plain")
    for words in ("[", "\\", "은은은", "ㄱ" * 500, "\ud800", "%_", "' or 1=1 --"):
        assert found(person, words=words) == []
    assert search.fold("\ud800") == "\ud800"


def test_a_book_is_not_looked_for(person: Session) -> None:
    """Each word of it would be looked for in every note."""
    many = " ".join(f"word{number}은" for number in range(10_000))
    keep(person, "2025-11-03", note=many)
    assert found(person, words=many[:200]) == [many]
    started = time.thread_time()
    assert found(person, words=many) == []
    assert time.thread_time() - started < 1
