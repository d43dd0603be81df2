"""History: what the kept days show, counted and never explained."""

from __future__ import annotations

import streamlit as st

from components.empty_state import nothing_yet
from components.history.comparison import compared
from components.history.period import choose_stretch
from components.history.sources import sources
from components.history.tags import tag_days
from components.history.timeline import over_time
from components.history.weekdays import rhythms
from components.visitor import t, visitor, zone
from diary import calendar, days, patterns

person = visitor()
today = days.today(zone(person))

st.title(t("history.title"), anchor=False)
if nothing_yet(person, t("history.empty"), ":material/insights:"):
    st.stop()

stretch = choose_stretch(person, today)
names = {one: t(f"history.section_{one}") for one in ("time", "rhythm", "compare", "tags", "models")}
section = st.pills(
    t("history.section"),
    list(names),
    default="time",
    required=True,
    format_func=names.__getitem__,
    key="history_section",
)
first_weekday = calendar.FIRST_WEEKDAY.of(person)
moments = patterns.entry_columns(person, stretch.first, stretch.last)
of_days = patterns.by_day(moments)
if not len(of_days):
    st.write(t("history.nothing_here"))
elif section == "time":
    over_time(of_days, stretch, first_weekday)
elif section == "rhythm":
    rhythms(moments, first_weekday)
elif section == "compare":
    compared(person, stretch, patterns.summary(of_days))
elif section == "tags":
    tag_days(person, of_days, stretch)
else:
    sources(person, moments, stretch)
st.caption(t("history.only_confirmed"))
