"""Find: a search through all entries by words, mood, tag and time."""

from __future__ import annotations

from datetime import date

import streamlit as st

from components import page_cache, state
from components.dates import field_format
from components.days.search_results import search_result
from components.layout import day_view_links
from components.moods import mood_name
from components.notice import empty_diary_notice
from components.visitor import t, visitor, zone
from diary import days, entries, search
from diary.search import Query
from emotions import EMOTIONS

PAGE_SIZE = 20


def _until(day: date | None, today: date) -> date | None:
    """A traveller's today can be an earlier day than before."""
    return min(day, today) if day else None


person = visitor()
today = days.today(zone())

st.title(t("days.title"), anchor=False)
day_view_links()
if empty_diary_notice(person, t("find.empty"), ":material/search:"):
    st.stop()
# Streamlit forgets the fields of a page that the person left, for example to look at a day that was found.
before: Query = page_cache.cached("search_before", None, lambda: (state.SEARCH.get() or (Query(), 0))[0])
words = st.text_input(
    t("find.words"), before.words, placeholder=t("find.placeholder"), icon=":material/search:", key="find_words"
)
with st.expander(t("find.filters"), icon=":material/tune:", key="find_filters"):
    names = {mood: mood_name(mood) for mood in EMOTIONS}
    moods = st.pills(
        t("entry.mood"),
        list(names),
        selection_mode="multi",
        default=list(before.moods),
        format_func=names.__getitem__,
        key="find_moods",
    )
    used_tags = entries.favourite_tags(person, most=100)
    tags = st.multiselect(
        t("entry.tags"),
        used_tags,
        [tag for tag in before.tags if tag in used_tags],
        placeholder=t("find.any_tag"),
        select_all=False,
        filter_mode="contains",
        key="find_tags",
    )
    left, right = st.columns(2)
    first = left.date_input(
        t("history.from"), _until(before.first, today), days.EARLIEST, today, key="find_from", format=field_format()
    )
    last = right.date_input(
        t("history.to"), _until(before.last, today), days.EARLIEST, today, key="find_to", format=field_format()
    )

wanted = Query(words, moods, tags, first, last)
if wanted:
    found = search.find(person, wanted)
    st.write(t("find.found", count=len(found)) if found else t("find.nothing"))
    previous, shown = state.SEARCH.get() or (None, PAGE_SIZE)
    if previous != wanted:
        shown = PAGE_SIZE
        state.SEARCH.set((wanted, shown))
    for entry in found[:shown]:
        search_result(entry, words)
    if len(found) > shown and st.button(t("find.more", count=len(found) - shown), key="find_more"):
        state.SEARCH.set((wanted, shown + PAGE_SIZE))
        st.rerun()
else:
    state.SEARCH.set(None)
    st.caption(t("find.how"))
