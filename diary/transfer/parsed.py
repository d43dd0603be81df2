"""The contents of a file, parsed but not yet imported: Haru's own entries, or entries of another diary."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time

from diary import errors
from diary.entries import Entry
from diary.music_lists import MusicList
from diary.own_tracks import OwnTrack
from diary.trackers import Tracker, Value
from reading import Reading
from stt.transcript import Transcript

ENTRIES_MAX = 50_000
"""Of one file: thirteen a day for ten years. Each takes some kilobytes of memory while it is imported."""


def expect_few(entries: int) -> None:
    """Raises `FileTooManyEntries`; a parser calls it before it makes that many."""
    if entries > ENTRIES_MAX:
        raise errors.FileTooManyEntries(most=f"{ENTRIES_MAX:,}")


@dataclass(frozen=True)
class ForeignEntry:
    """One entry of another diary; its mood is still a word of that diary."""

    mood: str
    """Empty for an entry without a mood."""
    day: date
    at: time | None = None
    note: str = ""
    tags: tuple[str, ...] = ()
    turn: int = 0
    """Its number among the day's scores in the file, so that two equal scores of a day stay two entries."""

    zone: str = ""
    """The time zone of the entry, if that diary stores one."""
    key: str = ""
    """The id that the entry has in that diary, if it has one."""
    photos: tuple[ParsedMedium, ...] = ()

    def fingerprint(self) -> str:
        """The same for the same entry in every export of that diary."""
        if self.key:
            return hashlib.sha256(self.key.encode(errors="surrogatepass")).hexdigest()
        when = (self.day.isoformat(), self.at.isoformat() if self.at else "", str(self.turn))
        parts = (self.mood, *when, self.note, *self.tags)
        return hashlib.sha256("\x1f".join(parts).encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True)
class ParsedMedium:
    """A recording, picture or photograph in the file; the import unpacks it."""

    kind: str
    """sound, picture or photo."""
    file: str
    created_at: str
    opens: bool = True
    """False if it cannot be decoded, whatever its media type says."""
    transcript: Transcript | None = field(default=None, repr=False)
    transcribed_at: str = ""
    is_transcript_damaged: bool = False
    """True if the file has a transcript that Haru itself would not have stored; the recording comes without it."""


@dataclass(frozen=True)
class ParsedEntry:
    """One entry as the diary will store it, with its readings and media."""

    entry: Entry
    readings: tuple[tuple[Reading, str], ...] = ()
    """Each with the moment at which it was made."""
    media: tuple[ParsedMedium, ...] = ()


@dataclass(frozen=True)
class ParsedTracker:
    """A tracker with its values, as the diary will store them."""

    tracker: Tracker
    values: Mapping[date, Value]


@dataclass(frozen=True)
class HealthSeries:
    """One thing that a health app records, by the device or app that recorded it."""

    key: str
    """sleep, steps, workouts or state_of_mind."""
    kind: str
    """The kind of tracker that holds it."""
    by_source: Mapping[str, Mapping[date, Value]]

    def values(self, source: str | None = None) -> dict[date, Value]:
        """The values of one source; without one, the largest of each day, because sources count the same thing."""
        if source is not None:
            return dict(self.by_source[source])
        largest: dict[date, Value] = {}
        for values in self.by_source.values():
            for day, value in values.items():
                largest[day] = max(value, largest.get(day, value))
        return dict(sorted(largest.items()))


@dataclass(frozen=True)
class TrackerCell:
    """One value of a table, still as text."""

    place: int
    """The line of the file."""
    day: date
    text: str


@dataclass(frozen=True)
class TrackerColumn:
    """The values of one tracker in a table. The table does not say their kind."""

    name: str
    """Empty if the table has only dates and values."""
    cells: tuple[TrackerCell, ...]


@dataclass(frozen=True)
class ParsedFile:
    """A file whose format the diary knows."""

    format: str
    """A key of `import.is_…`: haru, daylio, day_one, values (a table of trackers), apple_health and so on."""
    foreign_entries: tuple[ForeignEntry, ...] = ()
    entries: tuple[ParsedEntry, ...] = ()
    owner: str = ""
    """When the account was made that exported the file: no two share that microsecond. Empty for other diaries."""
    owner_name: str = ""
    preferences: Mapping[str, object] = field(default_factory=dict)
    learns_since: str | None = None
    music_feedback: tuple[Mapping[str, object], ...] = ()
    """In the form in which `music_feedback.every` returns it."""
    own_tracks: tuple[OwnTrack, ...] = ()
    music_lists: tuple[MusicList, ...] = ()
    trackers: tuple[ParsedTracker, ...] = ()
    columns: tuple[TrackerColumn, ...] = ()
    unreadable: tuple[int, ...] = ()
    """The lines of a table of trackers that have no readable date or no value."""
    health: tuple[HealthSeries, ...] = ()
    """What an export of a phone's health app holds, by source and day."""
    attachments_left_out: int = 0
    """Videos, recordings and files of other kinds in another diary, and photographs beyond those of one entry."""
    photos_missing: int = 0
    """Photographs that entries name and the file lacks."""
    mended: int = 0
    """How many lone surrogates were replaced."""
    unpack: Callable[[str], bytes] | None = field(default=None, repr=False)
    """Returns the content of one file of a zip, within limits."""

    def moods(self) -> dict[str, int]:
        """The other diary's words for moods, each with its number of entries, most used first."""
        return dict(Counter(entry.mood for entry in self.foreign_entries).most_common())
