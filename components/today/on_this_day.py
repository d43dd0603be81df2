"""On this day: the entries of a month ago and of earlier years, if the person switched this on."""

from __future__ import annotations

from datetime import date

import streamlit as st

from components.dates import short_date
from components.days.address import go_to_day
from components.entry.card import entry_text
from components.visitor import t
from diary import on_this_day
from diary.sessions import Session

_TITLE_KEYS = {0: "memory.month", 1: "memory.year"}
"""By years ago; 0 is a month ago."""


def on_this_day_section(session: Session, today: date) -> None:
    remembered = on_this_day.of(session, today)
    if not remembered:
        return
    st.header(t("memory.title"), anchor=False)
    for memory in remembered:
        day = short_date(memory.day)
        title = t(_TITLE_KEYS.get(memory.years, "memory.years"), years=memory.years, day=day)
        with st.expander(title, icon=":material/history:"):
            for entry in memory.entries:
                entry_text(entry)
            if st.button(t("find.open", day=day), key=f"memory_{memory.day}", icon=":material/event:", type="tertiary"):
                go_to_day(memory.day)
