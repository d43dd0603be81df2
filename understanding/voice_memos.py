"""Reads voice memos one after another, in the background: checks each file, writes it down, and reads voice and words.

Nothing is stored here. The person reviews each memo, and the page saves those that they keep.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import weakref
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from diary import days
from diary.corrections import NO_CORRECTIONS, Corrections
from inference import recording_date
from inference.mood_shares import NOTHING_KNOWN, MoodShares
from inference.recording_date import RecordingDate
from reading import Refusal
from ser import audio
from stt.transcript import Transcript
from understanding.analyst import Analysis, Analyst, UserInput
from understanding.speech_to_text import SpeechToText, Transcription

log = logging.getLogger("haru.memos")

_POLL = 0.2
"""Seconds between two looks at a recording that is being written down."""


class State(StrEnum):
    WAITING = "waiting"
    WRITING = "writing"
    READING = "reading"
    READY = "ready"
    STOPPED = "stopped"
    """The person stopped the work before this memo was written down."""
    REFUSED = "refused"
    """The file cannot be decoded."""
    REPEATED = "repeated"
    """The same recording as an earlier file."""
    HERE = "here"
    """The recording is in the diary already."""
    KEPT = "kept"
    """It was saved just now."""


_UNFINISHED = frozenset({State.WAITING, State.WRITING, State.READING})


@dataclass(frozen=True)
class MemoFile:
    """One file that the person chose."""

    id: str
    name: str
    content: bytes = field(repr=False)
    here_on: date | None = None
    """The day whose entry has this recording already."""


@dataclass(frozen=True)
class Memo:
    """One file, and what is known about it so far."""

    file: MemoFile
    digest: str
    state: State = State.WAITING
    same_as: str = ""
    """The name of the earlier file with the same content."""
    is_checked: bool = False
    seconds: float = 0.0
    recorded: RecordingDate | None = None
    refusal: Refusal | None = None
    """Why the file cannot be decoded."""
    share: float = 0.0
    """The share that is written down, 0 to 1."""
    transcript: Transcript | None = None
    not_written: Refusal | None = None
    """Why there is no transcript."""
    analysis: Analysis | None = None
    """Without the sound, which would stay in memory with it."""
    languages: tuple[str, ...] = ()
    """Those that the person asked for in place of their usual ones."""

    @property
    def is_unfinished(self) -> bool:
        return self.state in _UNFINISHED

    @property
    def needs_check(self) -> bool:
        return not self.is_checked and self.state in (State.WAITING, State.STOPPED)

    @property
    def can_be_kept(self) -> bool:
        return self.is_checked and self.state in (State.READY, State.STOPPED)

    @property
    def text(self) -> str:
        return self.transcript.text if self.transcript else ""


@dataclass(frozen=True)
class Readers:
    """What reads the memos of one person, as far as their consents allow."""

    analyst: Analyst
    zone: str
    speech: SpeechToText | None = None
    """None without the consent to write recordings down."""
    languages: tuple[str, ...] = ()
    reads_voice: bool = False
    corrections: Corrections = field(default_factory=lambda: NO_CORRECTIONS)
    mood_shares: MoodShares = NOTHING_KNOWN


class MemoReader:
    """Reads the files of one person; a thread works as long as there is something to do."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._memos: dict[str, Memo] = {}
        self._readers: Readers | None = None
        self._is_closed = False
        self._worker: threading.Thread | None = None

    def offer(self, files: Sequence[MemoFile], readers: Readers) -> None:
        """Takes all files that the person has chosen now: new ones join, missing ones leave.

        `readers` replaces the earlier ones, because a consent may have been withdrawn meanwhile.
        """
        with self._lock:
            if self._is_closed:
                return
            self._readers = readers
            known, self._memos = self._memos, {}
            names: dict[str, str] = {}
            for file in files:
                memo = known.get(file.id) or Memo(file, hashlib.sha256(file.content).hexdigest())
                self._memos[file.id] = _placed(memo, names.get(memo.digest))
                names.setdefault(memo.digest, file.name)
            self._wake()

    @property
    def memos(self) -> list[Memo]:
        with self._lock:
            return list(self._memos.values())

    def stop(self) -> None:
        """Ends the work; what is written so far stays, and unfinished memos can be kept as they are."""
        with self._lock:
            self._memos = {memo_id: _stopped(memo) for memo_id, memo in self._memos.items()}

    def go_on(self, memo_ids: Collection[str]) -> None:
        """Goes on with these memos after a stop."""
        with self._lock:
            for memo_id in memo_ids:
                memo = self._memos.get(memo_id)
                if memo is not None and memo.state is State.STOPPED:
                    self._memos[memo_id] = replace(memo, state=State.WAITING, share=0.0, transcript=None)
            self._wake()

    def write_down_in(self, memo_id: str, language: str) -> None:
        """Writes a memo down all the same, in the language that was detected."""
        with self._lock:
            memo = self._memos.get(memo_id)
            if memo is not None and memo.can_be_kept:
                self._memos[memo_id] = replace(memo, state=State.WAITING, not_written=None, languages=(language,))
            self._wake()

    def mark_kept(self, memo_id: str) -> None:
        self._update(memo_id, state=State.KEPT)

    def analysis_of(self, memo: Memo, note: str) -> Analysis | None:
        """The readings of the memo's voice and of `note`; None where nothing may be read or could be."""
        readers = self._readers
        if readers is None:
            return None
        recording = memo.file.content if readers.reads_voice else None
        user_input = UserInput(recording=recording, note=note, transcript=memo.transcript)
        if not user_input:
            return None
        found = readers.analyst.analyse(user_input, readers.corrections, readers.mood_shares)
        return Analysis.from_stored(found.to_store, UserInput(note=note))

    def close(self) -> None:
        """Ends the work and forgets everything."""
        with self._lock:
            self._is_closed = True
            self._memos = {}
            self._readers = None

    def _wake(self) -> None:
        if self._worker is None and any(memo.needs_check or memo.is_unfinished for memo in self._memos.values()):
            self._worker = threading.Thread(target=self._work, name="haru-memos", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            memo, step = job
            try:
                step(memo)
            except Exception as error:  # one odd file must not end the others; its content stays out of the log
                log.error("a voice memo could not be read: %s", type(error).__name__)
                self._update(
                    memo.file.id, state=State.REFUSED, refusal=Refusal("failed", "The file could not be read.")
                )

    def _next(self) -> tuple[Memo, Callable[[Memo], None]] | None:
        """All files are checked before the first is written down, so that the person soon sees what cannot be read."""
        with self._lock:
            memos = list(self._memos.values())
            if unchecked := [memo for memo in memos if memo.needs_check]:
                return unchecked[0], self._check
            if waiting := [memo for memo in memos if memo.state is State.WAITING]:
                return waiting[0], self._read
            self._worker = None  # inside the lock: the next file starts another thread
            return None

    def _check(self, memo: Memo) -> None:
        readers = self._readers
        zone = readers.zone if readers else days.FALLBACK
        recorded = recording_date.find(memo.file.content, memo.file.name, zone, days.EARLIEST, days.today(zone))
        try:
            seconds = audio.decode(memo.file.content).size / audio.SAMPLE_RATE
        except Refusal as refusal:
            self._update(memo.file.id, is_checked=True, recorded=recorded, state=State.REFUSED, refusal=refusal)
            return
        self._update(memo.file.id, is_checked=True, recorded=recorded, seconds=seconds)

    def _read(self, memo: Memo) -> None:
        memo_id, readers = memo.file.id, self._readers
        if readers is not None and readers.speech is not None:
            self._update(memo_id, State.WAITING, state=State.WRITING)
            transcription = readers.speech.start(memo.file.content, memo.languages or readers.languages)
            if not self._follow(memo_id, transcription):
                transcription.cancel()
                return
            memo = replace(memo, transcript=transcription.transcript)
            self._update(memo_id, share=1.0, transcript=transcription.transcript, not_written=transcription.refusal)
        self._update(memo_id, State.WAITING, State.WRITING, state=State.READING)
        analysis = self.analysis_of(memo, memo.text)
        self._update(memo_id, State.READING, state=State.READY, analysis=analysis)

    def _follow(self, memo_id: str, transcription: Transcription) -> bool:
        """Waits until the recording is written down; false if it is not wanted any more."""
        while not transcription.wait(_POLL):
            with self._lock:
                may_write = self._readers is not None and self._readers.speech is not None
            if not may_write:
                self._update(memo_id, State.WRITING, state=State.STOPPED)
            if not self._update(memo_id, State.WRITING, share=transcription.share, transcript=transcription.transcript):
                return False
        return True

    def _update(self, memo_id: str, *expected: State, **changes: object) -> bool:
        """Changes a memo; does nothing and returns false if it left, or if its state is none of those expected."""
        with self._lock:
            memo = self._memos.get(memo_id)
            if memo is None or (expected and memo.state not in expected):
                return False
            self._memos[memo_id] = replace(memo, **changes)
            return True


class Held:
    """Closes a reader as soon as nothing holds this object: the person left the page or closed the tab."""

    def __init__(self, reader: MemoReader) -> None:
        self.reader = reader
        weakref.finalize(self, reader.close)


def _placed(memo: Memo, same_as: str | None) -> Memo:
    """A memo among the files before it: new, or again alone after the first of two equal files left."""
    if memo.state is State.REPEATED and same_as is None:
        memo = replace(memo, state=State.WAITING, same_as="")
    if memo.state is State.WAITING and memo.file.here_on is not None:
        return replace(memo, state=State.HERE)
    if memo.state is State.WAITING and same_as is not None:
        return replace(memo, state=State.REPEATED, same_as=same_as)
    return memo


def _stopped(memo: Memo) -> Memo:
    return replace(memo, state=State.STOPPED) if memo.is_unfinished else memo
