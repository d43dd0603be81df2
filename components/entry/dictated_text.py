"""Adds the words of a recording to a note, and takes them out again. What a person typed stays as it is.

assets/entry/note_field.js adds words by the same rules, where a browser shows the note.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stt.transcript import Segment, text_of


@dataclass(frozen=True)
class Piece:
    """One segment of a transcript, as it goes into a note."""

    before: str
    """What separates it from the piece before: a space, or a new line after a long pause."""
    words: tuple[tuple[str, bool], ...]
    """Each word with the space before it, and whether the model is sure of it."""

    @property
    def text(self) -> str:
        return "".join(word for word, _ in self.words)


def pieces_of(segments: Sequence[Segment]) -> tuple[Piece, ...]:
    spoken = [segment for segment in segments if segment.text]
    return tuple(_piece(segment, spoken[number - 1] if number else None) for number, segment in enumerate(spoken))


def joined(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text if not number else piece.before + piece.text for number, piece in enumerate(pieces))


def with_piece(note: str, pieces: Sequence[Piece], number: int) -> str:
    """The note with one more piece.

    It goes directly after the pieces before it. Where these are no longer as they were written, or where it is the
    first, it goes under the note.
    """
    piece = pieces[number]
    place = _end_of(note, pieces[:number])
    if place is None:
        return note + ("" if not note or note.endswith("\n") else "\n") + piece.text
    return note[:place] + piece.before + piece.text + note[place:]


def unchanged(note: str, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces that are in the note as they were written."""
    if joined(pieces) in note:
        return tuple(pieces)
    return tuple(piece for piece in pieces if piece.text in note)


def without(note: str, pieces: Sequence[Piece]) -> str:
    """The note without these pieces; those that the person changed stay."""
    if not pieces:
        return note
    whole = joined(pieces)
    if (start := note.rfind(whole)) >= 0:
        return _cut(note, start, start + len(whole))
    for piece in pieces:
        if (start := note.find(piece.text)) >= 0:
            note = _cut(note, start, start + len(piece.text))
    return note


def _piece(segment: Segment, previous: Segment | None) -> Piece:
    words = [word.text for word in segment.words]
    words[0] = words[0].lstrip()
    words[-1] = words[-1].rstrip()
    sure = [word.is_sure for word in segment.words]
    return Piece(_between(previous, segment) if previous else "", tuple(zip(words, sure, strict=True)))


def _between(first: Segment, second: Segment) -> str:
    return text_of((first, second))[len(first.text) :].removesuffix(second.text)


def _end_of(note: str, pieces: Sequence[Piece]) -> int | None:
    """Where these pieces end in the note; the last of them alone where the person changed an earlier one."""
    if not pieces:
        return None
    for text in (joined(pieces), pieces[-1].text):
        if (start := note.rfind(text)) >= 0:
            return start + len(text)
    return None


def _cut(note: str, start: int, end: int) -> str:
    """The note without a part, and without the space or new line that separated it."""
    before, after = note[:start], note[end:]
    if before[-1:] in ("\n", " ") and (not after or after[0] in "\n "):
        return before[:-1] + after
    if not before and after[:1] in ("\n", " "):
        return after[1:]
    return before + after
