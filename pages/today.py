"""Today: a new entry from a note, a recording, a picture or by hand, and the entries of today."""

from __future__ import annotations

import streamlit as st

from components.dates import day_label
from components.entry import open_form
from components.entry.analyse import analyse_entry
from components.entry.capture import capture
from components.entry.card import entry_card
from components.entry.form import new_entry
from components.entry.kept_media import media_to_keep
from components.entry.live import stop_live
from components.text import plain
from components.today import saved_notice
from components.today.on_this_day import on_this_day_section
from components.today.tour import tour
from components.visitor import sentence, t, visitor, zone
from diary import days, entries, errors

person = visitor()
timezone = zone()
today = days.today(timezone)
form = open_form.new_entry_form(person)

st.caption(day_label(today))
st.title(t("today.question", name=plain(person.name)), anchor=False)
tour(person)

offered = capture(person, form, live=True)
analysis = analyse_entry(person, form, offered)
source = analysis.source if analysis else "hand"
new = new_entry(person, form, timezone, offered.note, source, open_form.draft_id())
if new is not None:
    try:
        entries.add(person, new, readings=analysis.to_store if analysis else (), media=media_to_keep(person, offered))
    except errors.DiaryError as error:
        st.error(sentence(error))
    else:
        saved_notice.remember(new, today)
        open_form.start_afresh(person)
        stop_live()
        st.rerun()
open_form.save_draft(person, analysis)
saved_notice.show(is_new_entry_empty=open_form.is_untouched() and not (offered or offered.recording))

st.header(t("today.so_far"), anchor=False)
so_far = entries.of_day(person, today)
if not so_far:
    st.write(t("today.nothing_yet"))
for entry in reversed(so_far):
    entry_card(person, entry)
on_this_day_section(person, today)
