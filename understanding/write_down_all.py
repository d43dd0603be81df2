"""Writes down all kept recordings of a person that have no transcript, one after the other.

Each transcript is stored as soon as it is complete, so the work can stop at any moment and go on later. It needs the
diary's key for as long as it runs: the session is only ever an argument here, so that nothing holds it afterwards.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

from diary import consents, entries, errors, media, sessions, transcripts
from diary.sessions import Session
from diary.transcripts import UntranscribedRecording
from stt.transcript import Transcript
from understanding.speech_to_text import SpeechToText, Transcription

log = logging.getLogger("haru.speech")

WRITTEN, NO_WORDS, OTHER_LANGUAGE, UNREADABLE, GONE = "written", "no_words", "other_language", "unreadable", "gone"
"""What became of a recording. One that another tab deleted or wrote down meanwhile is gone."""
WITHOUT_WORDS = Transcript((), "", 0.0, 0.0, "")
"""Stored for a recording without words, so that nobody tries it again and again."""
UNWATCHED_SECONDS = 30.0
"""A browser that lost its connection has this long to come back; then the work stops and lets go of the key."""
_STEP = 0.5
"""Seconds between two questions whether to stop."""


class WriteDownAll:
    """The work for one person. A page reads its numbers while a thread runs it."""

    def __init__(self, speech: SpeechToText, languages: Sequence[str]) -> None:
        self._speech, self._languages = speech, tuple(languages)
        self._is_cancelled = threading.Event()
        self._is_over = threading.Event()
        self._current: Transcription | None = None
        self._own_notes: dict[str, int] = {}
        """The version of each entry whose note this work has written, by the entry's id."""
        self.total = 0
        self.outcomes: Counter[str] = Counter()
        self.error: errors.DiaryError | None = None
        """Why the work ended early, if it was an error."""

    def start(self, session: Session, is_watched: Callable[[], bool]) -> None:
        """Runs in a thread until all is written down, somebody cancels it, or nobody watches it any more."""
        threading.Thread(target=self.run, args=(session, is_watched), name="haru-write-down", daemon=True).start()

    def run(self, session: Session, is_watched: Callable[[], bool] = lambda: True) -> None:
        try:
            self._run(session, _Patience(is_watched))
        except errors.DiaryError as error:
            # A copy: the original's traceback would hold the session, and with it the key.
            self.error = type(error)(**error.facts)
        except Exception as error:  # its message may hold what a person said
            log.error("recordings could not be written down: %s", type(error).__name__)
            self.error = errors.DiaryError()
        finally:
            self._current = None
            self._is_over.set()

    def cancel(self) -> None:
        """Stops soon; what is written down stays."""
        self._is_cancelled.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Waits for the end; whether it is reached."""
        return self._is_over.wait(seconds)

    @property
    def is_over(self) -> bool:
        return self._is_over.is_set()

    @property
    def finished(self) -> int:
        """The number of recordings that are dealt with."""
        return self.outcomes.total()

    @property
    def share(self) -> float:
        """The share of the recordings that are dealt with, 0 to 1; the present one counts in part."""
        current = self._current
        return min((self.finished + (current.share if current else 0.0)) / self.total, 1.0) if self.total else 0.0

    @property
    def notes(self) -> int:
        """The number of entries whose empty note now has the words."""
        return len(self._own_notes)

    def _run(self, session: Session, patience: _Patience) -> None:
        recordings = transcripts.untranscribed(session)
        self.total = len(recordings)
        for recording in recordings:
            if self._must_stop(session, patience):
                return
            outcome = self._write_down(session, recording, patience)
            if outcome is None:
                return
            self.outcomes[outcome] += 1
            self._current = None

    def _must_stop(self, session: Session, patience: _Patience) -> bool:
        return (
            self._is_cancelled.is_set()
            or patience.is_at_an_end
            or not sessions.is_open(session)
            or "transcript" not in consents.given(session.account_id)
        )

    def _write_down(self, session: Session, recording: UntranscribedRecording, patience: _Patience) -> str | None:
        """What became of the recording; None if the work must stop."""
        if transcripts.of_medium(session, recording.medium_id) is not None:
            return GONE
        try:
            content = media.content(session, recording.medium_id)
        except errors.EntryNotFound:
            return GONE
        except errors.Unopenable:
            return UNREADABLE
        self._current = transcription = self._speech.start(content, self._languages)
        while not transcription.wait(_STEP):
            if self._must_stop(session, patience):
                transcription.cancel()
                return None
        return self._store(session, recording, transcription)

    def _store(self, session: Session, recording: UntranscribedRecording, transcription: Transcription) -> str:
        refusal, transcript = transcription.refusal, transcription.transcript
        if refusal is not None and refusal.code != NO_WORDS:
            return OTHER_LANGUAGE if refusal.code == OTHER_LANGUAGE else UNREADABLE
        has_words = refusal is None and transcript is not None
        try:
            transcripts.save(session, recording.medium_id, transcript if has_words and transcript else WITHOUT_WORDS)
            if has_words and transcript:
                self._fill_note(session, recording.entry_id, transcript.text)
        except errors.EntryNotFound:
            return GONE
        return WRITTEN if has_words else NO_WORDS

    def _fill_note(self, session: Session, entry_id: str, text: str) -> None:
        """Fills an empty note, or adds to the one that this work has written; never changes the person's own note."""
        entry = entries.get(session, entry_id)
        is_own = self._own_notes.get(entry_id) == entry.version
        if entry.is_damaged or entry.is_altered or (entry.note.strip() and not is_own):
            return
        try:
            entries.change_note(session, entry_id, entry.version, f"{entry.note}\n{text}" if is_own else text)
        except (errors.EntryChanged, errors.NoteTooLong):
            return  # the words stay with the recording
        self._own_notes[entry_id] = entry.version + 1


class _Patience:
    """Whether somebody still watches the work: a lost connection may come back."""

    def __init__(self, is_watched: Callable[[], bool]) -> None:
        self._is_watched = is_watched
        self._seen = time.monotonic()

    @property
    def is_at_an_end(self) -> bool:
        if self._is_watched():
            self._seen = time.monotonic()
        return time.monotonic() - self._seen > UNWATCHED_SECONDS
