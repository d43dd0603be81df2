"""A day of the calendar, as it is said: what was kept of it, or that nothing was."""

from __future__ import annotations

from datetime import date

from components.dates import day_label
from components.moods import mood_word
from components.visitor import t
from diary.calendar import Day


def spoken(day: date, kept: Day | None, today: date) -> str:
    """The whole label of a day for those who hear the calendar; the three kinds of days sound different."""
    name = day_label(day)
    if day == today:
        name = t("calendar.today_is", day=name)
    if kept is None:
        return t("calendar.nothing", day=name)
    if len(kept.moods) == 1:
        return t("calendar.one", day=name, mood=mood_word(kept.mood))
    others = ", ".join(mood_word(mood) for mood in kept.moods)
    return t("calendar.several", day=name, mood=mood_word(kept.mood), count=len(kept.moods), moods=others)
