"""Trackers and their values as text."""

from __future__ import annotations

from components.text import plain
from components.visitor import current_language
from diary import tracker_text
from diary.trackers import Tracker, Value


def tracker_label(tracker: Tracker) -> str:
    """Emoji and name, for a place that reads Markdown."""
    return plain(tracker.label)


def value_text(kind: str, value: Value) -> str:
    """A value, or a mean of values, in the visitor's language: 7, 7:30, 8,000, yes."""
    return tracker_text.value_text(current_language(), kind, value)
