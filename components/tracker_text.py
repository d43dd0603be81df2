"""Trackers and their values as text."""

from __future__ import annotations

from components.text import plain
from components.visitor import t
from diary.trackers import Tracker, Value


def tracker_label(tracker: Tracker) -> str:
    """Emoji and name, for a place that reads Markdown."""
    return plain(tracker.label)


def value_text(kind: str, value: Value) -> str:
    """A value, or a mean of values: 7, 7:30, 8,000, yes."""
    if kind == "minutes":
        return clock(value)
    if kind == "yes_no":
        return t("tracker.yes") if value else t("tracker.no")
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def clock(minutes: Value) -> str:
    """Minutes as hours and minutes: 7:30."""
    hours, rest = divmod(round(minutes), 60)
    return f"{hours}:{rest:02}"
