"""Words of a recording in a note: they join what a person typed, and can be taken out of it again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from components.entry import dictated_text
from components.entry.dictated_text import Piece, joined, pieces_of, unchanged, with_piece, without
from stt.transcript import PARAGRAPH_SECONDS, text_of
from tests.understanding.fakes import segment

THREE = pieces_of((segment("I slept well.", 0), segment("Then it rained.", 2), segment("And now?", 9)))


def dictated(note: str, pieces: tuple[Piece, ...], start: int = 0) -> str:
    for number in range(start, len(pieces)):
        note = with_piece(note, pieces, number)
    return note


def test_the_pieces_join_to_the_text_of_the_transcript() -> None:
    segments = (segment("하나.", 0), segment("둘.", 2), segment("셋.", 4 + PARAGRAPH_SECONDS))
    assert joined(pieces_of(segments)) == text_of(segments) == "하나. 둘.\n셋."


def test_words_keep_their_spaces_and_how_sure_they_are() -> None:
    (piece,) = pieces_of((segment("a *foggy day", 0),))
    assert piece.words == (("a", True), (" foggy", False), (" day", True))


def test_a_segment_without_text_is_no_piece() -> None:
    assert [piece.text for piece in pieces_of((segment("one", 0), segment(" ", 2), segment("two", 4)))] == [
        "one",
        "two",
    ]


def test_the_words_go_under_what_was_typed() -> None:
    assert dictated("", THREE) == "I slept well. Then it rained.\nAnd now?"
    assert dictated("Monday", THREE) == "Monday\nI slept well. Then it rained.\nAnd now?"
    assert dictated("Monday\n", THREE) == "Monday\nI slept well. Then it rained.\nAnd now?"


def test_more_words_go_directly_after_the_ones_before_them() -> None:
    note = dictated("Monday", THREE[:1]) + "\ntyped under it"
    assert dictated(note, THREE, 1) == "Monday\nI slept well. Then it rained.\nAnd now?\ntyped under it"


def test_after_an_edit_more_words_go_under_the_note_and_then_stay_together() -> None:
    assert dictated("I slept badly.", THREE, 1) == "I slept badly.\nThen it rained.\nAnd now?"


def test_deleted_words_do_not_come_back() -> None:
    assert dictated("", THREE, 2) == "And now?"


def test_taking_them_out_restores_what_was_typed() -> None:
    for typed in ("", "Monday", "Monday\nand more"):
        assert without(dictated(typed, THREE), THREE) == typed
    assert without("Monday\n" + joined(THREE) + "\ntyped after", THREE) == "Monday\ntyped after"


def test_changed_words_stay_when_the_others_are_taken_out() -> None:
    note = "Monday\nI slept badly. Then it rained.\nAnd now?"
    assert [piece.text for piece in unchanged(note, THREE)] == ["Then it rained.", "And now?"]
    assert without(note, THREE) == "Monday\nI slept badly."


@given(st.text(alphabet="ab \n", max_size=12), st.lists(st.text(alphabet="cd", min_size=1, max_size=4), max_size=4))
def test_no_typed_letter_is_ever_lost(typed: str, spoken: list[str]) -> None:
    pieces = pieces_of(tuple(segment(text, 3.0 * number) for number, text in enumerate(spoken)))
    note = dictated(typed, pieces)
    assert note.startswith(typed)
    assert note.removeprefix(typed).removeprefix("\n") == joined(pieces)
    assert without(note, pieces).rstrip("\n ") == typed.rstrip("\n ")
    assert dictated_text.unchanged(note, pieces) == pieces
