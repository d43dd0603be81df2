"""The month's name with its buttons, and a month and a day in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

import streamlit as st

from components.dates import day_label, month_label
from components.days.address import Shown, show_month
from components.moods import mood_name, mood_word
from components.visitor import t
from diary import days
from diary.calendar import Day


def month_header(shown: Shown, today: date) -> None:
    """The month's name between two arrows, and what can be done with the month."""
    first, this_month = shown.first, today.replace(day=1)
    earlier, later = (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)
    with st.container(horizontal=True, vertical_alignment="center", key="month_header"):
        with st.container(horizontal=True, vertical_alignment="center", width="content", key="month_turn"):
            st.button(
                t("days.earlier"),
                icon=":material/chevron_left:",
                key="month_earlier",
                on_click=show_month,
                args=(earlier,),
                disabled=earlier < days.EARLIEST,
            )
            st.header(month_label(first.year, first.month), anchor=False, text_alignment="center")
            st.button(
                t("days.later"),
                icon=":material/chevron_right:",
                key="month_later",
                on_click=show_month,
                args=(later,),
                disabled=later > today,
            )
        with st.container(horizontal=True, width="content", key="month_actions"):
            if first != this_month or shown.day != today:
                st.button(t("days.today"), key="month_today", on_click=show_month, args=(this_month,))


def month_in_words(by_day: Mapping[date, Day], rule: str, streak: int) -> None:
    """The days of each mood, the rule for the mood of a day, and the days in a row until today.

    `streak` is 0 for an earlier month.
    """
    with st.container(gap="xsmall", key="month_in_words"):
        if by_day:
            st.write(mood_counts(by_day))
            st.caption(t(f"calendar.rule_{rule}"))
        else:
            st.write(t("days.none"))
        if streak > 1:
            st.caption(t("calendar.streak", days=streak))


def mood_counts(by_day: Mapping[date, Day]) -> str:
    """How many days have each mood."""
    moods = Counter(day.mood for day in by_day.values())
    counts = " · ".join(f"{mood_name(mood)}\N{NO-BREAK SPACE}{count}" for mood, count in moods.most_common())
    return t("calendar.counted", days=len(by_day), counts=counts)


def describe_day(day: date, mood_day: Day | None, today: date, has_photos: bool = False, trackers: int = 0) -> str:
    """The description of a day for screen readers: no entry, one entry, or several, and what else there is."""
    name = day_label(day)
    if day == today:
        name = t("calendar.today_is", day=name)
    if mood_day is None:
        return t("calendar.only_trackers", day=name, count=trackers) if trackers else t("calendar.nothing", day=name)
    if len(mood_day.moods) == 1:
        said = t("calendar.one", day=name, mood=mood_word(mood_day.mood))
    else:
        others = ", ".join(mood_word(mood) for mood in mood_day.moods)
        said = t("calendar.several", day=name, mood=mood_word(mood_day.mood), count=len(mood_day.moods), moods=others)
    if has_photos:
        said = t("calendar.with_photos", day=said)
    return t("calendar.with_trackers", day=said, count=trackers) if trackers else said
