"""The calendar of a month: one button for each day, in the colour of its mood, that opens the day.

A button's label also holds the description for screen readers, as emphasised text that the style sheet hides visually:
Streamlit's buttons accept no other accessible name.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

import streamlit as st

from components import state
from components.dates import day_label, month_label, weekday_names
from components.moods import mood_name, mood_word, text_colour
from components.visitor import t
from diary import days
from diary.calendar import Day
from emotions import BY_KEY


def shown(today: date) -> tuple[date, date | None]:
    """The first of the month that is shown, and the day that is open in it; at first, today."""
    if not state.MONTH.is_set():
        show_day(today)
    return state.MONTH.get() or today.replace(day=1), state.DAY.get()


def show_day(day: date) -> None:
    state.MONTH.set(day.replace(day=1))
    state.DAY.set(day)


def show_month(first: date, today: date) -> None:
    """Shows a month, with today open if the month is the current one."""
    state.MONTH.set(first)
    state.DAY.set(today if today.replace(day=1) == first else None)


def month_header(first: date, today: date) -> None:
    """The month's name between two arrows, and a button for today."""
    earlier, later = (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)
    with st.container(horizontal=True, vertical_alignment="center", key="month_turn"):
        st.button(
            t("days.earlier"),
            icon=":material/chevron_left:",
            key="month_earlier",
            on_click=show_month,
            args=(earlier, today),
            disabled=earlier < days.EARLIEST,
        )
        st.header(month_label(first.year, first.month), anchor=False, text_alignment="center")
        st.button(
            t("days.later"),
            icon=":material/chevron_right:",
            key="month_later",
            on_click=show_month,
            args=(later, today),
            disabled=later > today,
        )
        st.button(t("days.today"), key="month_today", on_click=show_day, args=(today,))


def month_grid(first: date, by_day: Mapping[date, Day], first_weekday: int, today: date, opened: date | None) -> None:
    """Seven columns at any width. Screen readers skip the weekday row: each button names its own weekday."""
    names = "".join(f"<span>{name}</span>" for name in weekday_names(first_weekday))
    st.html(f'<div class="haru-weekdays" aria-hidden="true">{names}</div>{_colours(first, by_day, first_weekday)}')
    with st.container(horizontal=True, key="month_grid", gap=None):
        for number in range(1, monthrange(first.year, first.month)[1] + 1):
            day = first.replace(day=number)
            st.button(
                _label(day, by_day.get(day), today, is_open=day == opened),
                key=f"day_{day.isoformat()}",
                type="primary" if day == opened else "secondary",
                on_click=show_day,
                args=(day,),
                disabled=day > today,
            )


def month_in_words(by_day: Mapping[date, Day], rule: str, streak: int) -> None:
    """The days of each mood, the rule for the mood of a day, and the days in a row until today."""
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
    counts = " · ".join(f"{mood_name(mood)} {count}" for mood, count in moods.most_common())
    return t("calendar.counted", days=len(by_day), counts=counts)


def describe_day(day: date, mood_day: Day | None, today: date) -> str:
    """The description of a day for screen readers: no entry, one entry, or several."""
    name = day_label(day)
    if day == today:
        name = t("calendar.today_is", day=name)
    if mood_day is None:
        return t("calendar.nothing", day=name)
    if len(mood_day.moods) == 1:
        return t("calendar.one", day=name, mood=mood_word(mood_day.mood))
    others = ", ".join(mood_word(mood) for mood in mood_day.moods)
    return t("calendar.several", day=name, mood=mood_word(mood_day.mood), count=len(mood_day.moods), moods=others)


def _label(day: date, mood_day: Day | None, today: date, is_open: bool) -> str:
    label = f"**{day.day}**"
    if mood_day:
        label += f" {BY_KEY[mood_day.mood].face}"
        if len(mood_day.moods) > 1:
            label += f" `{len(mood_day.moods)}`"
    description = describe_day(day, mood_day, today)
    return f"{label} *{t('calendar.open', day=description) if is_open else description}*"


def _colours(first: date, by_day: Mapping[date, Day], first_weekday: int) -> str:
    """CSS: the grid column of the first day, and the colours of each day that has entries."""
    column = (first.weekday() - first_weekday) % 7 + 1
    rules = [f".st-key-day_{first.isoformat()} {{ grid-column-start: {column}; }}"]
    for day in by_day.values():
        style = f"--mood: {BY_KEY[day.mood].colour}; --ink: {text_colour(day.mood)}; --edge-style: solid; {_band(day)}"
        rules.append(f".st-key-day_{day.day.isoformat()} button {{ {style} }}")
    return f"<style>{''.join(rules)}</style>"


def _band(day: Day) -> str:
    """CSS: all moods of a day side by side, as a gradient with hard edges; nothing for a single mood."""
    if len(day.moods) == 1:
        return ""
    share = 100 / len(day.moods)
    stops = ", ".join(
        f"{BY_KEY[mood].colour} {index * share:.1f}% {(index + 1) * share:.1f}%" for index, mood in enumerate(day.moods)
    )
    return f"--moods: linear-gradient(90deg, {stops}); --moods-edge: 1px;"
