"""Days: a month in colours, and the day that is opened in it."""

from __future__ import annotations

from calendar import monthrange

import streamlit as st

from components import notice
from components.days.links import days_row
from components.days.month import month_grid, month_in_words, shown, turn_pages
from components.days.opened_day import opened_day
from components.empty_state import nothing_yet
from components.visitor import t, visitor, zone
from diary import calendar, days

person = visitor()
here = zone(person)
today = days.today(here)
first, opened = shown(today)
last = first.replace(day=monthrange(first.year, first.month)[1])
kept = calendar.between(person, first, last)

st.title(t("days.title"), anchor=False)
days_row()
notice.show()
turn_pages(first, today)
month_grid(first, kept, calendar.FIRST_WEEKDAY.of(person), today, opened)
if not nothing_yet(person, t("days.empty"), ":material/calendar_month:"):
    month_in_words(kept, calendar.DAYS_MOOD.of(person), calendar.streak(person, today))

if opened:
    opened_day(person, opened, today, here)
else:
    st.caption(t("days.choose"))
