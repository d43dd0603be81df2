"""Days: month by month, every day that was kept."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from itertools import groupby

import streamlit as st

from diary import days, entries
from parts import notice
from parts.dates import day_label, month_label
from parts.entry_card import entry_card
from parts.visitor import t, visitor, zone

person = visitor()
this_month = days.today(zone(person)).replace(day=1)
first = st.session_state.setdefault("month", this_month)


def show_month(month: date) -> None:
    st.session_state["month"] = month


st.title(t("days.title"), anchor=False)
notice.show()
with st.container(horizontal=True, vertical_alignment="center"):
    earlier = (first - timedelta(days=1)).replace(day=1)
    later = (first + timedelta(days=31)).replace(day=1)
    st.button(
        t("days.earlier"),
        icon=":material/chevron_left:",
        on_click=show_month,
        args=(earlier,),
        disabled=earlier < days.EARLIEST,
    )
    st.button(
        t("days.later"),
        icon=":material/chevron_right:",
        icon_position="right",
        on_click=show_month,
        args=(later,),
        disabled=first >= this_month,
    )
    if first != this_month:
        st.button(t("days.this_month"), on_click=show_month, args=(this_month,), type="tertiary")
st.header(month_label(first.year, first.month), anchor=False)

last = first.replace(day=monthrange(first.year, first.month)[1])
kept = entries.between(person, first, last)
if not kept:
    st.write(t("days.none"))
for day, of_day in groupby(reversed(kept), key=lambda entry: entry.day):
    st.subheader(day_label(day), anchor=False)
    for entry in of_day:
        entry_card(person, entry)
