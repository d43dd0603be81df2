"""On this day: what was kept a month ago and in earlier years, for those who switched it on."""

from __future__ import annotations

from datetime import date

import streamlit as st

from components.dates import short_date
from components.days.month import show_day
from components.entry.card import entry_lines
from components.visitor import t
from diary import on_this_day
from diary.sessions import Session

_HOW_LONG_AGO = {0: "memory.month", 1: "memory.year"}


def looking_back(session: Session, today: date) -> None:
    remembered = on_this_day.of(session, today)
    if not remembered:
        return
    st.header(t("memory.title"), anchor=False)
    for memory in remembered:
        day = short_date(memory.day)
        says = t(_HOW_LONG_AGO.get(memory.years, "memory.years"), years=memory.years, day=day)
        with st.expander(says, icon=":material/history:"):
            for entry in memory.entries:
                entry_lines(entry)
            if st.button(t("find.open", day=day), key=f"memory_{memory.day}", icon=":material/event:", type="tertiary"):
                show_day(memory.day)
                st.switch_page(page="pages/days.py")
