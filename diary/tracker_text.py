"""Values of trackers as text, in one language."""

from __future__ import annotations

from diary.trackers import Value
from language import say


def value_text(language: str, kind: str, value: Value) -> str:
    """A value, or a mean of values: 7, 7:30, 8,000, yes."""
    if kind == "minutes":
        return clock(value)
    if kind == "yes_no":
        return say(language, "tracker.yes" if value else "tracker.no")
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def clock(minutes: Value) -> str:
    """Minutes as hours and minutes: 7:30."""
    hours, rest = divmod(round(minutes), 60)
    return f"{hours}:{rest:02}"
