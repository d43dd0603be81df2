"""History: sentences, charts and counts of the confirmed moods; it never guesses at causes."""

from __future__ import annotations

import streamlit as st

from components.history.comparison import comparison_section
from components.history.feelings import feeling_section
from components.history.highlights import highlights
from components.history.period import period_of, period_pills
from components.history.sources import source_section
from components.history.tags import tag_section
from components.history.timeline import timeline_section
from components.history.trackers import tracker_section
from components.history.weekdays import weekday_section
from components.notice import empty_diary_notice
from components.report.link import report_link
from components.visitor import t, visitor, zone
from diary import calendar, days, patterns, trackers
from diary import highlights as diary_highlights
from diary.report import spans

person = visitor()
today = days.today(zone())

st.title(t("history.title"), anchor=False)
if trackers.first_day(person) is None and empty_diary_notice(person, t("history.empty"), ":material/insights:"):
    st.stop()

highlights(diary_highlights.of(person, today))
head = st.container(horizontal=True, vertical_alignment="bottom", key="history_head")
with head:
    chosen = period_pills()
period = period_of(chosen, person, today)
with head:
    report_link(spans.month(period.last))
names = {
    section: t(f"history.section_{section}")
    for section in ("time", "rhythm", "compare", "tags", "feelings", "trackers", "models")
}
section = st.pills(
    t("history.section"),
    list(names),
    default="time",
    required=True,
    format_func=names.__getitem__,
    key="history_section",
)
first_weekday = calendar.FIRST_WEEKDAY.of(person)
moments = patterns.entry_columns(person, period.first, period.last)
of_days = patterns.by_day(moments)
if section == "trackers":
    tracker_section(person, of_days, period, first_weekday)
elif not len(of_days):
    st.write(t("history.nothing_here"))
elif section == "time":
    timeline_section(of_days, calendar.between(person, period.first, period.last), period, first_weekday)
elif section == "rhythm":
    weekday_section(moments, first_weekday)
elif section == "compare":
    comparison_section(person, period, of_days)
elif section == "tags":
    tag_section(person, of_days, period)
elif section == "feelings":
    feeling_section(person, of_days, period)
else:
    source_section(person, moments, period)
st.caption(t("history.only_confirmed"))
