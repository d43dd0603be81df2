"""A year in pixels: every day with an entry in its colour, each a button that opens the day."""

from __future__ import annotations

from datetime import date

import streamlit as st

from components import state
from components.days.address import go_to_day, go_to_month
from components.days.month import mood_counts
from components.days.year import year_table
from components.layout import day_view_links
from components.notice import empty_diary_notice
from components.report.link import report_link
from components.visitor import t, visitor, zone
from diary import calendar, days, trackers
from diary.report import spans

person = visitor()
today = days.today(zone())
year = state.YEAR.get_or_make(lambda: today.year)

st.title(t("days.title"), anchor=False)
day_view_links()
with st.container(horizontal=True, vertical_alignment="center", key="year_turn"):
    st.button(
        t("year.earlier"),
        icon=":material/chevron_left:",
        key="year_earlier",
        on_click=state.YEAR.set,
        args=(year - 1,),
        disabled=year <= days.EARLIEST.year,
    )
    st.header(t("year.title", year=year), anchor=False, text_alignment="center")
    st.button(
        t("year.later"),
        icon=":material/chevron_right:",
        key="year_later",
        on_click=state.YEAR.set,
        args=(year + 1,),
        disabled=year >= today.year,
    )

empty_diary_notice(person, t("year.empty"), ":material/apps:")
first, last = date(year, 1, 1), date(year, 12, 31)
by_day = calendar.between(person, first, last)
day, month = year_table(year, by_day, trackers.count_by_day(person, first, last), today)
with st.container(gap="xsmall"):
    st.write(mood_counts(by_day) if by_day else t("year.none"))
    st.caption(t(f"calendar.rule_{calendar.DAYS_MOOD.of(person)}"))
    if by_day:
        report_link(spans.year(first))
if day:
    go_to_day(day)
if month:
    go_to_month(month)
