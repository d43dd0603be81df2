"""Days: a month as a calendar, and the entries of the open day."""

from __future__ import annotations

from calendar import monthrange

import streamlit as st

from components.days.month import month_grid, month_header, month_in_words, shown
from components.days.opened_day import opened_day
from components.layout import day_view_links
from components.notice import empty_diary_notice
from components.visitor import t, visitor, zone
from diary import calendar, days

person = visitor()
timezone = zone()
today = days.today(timezone)
first, opened = shown(today)
last = first.replace(day=monthrange(first.year, first.month)[1])
by_day = calendar.between(person, first, last)

st.title(t("days.title"), anchor=False)
day_view_links()
month_header(first, today)
month_grid(first, by_day, calendar.FIRST_WEEKDAY.of(person), today, opened)
if not empty_diary_notice(person, t("days.empty"), ":material/calendar_month:"):
    month_in_words(by_day, calendar.DAYS_MOOD.of(person), calendar.streak(person, today))

if opened:
    opened_day(person, opened, today, timezone)
else:
    st.caption(t("days.choose"))
