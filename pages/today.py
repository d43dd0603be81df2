"""Today: how is it? Said in a line, by voice, by face or by hand; confirmed; kept."""

from __future__ import annotations

import streamlit as st

from diary import days, entries, errors, habits
from parts import notice, unfinished
from parts.capture import capture, choose_face
from parts.dates import day_label
from parts.entry_card import entry_card
from parts.entry_form import new_entry
from parts.keeping import media_to_keep
from parts.looking_back import looking_back
from parts.models import analyst
from parts.moods import mood_name
from parts.plain import plain
from parts.tour import tour
from parts.understood import suggestion, understood
from parts.visitor import sentence, t, visitor, zone

person = visitor()
here = zone(person)
today = days.today(here)
form = unfinished.form(person)

st.caption(day_label(today))
st.title(t("today.question", name=plain(person.name)), anchor=False)
notice.show()
tour(person)

offered = capture(person, form)
asked = st.button(t("analyse.button"), icon=":material/auto_awesome:", disabled=not offered, key="analyse")
if asked or st.session_state.pop("face_chosen", False):
    with st.status(t("analyse.working")) as status:
        found = analyst().analyse(offered, habits.of(person))
        status.update(label=t("analyse.done", seconds=f"{found.seconds:.1f}"), state="complete")
    unfinished.set_analysis(found)
    if mood := suggestion(found):
        st.session_state[f"mood_choice_{form}"] = mood

analysis = unfinished.analysis(offered)
if analysis:
    understood(analysis)
    refused = analysis.refusals.get("face")
    if refused and refused.code == "several_faces" and choose_face(form, offered.picture, refused):
        st.session_state["face_chosen"] = True
        st.rerun()

source = "hand"
if analysis and analysis.readings:
    source = "fusion" if len(analysis.readings) > 1 else next(iter(analysis.readings))
draft = new_entry(person, form, here, offered.line, source, unfinished.draft_id())
if draft is not None:
    try:
        entries.add(person, draft, told=analysis.told if analysis else (), kept=media_to_keep(person, offered))
    except errors.DiaryError as error:
        st.error(sentence(error))
    else:
        kept = t("today.saved", mood=mood_name(draft.mood))
        if draft.day != today:
            kept = t("today.saved_for", mood=mood_name(draft.mood), day=day_label(draft.day))
        notice.leave(kept)
        unfinished.start_afresh(person)
        st.rerun()
unfinished.remember(person, analysis)

st.header(t("today.so_far"), anchor=False)
so_far = entries.of_day(person, today)
if not so_far:
    st.write(t("today.nothing_yet"))
for entry in reversed(so_far):
    entry_card(person, entry)
looking_back(person, today)
