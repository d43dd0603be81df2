"""Find: one's own words again, among all the days."""

from __future__ import annotations

import streamlit as st

from components.days.links import days_row
from components.days.search_results import found_entry
from components.empty_state import nothing_yet
from components.moods import mood_name
from components.visitor import t, visitor, zone
from diary import days, entries, search
from diary.search import Query
from emotions import EMOTIONS

AT_ONCE = 20

person = visitor()
today = days.today(zone(person))

st.title(t("days.title"), anchor=False)
days_row()
if nothing_yet(person, t("find.empty"), ":material/search:"):
    st.stop()
words = st.text_input(t("find.words"), placeholder=t("find.placeholder"), icon=":material/search:", key="find_words")
with st.expander(t("find.filters"), icon=":material/tune:", key="find_filters"):
    names = {mood: mood_name(mood) for mood in EMOTIONS}
    moods = st.pills(
        t("entry.mood"), list(names), selection_mode="multi", format_func=names.__getitem__, key="find_moods"
    )
    tags = st.multiselect(
        t("entry.tags"),
        entries.favourite_tags(person, most=100),
        placeholder=t("find.any_tag"),
        select_all=False,
        filter_mode="contains",
        key="find_tags",
    )
    left, right = st.columns(2)
    first = left.date_input(t("history.from"), None, days.EARLIEST, today, key="find_from")
    last = right.date_input(t("history.to"), None, days.EARLIEST, today, key="find_to")

wanted = Query(words, moods, tags, first, last)
if wanted:
    found = search.find(person, wanted)
    st.write(t("find.found", count=len(found)) if found else t("find.nothing"))
    # Each search begins with its first twenty.
    shown = st.session_state.get("find_shown", AT_ONCE) if st.session_state.get("find_last") == wanted else AT_ONCE
    st.session_state["find_last"], st.session_state["find_shown"] = wanted, shown
    for entry in found[:shown]:
        found_entry(entry, words)
    if len(found) > shown and st.button(t("find.more", count=len(found) - shown), key="find_more"):
        st.session_state["find_shown"] = shown + AT_ONCE
        st.rerun()
else:
    st.caption(t("find.how"))
