"""A month as a calendar of buttons: each day in its mood's colour, to be opened by a click or Enter.

What is said of a day stands in the button's own label, as emphasised text that the style sheet hides from the eye and
not from a screen reader: Streamlit's buttons have no other place for it.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

import streamlit as st

from components.dates import month_label, weekday_names
from components.days.day_names import spoken
from components.moods import ink, mood_name
from components.visitor import t
from diary import days
from diary.calendar import Day
from emotions import BY_KEY

MONTH, DAY = "month", "day"
"""What is shown, in the session: the first of a month, and the day that is open."""


def shown(today: date) -> tuple[date, date | None]:
    """The month that is shown and the day that is open in it; today, at first."""
    first = st.session_state.setdefault(MONTH, today.replace(day=1))
    return first, st.session_state.setdefault(DAY, today)


def show_day(day: date) -> None:
    st.session_state[MONTH], st.session_state[DAY] = day.replace(day=1), day


def show_month(first: date, today: date) -> None:
    """Opens a month; of the days only today opens by itself."""
    st.session_state[MONTH] = first
    st.session_state[DAY] = today if today.replace(day=1) == first else None


def turn_pages(first: date, today: date) -> None:
    """The month's name between two arrows, and the way back to today."""
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


def month_grid(first: date, kept: Mapping[date, Day], first_weekday: int, today: date, opened: date | None) -> None:
    """Seven columns at any width; the weekdays above are for the eye, every day says its own."""
    names = "".join(f"<span>{name}</span>" for name in weekday_names(first_weekday))
    st.html(f'<div class="haru-weekdays" aria-hidden="true">{names}</div>{_colours(first, kept, first_weekday)}')
    with st.container(horizontal=True, key="month_grid", gap=None):
        for number in range(1, monthrange(first.year, first.month)[1] + 1):
            day = first.replace(day=number)
            st.button(
                _label(day, kept.get(day), today, is_open=day == opened),
                key=f"day_{day.isoformat()}",
                type="primary" if day == opened else "secondary",
                on_click=show_day,
                args=(day,),
                disabled=day > today,
            )


def month_in_words(kept: Mapping[date, Day], rule: str, streak: int) -> None:
    """How many days of each mood, what makes a mood a day's, and how many days in a row there are by now."""
    with st.container(gap="xsmall", key="month_in_words"):
        if kept:
            st.write(counted(kept))
            st.caption(t(f"calendar.rule_{rule}"))
        else:
            st.write(t("days.none"))
        if streak > 1:
            st.caption(t("calendar.streak", days=streak))


def counted(kept: Mapping[date, Day]) -> str:
    """How many days there are of each mood, by the colour they wear."""
    worn = Counter(day.mood for day in kept.values())
    counts = " · ".join(f"{mood_name(mood)} {count}" for mood, count in worn.most_common())
    return t("calendar.counted", days=len(kept), counts=counts)


def _label(day: date, kept: Day | None, today: date, is_open: bool) -> str:
    seen = f"**{day.day}**"
    if kept:
        seen += f" {BY_KEY[kept.mood].emoji}"
        if len(kept.moods) > 1:
            seen += f" `{len(kept.moods)}`"
    says = spoken(day, kept, today)
    return f"{seen} *{t('calendar.open', day=says) if is_open else says}*"


def _colours(first: date, kept: Mapping[date, Day], first_weekday: int) -> str:
    """Where the month begins, and each kept day's colours: its own, and below those of all its moods."""
    column = (first.weekday() - first_weekday) % 7 + 1
    rules = [f".st-key-day_{first.isoformat()} {{ grid-column-start: {column}; }}"]
    for day in kept.values():
        worn = f"--mood: {BY_KEY[day.mood].colour}; --ink: {ink(day.mood)}; --edge-style: solid; {_band(day)}"
        rules.append(f".st-key-day_{day.day.isoformat()} button {{ {worn} }}")
    return f"<style>{''.join(rules)}</style>"


def _band(day: Day) -> str:
    """All moods of a day side by side, as a gradient with hard edges; nothing for a single one."""
    if len(day.moods) == 1:
        return ""
    share = 100 / len(day.moods)
    stops = ", ".join(
        f"{BY_KEY[mood].colour} {place * share:.1f}% {(place + 1) * share:.1f}%" for place, mood in enumerate(day.moods)
    )
    return f"--moods: linear-gradient(90deg, {stops}); --moods-edge: 1px;"
