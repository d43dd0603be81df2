"""Today: a new entry from a mood alone, or with a note, a recording, a picture; and the entries of today."""

from __future__ import annotations

import streamlit as st

from components.dates import day_label
from components.demo.moments import moments
from components.entry import keep_error, open_form, parts
from components.entry.analyse import analyse_entry
from components.entry.capture import capture
from components.entry.card import entry_card
from components.entry.form import new_entry
from components.entry.kept_media import media_to_keep
from components.entry.live import stop_live
from components.entry.photos import photos_to_keep
from components.entry.places import places
from components.entry.restored import restored_line
from components.text import plain
from components.today import saved_notice
from components.today.correction import correction_noted
from components.today.on_this_day import on_this_day_section
from components.today.tour import tour
from components.today.trackers import first_tracker_link, trackers_row
from components.visitor import t, visitor, zone
from demo import state as demo_state
from diary import days, drafts, entries, errors
from web import streamlit_private

person = visitor()
timezone = zone()
today = days.today(timezone)
form = open_form.new_entry_form(person)
so_far = entries.of_day(person, today)
is_demo = demo_state.is_on()

with st.container(key="today"):
    form_place = st.container(key="today_form", gap="small")
    if is_demo:
        moments()
    so_far_place = st.container(key="today_so_far")

with form_place:
    kept = t(f"today.kept_{min(len(so_far), 3)}", count=len(so_far)) if so_far else ""
    st.caption(" · ".join(filter(None, (day_label(today), kept))))
    st.title(t("today.question", name=plain(person.name)), anchor=False)
    restored_line(form)
    confirmation = st.container()
    at = places(is_bar=True)

offered = capture(person, form, at, live=True)
analysis = None
if offered or offered.recording or parts.opened(form) & parts.READABLE:
    with at.reading:
        analysis = analyse_entry(person, form, offered, with_tiles=is_demo)
else:
    open_form.offer_mood(form, None)  # what a suggestion was made from is gone
source = analysis.source if analysis else "hand"
new = new_entry(person, form, at, timezone, offered.note, source, open_form.draft_id())
if new is not None:
    try:
        with streamlit_private.uninterrupted():  # a second press must not come between the entry and the empty form
            entries.add(
                person,
                new,
                readings=analysis.to_store if analysis else (),
                media=media_to_keep(person, offered, analysis),
                photos=photos_to_keep(person, form),
                draft=drafts.NEW_ENTRY,
            )
            saved_notice.remember(new, today, open_form.set_aside(person), correction_noted(person, analysis, new.mood))
    except errors.DiaryError as error:
        is_second_tap = (
            isinstance(error, errors.UnknownMood) and saved_notice.has_just_appeared() and open_form.is_untouched()
        )
        if not is_second_tap:
            keep_error.remember(form, error)
    else:
        stop_live()
        st.rerun()
keep_error.show(form, at.keep)
with at.trackers:
    trackers_row(person, today)
open_form.save_draft(person, analysis)
with confirmation:
    saved_notice.show(person, open_form.is_untouched() and not (offered or offered.recording))
with form_place:
    tour(person)

with so_far_place:
    st.header(t("today.so_far"), anchor=False)
    if not so_far:
        st.write(t("today.nothing_yet"))
    for entry in reversed(so_far):
        entry_card(person, entry)
    on_this_day_section(person, today)
    first_tracker_link(person)
