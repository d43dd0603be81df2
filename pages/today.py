"""Today: how is it? Said in a line, by voice, by face or by hand; confirmed; kept."""

from __future__ import annotations

import streamlit as st

from diary import days, entries, errors
from parts import afterwards, notice, unfinished
from parts.analysing import analysing
from parts.capture import capture
from parts.dates import day_label
from parts.entry_card import entry_card
from parts.entry_form import new_entry
from parts.keeping import media_to_keep
from parts.live import put_away
from parts.looking_back import looking_back
from parts.plain import plain
from parts.tour import tour
from parts.visitor import sentence, t, visitor, zone

person = visitor()
here = zone(person)
today = days.today(here)
form = unfinished.form(person)

st.caption(day_label(today))
st.title(t("today.question", name=plain(person.name)), anchor=False)
notice.show()
tour(person)

offered = capture(person, form, live=True)
analysis = analysing(person, form, offered)
source = analysis.source if analysis else "hand"
draft = new_entry(person, form, here, offered.line, source, unfinished.draft_id())
if draft is not None:
    try:
        entries.add(person, draft, told=analysis.told if analysis else (), kept=media_to_keep(person, offered))
    except errors.DiaryError as error:
        st.error(sentence(error))
    else:
        afterwards.remember(draft, today)
        unfinished.start_afresh(person)
        put_away()
        st.rerun()
unfinished.remember(person, analysis)
afterwards.show(until_something_new=unfinished.is_untouched() and not offered)

st.header(t("today.so_far"), anchor=False)
so_far = entries.of_day(person, today)
if not so_far:
    st.write(t("today.nothing_yet"))
for entry in reversed(so_far):
    entry_card(person, entry)
looking_back(person, today)
