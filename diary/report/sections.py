"""The sections of a report, as the person switched them on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diary.entries import Entry
from diary.report.words import Word


@dataclass(frozen=True)
class Sections:
    name: str = ""
    """The person's name; empty for none."""
    moods: bool = True
    """The names of moods beside their colours."""
    counts: bool = True
    tags: bool = True
    """Tags and feelings."""
    trackers: bool = False
    notes: Sequence[Entry] = ()
    """The entries whose notes the person picked."""
    words: Sequence[Word] = ()
    """The words used on the most days; empty unless the person wants them."""
