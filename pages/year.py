"""A year in pixels: every kept day at a glance, each one a way to that day."""

from __future__ import annotations

from datetime import date

import streamlit as st

from components.days.links import days_row
from components.days.month import counted, show_day, show_month
from components.days.year import year_table
from components.empty_state import nothing_yet
from components.visitor import t, visitor, zone
from diary import calendar, days

person = visitor()
today = days.today(zone(person))
year = st.session_state.setdefault("year", today.year)


def show_year(chosen: int) -> None:
    st.session_state["year"] = chosen


st.title(t("days.title"), anchor=False)
days_row()
with st.container(horizontal=True, vertical_alignment="center", key="year_turn"):
    st.button(
        t("year.earlier"),
        icon=":material/chevron_left:",
        key="year_earlier",
        on_click=show_year,
        args=(year - 1,),
        disabled=year <= days.EARLIEST.year,
    )
    st.header(t("year.title", year=year), anchor=False, text_alignment="center")
    st.button(
        t("year.later"),
        icon=":material/chevron_right:",
        key="year_later",
        on_click=show_year,
        args=(year + 1,),
        disabled=year >= today.year,
    )

nothing_yet(person, t("year.empty"), ":material/apps:")
kept = calendar.between(person, date(year, 1, 1), date(year, 12, 31))
with st.container(gap="xsmall"):
    st.write(counted(kept) if kept else t("year.none"))
    st.caption(t(f"calendar.rule_{calendar.DAYS_MOOD.of(person)}"))
day, month = year_table(year, kept, today)
if day or month:
    if day:
        show_day(day)
    else:
        show_month(month, today)
    st.switch_page(page="pages/days.py")
