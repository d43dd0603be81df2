"""Today: how is it, and what was kept so far."""

from __future__ import annotations

import streamlit as st

from diary import days, entries, errors
from parts import notice
from parts.dates import day_label
from parts.entry_card import entry_card
from parts.entry_form import mood_name, new_entry, start_afresh
from parts.plain import plain
from parts.visitor import sentence, t, visitor, zone

person = visitor()
here = zone(person)
today = days.today(here)

st.caption(day_label(today))
st.title(t("today.question", name=plain(person.name)), anchor=False)
notice.show()

draft = new_entry(person, here)
if draft is not None:
    try:
        entries.add(person, draft)
    except errors.DiaryError as error:
        st.error(sentence(error))
    else:
        kept = t("today.saved", mood=mood_name(draft.mood))
        if draft.day != today:
            kept = t("today.saved_for", mood=mood_name(draft.mood), day=day_label(draft.day))
        notice.leave(kept)
        start_afresh()
        st.rerun()

st.header(t("today.so_far"), anchor=False)
so_far = entries.of_day(person, today)
if not so_far:
    st.write(t("today.nothing_yet"))
for entry in reversed(so_far):
    entry_card(person, entry)
