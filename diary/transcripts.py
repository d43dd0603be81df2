"""Transcripts of kept recordings: the words with their times, sealed, and deleted together with the recording.

A search does not open them: what a recording says is found through the note, which the person can correct. Otherwise
a search would find words that the person deleted from the note because they were misheard.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from diary import database, errors, sessions
from diary.sessions import Session
from stt.transcript import Transcript

WORDS_MAX = 20_000
"""Fast speech has four words a second: 3,600 in the longest recording that Haru writes down."""
_SHORT = 200  # characters of a word, of a language's code, of a model's name
_SECONDS_MAX = 24 * 3600


@dataclass(frozen=True)
class UntranscribedRecording:
    """A kept recording that nobody has written down yet, or whose transcript is damaged."""

    medium_id: str
    entry_id: str


def insert(db: Database, session: Session, medium_id: str, entry_id: str, transcript: Transcript) -> None:
    """Seals and stores a transcript inside the caller's transaction; it replaces an earlier one."""
    row = as_row(session, medium_id, entry_id, transcript, database.now())
    db.table("transcripts").upsert(row, pk="medium_id")


def as_row(session: Session, medium_id: str, entry_id: str, transcript: Transcript, created_at: str) -> dict:
    return {
        "medium_id": medium_id,
        "sealed": session.vault.seal_json(transcript.as_dict(), _about(medium_id, entry_id)),
        "created_at": created_at,
    }


def save(session: Session, medium_id: str, transcript: Transcript) -> None:
    """Stores the transcript of a kept recording; raises `EntryNotFound` if the recording is gone."""
    with sessions.transaction(session) as db:
        # Asked inside the transaction: another tab may delete the recording.
        found = db.execute(
            "select m.entry_id from media m join entries e on e.id = m.entry_id "
            "where m.id = ? and m.kind = 'sound' and e.account_id = ?",
            [medium_id, session.account_id],
        ).fetchone()
        if found is None:
            raise errors.EntryNotFound()
        insert(db, session, medium_id, found[0], transcript)


def of_medium(session: Session, medium_id: str) -> Transcript | None:
    """The transcript of a kept recording; None if there is none, or if it is damaged."""
    with database.connect() as db:
        row = db.execute(
            "select t.sealed, m.entry_id from transcripts t join media m on m.id = t.medium_id "
            "join entries e on e.id = m.entry_id where t.medium_id = ? and e.account_id = ?",
            [medium_id, session.account_id],
        ).fetchone()
    return _opened(session, medium_id, row[1], row[0]) if row else None


def between(session: Session, first: date, last: date) -> dict[str, tuple[Transcript | None, str]]:
    """The transcripts of these days' recordings and when they were made, by the recording's id; None if damaged."""
    with database.connect() as db:
        rows = db.execute(
            "select t.medium_id, m.entry_id, t.sealed, t.created_at from transcripts t "
            "join media m on m.id = t.medium_id join entries e on e.id = m.entry_id "
            "where e.account_id = ? and e.day between ? and ?",
            [session.account_id, first.isoformat(), last.isoformat()],
        ).fetchall()
    return {
        medium_id: (_opened(session, medium_id, entry_id, sealed) if _is_moment(created_at) else None, created_at)
        for medium_id, entry_id, sealed, created_at in rows
    }


def untranscribed(session: Session) -> list[UntranscribedRecording]:
    """The kept recordings without a transcript that opens, oldest day first. It opens no recording."""
    with database.connect() as db:
        rows = db.execute(
            "select m.id, m.entry_id, t.sealed from media m join entries e on e.id = m.entry_id "
            "left join transcripts t on t.medium_id = m.id where e.account_id = ? and m.kind = 'sound' "
            "order by e.happened_at, m.created_at, m.rowid",
            [session.account_id],
        ).fetchall()
    return [
        UntranscribedRecording(medium_id, entry_id)
        for medium_id, entry_id, sealed in rows
        if sealed is None or not session.vault.opens(sealed, _about(medium_id, entry_id))
    ]


def parsed(content: object) -> Transcript | None:
    """The transcript in `Transcript.as_dict`'s form; None for anything that Haru itself would not have stored."""
    if not isinstance(content, dict):
        return None
    try:
        transcript = Transcript.from_dict(content)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return transcript if _is_valid(transcript) else None


def _is_valid(transcript: Transcript) -> bool:
    texts = (transcript.language, transcript.model, *(word.text for word in transcript.words))
    return (
        len(transcript.words) <= WORDS_MAX
        and all(len(text) <= _SHORT for text in texts)
        and _is_between(0, transcript.seconds, _SECONDS_MAX)
        and _is_between(0, transcript.language_probability, 1)
        and all(
            _is_between(0, word.start, word.end)
            and _is_between(word.start, word.end, _SECONDS_MAX)
            and _is_between(0, word.probability, 1)
            for word in transcript.words
        )
    )


def _is_between(least: float, number: float, most: float) -> bool:
    """False for NaN, which JSON may hold."""
    return math.isfinite(number) and least <= number <= most


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _opened(session: Session, medium_id: str, entry_id: str, sealed: bytes) -> Transcript | None:
    try:
        return parsed(session.vault.open_json(sealed, _about(medium_id, entry_id)))
    except errors.Unopenable:
        return None


def _about(medium_id: str, entry_id: str) -> str:
    return f"transcript of medium {medium_id} of entry {entry_id}"
