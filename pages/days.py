"""Days: a month as a calendar, and the entries of the open day."""

from __future__ import annotations

from calendar import monthrange

import streamlit as st

from components.days.address import shown
from components.days.month import month_header, month_in_words
from components.days.month_table import Month, first_words, month_table
from components.days.opened_day import opened_day
from components.layout import day_view_links
from components.notice import empty_diary_notice
from components.report.link import report_link
from components.visitor import t, visitor, zone
from diary import calendar, days, entries, photos, trackers
from diary.report import spans

person = visitor()
timezone = zone()
today = days.today(timezone)
now = shown(today)
last = now.first.replace(day=monthrange(now.first.year, now.first.month)[1])
of_month = entries.between(person, now.first, last)
with_photos = photos.between(person, now.first, last)
month = Month(
    now.first,
    calendar.between(person, now.first, last),
    first_words(of_month),
    frozenset(entry.day for entry in of_month if entry.id in with_photos),
    trackers.count_by_day(person, now.first, last),
)

st.title(t("days.title"), anchor=False)
day_view_links()
with st.container(key="days_columns"):
    with st.container(key="days_month"):
        month_header(now, today)
        month_table(month, calendar.FIRST_WEEKDAY.of(person), today, now)
        if not empty_diary_notice(person, t("days.empty"), ":material/calendar_month:"):
            is_this_month = now.first == today.replace(day=1)
            streak = calendar.streak(person, today) if is_this_month else 0
            month_in_words(month.by_day, calendar.DAYS_MOOD.of(person), streak)
            report_link(spans.month(now.first))
    opened_day(person, now, today, timezone)
