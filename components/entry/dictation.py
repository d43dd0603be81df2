"""Recordings that are written down into the note of an entry's form, and how far each one is.

Separate from components/entry/transcription.py because every page adds the words that came meanwhile, and most pages
need no models.
"""

from __future__ import annotations

import secrets
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

from components import state
from components.entry import dictated_text, form_fields, note_field
from components.entry.dictated_text import Piece
from stt.transcript import Transcript

if TYPE_CHECKING:
    from understanding.speech_to_text import Transcription

PATIENCE = 3.0
"""Seconds in which the script beside the note must announce itself; after them the server adds the words itself."""


SAVE, ANALYSE = "save", "analyse"


@dataclass(frozen=True)
class Removal:
    """What a person took out of the note again, so that they can put it back."""

    pieces: tuple[Piece, ...]
    before: str
    """The note before it."""
    after: str


class Dictation:
    """One recording whose words go into a note."""

    def __init__(self, digest: str, job: Transcription, placed: int = 0) -> None:
        self.id = secrets.token_hex(4)
        self.digest = digest
        self.placed = placed
        """How many pieces are in the note, or were until the person deleted them."""
        self.removal: Removal | None = None
        self._stopped_at: int | None = None
        self.follow(job)

    def follow(self, job: Transcription) -> None:
        """Goes on with another job for the same recording."""
        self.job = job
        self._stopped_at = None
        self.was_over = False
        """Whether the page knows that it is over."""
        # Nobody is left to read the words after the tab has closed, or after the person signed out.
        weakref.finalize(self, job.cancel)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return dictated_text.pieces_of(self.job.segments)[: self._stopped_at]

    @property
    def pending(self) -> bool:
        """Whether there are words that are not in the note yet."""
        return self.removal is None and self.placed < len(self.pieces)

    @property
    def is_stopped(self) -> bool:
        return self._stopped_at is not None

    @property
    def is_over(self) -> bool:
        return self.is_stopped or self.job.is_over

    @property
    def transcript(self) -> Transcript | None:
        """The complete transcript; None if the person took its words out of the note."""
        is_complete = self.job.state == "done" and not self.is_stopped and self.removal is None
        return self.job.transcript if is_complete else None

    def stop(self) -> None:
        """Writes no more words down. The window that is being decoded adds none, either."""
        if not self.is_over:
            self._stopped_at = len(self.pieces)
            self.job.cancel()


