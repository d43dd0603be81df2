"""Today: how is it? Said in a line, by voice, by face or by hand; confirmed; kept."""

from __future__ import annotations

import streamlit as st

from components import notice
from components.dates import day_label
from components.entry import draft
from components.entry.analyse import analysing
from components.entry.capture import capture
from components.entry.card import entry_card
from components.entry.form import new_entry
from components.entry.kept_media import media_to_keep
from components.entry.live import put_away
from components.text import plain
from components.today import saved_notice
from components.today.on_this_day import looking_back
from components.today.tour import tour
from components.visitor import sentence, t, visitor, zone
from diary import days, entries, errors

person = visitor()
here = zone(person)
today = days.today(here)
form = draft.form(person)

st.caption(day_label(today))
st.title(t("today.question", name=plain(person.name)), anchor=False)
notice.show()
tour(person)

offered = capture(person, form, live=True)
analysis = analysing(person, form, offered)
source = analysis.source if analysis else "hand"
new = new_entry(person, form, here, offered.note, source, draft.draft_id())
if new is not None:
    try:
        entries.add(person, new, readings=analysis.to_store if analysis else (), media=media_to_keep(person, offered))
    except errors.DiaryError as error:
        st.error(sentence(error))
    else:
        saved_notice.remember(new, today)
        draft.start_afresh(person)
        put_away()
        st.rerun()
draft.remember(person, analysis)
saved_notice.show(until_something_new=draft.is_untouched() and not offered)

st.header(t("today.so_far"), anchor=False)
so_far = entries.of_day(person, today)
if not so_far:
    st.write(t("today.nothing_yet"))
for entry in reversed(so_far):
    entry_card(person, entry)
looking_back(person, today)
