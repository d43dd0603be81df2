"""What a file holds once it is read: entries in Haru's own words, or moments in the words of another diary."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time

from diary.entries import Entry
from diary.own_tracks import OwnTrack
from reading import Reading


@dataclass(frozen=True)
class Moment:
    """One line of another diary: its mood is still that diary's word."""

    mood: str
    day: date
    at: time | None = None
    note: str = ""
    tags: tuple[str, ...] = ()
    turn: int = 0
    """Which of several that look alike on purpose: a day with the same score twice."""

    def fingerprint(self) -> str:
        """The same line has the same one in every export of that diary."""
        when = (self.day.isoformat(), self.at.isoformat() if self.at else "", str(self.turn))
        parts = (self.mood, *when, self.note, *self.tags)
        return hashlib.sha256("\x1f".join(parts).encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Kept:
    """A recording or picture in the file; it is unpacked only when it is brought in."""

    kind: str
    file: str
    created_at: str
    opens: bool = True
    """False for a file that is no picture or no sound, whatever its media type says."""


@dataclass(frozen=True)
class Arriving:
    """One entry as it will stand in the diary, with what belongs to it."""

    entry: Entry
    told: tuple[tuple[Reading, str], ...] = ()
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True)
class Arrival:
    """A file that was understood."""

    format: str
    """haru, daylio or pixels."""
    moments: tuple[Moment, ...] = ()
    entries: tuple[Arriving, ...] = ()
    owner: str = ""
    """When the account was made that the file comes from: no two share that microsecond. Empty: another product."""
    owner_name: str = ""
    preferences: Mapping[str, object] = field(default_factory=dict)
    learns_since: str | None = None
    sayings: tuple[Mapping[str, object], ...] = ()
    """What was said of music, as `tastes.every` tells it."""
    own_tracks: tuple[OwnTrack, ...] = ()
    mended: int = 0
    """Halves of characters that were replaced."""
    unpack: Callable[[str], bytes] | None = field(default=None, repr=False)
    """Opens one file of a zip, within limits."""

    def moods(self) -> dict[str, int]:
        """The words for moods that need one of the seven, most used first."""
        return dict(Counter(moment.mood for moment in self.moments).most_common())
