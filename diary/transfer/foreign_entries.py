"""Makes an entry of Haru of one of another diary."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from diary import database, days, entries, errors
from diary.entries import Entry
from diary.sessions import Session
from diary.transfer.derived_ids import derived_id
from diary.transfer.moods import MoodChoice
from diary.transfer.parsed import ForeignEntry, ParsedEntry


def translated(session: Session, foreign: ForeignEntry, choice: MoodChoice, zone: str) -> ParsedEntry:
    """An entry of another diary with the mood that the person chose for it."""
    if foreign.day < days.EARLIEST:
        raise errors.DayTooEarly(year=days.EARLIEST.year)
    note, tags = foreign.note, tags_of(foreign)
    if further := tags[entries.TAGS_MAX :]:
        note = "\n".join(filter(None, (note, " ".join(f"#{tag}" for tag in further))))
    if len(note) > entries.NOTE_MAX:
        raise errors.NoteTooLong(characters=entries.NOTE_MAX)
    own_zone = foreign.zone or zone
    happened_at = days.instant(foreign.day, foreign.at, own_zone)
    now = datetime.now(UTC)
    return ParsedEntry(
        media=tuple(replace(photo, created_at=database.timestamp(happened_at)) for photo in foreign.photos),
        entry=Entry(
            id=derived_id(session, foreign.fingerprint()),
            day=foreign.day,
            happened_at=happened_at,
            time_known=foreign.at is not None,
            timezone=own_zone,
            mood=choice.mood,
            intensity=choice.intensity,
            source="hand",
            note=note,
            tags=entries.tidy_tags(tags[: entries.TAGS_MAX]),
            version=1,
            created_at=now,
            updated_at=now,
        ),
    )


def tags_of(entry: ForeignEntry) -> list[str]:
    """The entry's tags, each cut to the length of a tag."""
    tidied = (" ".join(tag.strip().lstrip("#").split())[: entries.TAG_LENGTH_MAX].rstrip() for tag in entry.tags)
    return list(dict.fromkeys(tag for tag in tidied if tag))
