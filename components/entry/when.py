"""The day and the time of an entry."""

from __future__ import annotations

from datetime import date, time, timedelta

import streamlit as st

from components.dates import field_format
from components.entry import form_fields
from components.visitor import t
from diary import days
from diary.entries import Entry


def day_and_time(form: str, zone: str, entry: Entry | None = None) -> tuple[date, time | None]:
    """Asks for the day, and for the time unless it is now."""
    today = days.today(zone)
    # The key changes with the date: a page that stays open over midnight must not still offer yesterday.
    key = None if entry else f"day_{today.isoformat()}_{form}"
    day = st.date_input(
        t("entry.day"),
        # Wider than the days that can be saved, so that Haru's own message answers a wrong year.
        min_value=date(1800, 1, 1),
        max_value=today + timedelta(days=366),
        format=field_format(),
        key=form_fields.prepare(form, "day", entry.day if entry else today, key),
    )
    if entry is None and day == today:
        return day, days.time_now(zone)
    known = days.local_time(entry.happened_at, zone) if entry and entry.time_known else None
    key = form_fields.prepare(form, "time", known)
    return day, st.time_input(t("entry.time"), value=None, step=300, key=key)


def time_of_day(form: str, day: date, zone: str) -> time | None:
    """Asks for the time on this day."""
    now = days.time_now(zone).replace(second=0) if day == days.today(zone) else None
    key = form_fields.prepare(form, "time", now)
    return st.time_input(t("entry.time"), value="now" if now else None, step=300, key=key)