@dataclass
class Dictations:
    """All recordings of one form, the latest last."""

    every: list[Dictation] = field(default_factory=list)
    earlier: dict[str, int] = field(default_factory=dict)
    """From a draft: the digest of each recording, and how many of its pieces were in the note."""
    awaited: set[str] = field(default_factory=set)
    """What happens once everything is written down, because the person pressed it: SAVE, ANALYSE."""
    shown: int = 0
    """How many pieces the last run of the page had."""
    _waiting_since: float | None = None
    _page: str | None = None
    """The page that shows the form."""

    @property
    def latest(self) -> Dictation | None:
        return self.every[-1] if self.every else None

    @property
    def running(self) -> list[Dictation]:
        return [dictation for dictation in self.every if not dictation.is_over]

    @property
    def is_complete(self) -> bool:
        return not any(dictation.pending or not dictation.is_over for dictation in self.every)

    @property
    def has_news(self) -> bool:
        """Whether the page must be drawn again: there are more words, or one of them is over."""
        is_late = self._waiting_since is not None and time.monotonic() - self._waiting_since > PATIENCE
        ended = any(dictation.is_over and not dictation.was_over for dictation in self.every)
        return is_late or ended or self._count() > self.shown

    def mark_as_shown(self) -> None:
        """Call it when a page draws the form."""
        self._page = state.FORM_FIELDS_PAGE.get()
        self.shown = self._count()
        for dictation in self.every:
            dictation.was_over = dictation.is_over

    def find(self, digest: str) -> Dictation | None:
        return next((dictation for dictation in self.every if dictation.digest == digest), None)

    def write_into_note(self, form: str) -> None:
        """Adds the words that came since the last run, unless the browser does it.

        Where a page shows the note, the script beside it adds them: only the browser knows what is being typed right
        now. Everywhere else, and after *Save* was pressed, the server does.
        """
        script = note_field.reported(form) if self._is_shown else None
        if script is not None:
            for dictation in self.every:
                dictation.placed = max(dictation.placed, min(script.placed.get(dictation.id, 0), len(dictation.pieces)))
        pending = [dictation for dictation in self.every if dictation.pending]
        if not pending or (SAVE not in self.awaited and (script is not None or self._waits_for_script())):
            return
        note = str(form_fields.value(form, "note") or "")
        for dictation in pending:
            for number in range(dictation.placed, len(dictation.pieces)):
                note = dictated_text.with_piece(note, dictation.pieces, number)
            dictation.placed = len(dictation.pieces)
        self._waiting_since = None
        note_field.change(form, note)

    def remove(self, form: str, dictation: Dictation) -> None:
        """Takes its words out of the note; those that the person changed stay."""
        note = str(form_fields.value(form, "note") or "")
        pieces = dictated_text.unchanged(note, dictation.pieces[: dictation.placed])
        left = dictated_text.without(note, pieces)
        dictation.removal = Removal(pieces, note, left)
        note_field.change(form, left)

    def put_back(self, form: str, dictation: Dictation) -> None:
        removal, note = dictation.removal, str(form_fields.value(form, "note") or "")
        if removal is None:
            return
        if note == removal.after:
            note = removal.before
        else:
            for number in range(len(removal.pieces)):
                note = dictated_text.with_piece(note, removal.pieces, number)
        dictation.removal = None
        note_field.change(form, note)

    @property
    def _is_shown(self) -> bool:
        """Whether the browser shows the note, as far as the server knows."""
        return state.FORM_FIELDS_DRAWN.get() and self._page == state.FORM_FIELDS_PAGE.get()

    def _waits_for_script(self) -> bool:
        """Whether the script may still announce itself."""
        if not self._is_shown:
            return False
        if self._waiting_since is None:
            self._waiting_since = time.monotonic()
        return time.monotonic() - self._waiting_since < PATIENCE

    def _count(self) -> int:
        return sum(len(dictation.pieces) for dictation in self.every)


def digest_of(recording: bytes) -> str:
    return blake2b(recording, digest_size=16).hexdigest()


def of(form: str) -> Dictations:
    return state.DICTATIONS.get_or_make(dict).setdefault(form, Dictations())


def write_into_notes() -> None:
    """Call it before each page runs: the words also come while the person is on another page."""
    note_field.repeat_lost_changes()
    for form, dictations in state.DICTATIONS.get().items():
        dictations.write_into_note(form)


def is_time(form: str, act: str, is_pressed: bool) -> bool:
    """Whether to save or analyse in this run, where `is_pressed` says whether the person pressed the button just now.

    A press while words are still to come is remembered: the entry is saved, whole, as soon as they are in the note. The
    page shows how far it is, with a button that goes on at once without the rest. The alternatives are worse: to save
    now would lose words, and to refuse would make a person wait and press again. An analysis of half the words would
    be out of date at the next one.
    """
    dictations = of(form)
    if not dictations.is_complete:
        if is_pressed:
            dictations.awaited.add(act)
        return False
    was_awaited = act in dictations.awaited
    dictations.awaited.discard(act)
    if act == SAVE and dictations.latest and dictations.latest.job.refusal:
        return is_pressed  # who waited for words must learn that there are none, before the recording is gone
    return is_pressed or was_awaited


def stop_all() -> None:
    """Ends everything that is being written down, in all forms."""
    for dictations in state.DICTATIONS.get().values():
        for dictation in dictations.every:
            dictation.stop()


def forget(form: str) -> None:
    dictations = state.DICTATIONS.get().pop(form, None)
    for dictation in dictations.every if dictations else ():
        dictation.stop()


def for_draft(form: str) -> dict[str, int]:
    """The recordings whose words are in the note: after a reload, none of them must be added twice."""
    dictations = state.DICTATIONS.get().get(form)
    if dictations is None:
        return {}
    return dictations.earlier | {dictation.digest: dictation.placed for dictation in dictations.every}


def restore(form: str, saved: Mapping[str, int]) -> None:
    """Takes over what `for_draft` returned."""
    of(form).earlier = dict(saved)
