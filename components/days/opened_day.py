"""One day, opened: its entries with all that is kept of them, and a place to add one more."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

import streamlit as st

from components import notice
from components.dates import day_label
from components.entry import form_fields
from components.entry.card import entry_card
from components.entry.form import entry_for
from components.moods import mood_name
from components.text import plain
from components.visitor import sentence, t
from diary import entries, errors, music_feedback
from diary.sessions import Session


def opened_day(session: Session, day: date, today: date, zone: str) -> None:
    st.subheader(_title(day, today), anchor=False)
    of_day = entries.of_day(session, day)
    if not of_day:
        st.write(t("days.nothing_that_day"))
    for entry in reversed(of_day):
        entry_card(session, entry)
    if heard := music_feedback.heard_on(session, day, zone):
        pieces = " · ".join(plain(f"{one['title']} ({one['by']})" if one["by"] else one["title"]) for one in heard)
        st.caption(t("days.heard", pieces=pieces))
    key = f"add_{day.isoformat()}"
    if st.session_state.pop("added", False):
        st.session_state[key] = False
    elif key not in st.session_state and form_fields.is_changed(st.session_state.get(_form_of(day), "")):
        st.session_state[key] = True
    with st.expander(t("days.add"), icon=":material/add:", key=key, on_change="rerun") as adding:
        if adding.open:
            _add(session, day, zone)


def _title(day: date, today: date) -> str:
    near = {today: "days.is_today", today - timedelta(days=1): "days.is_yesterday"}
    return t(near[day], day=day_label(day)) if day in near else day_label(day)


def _form_of(day: date) -> str:
    return f"adding_{day.isoformat()}"


def _add(session: Session, day: date, zone: str) -> None:
    # A new name after each save empties the form; the draft's id makes an impatient second tap harmless.
    form = st.session_state.setdefault(_form_of(day), secrets.token_hex(16))
    draft = entry_for(session, form, day, zone)
    if draft is None:
        return
    try:
        entries.add(session, draft)
    except errors.DiaryError as error:
        st.error(sentence(error))
        return
    form_fields.forget(st.session_state.pop(_form_of(day)))
    st.session_state["added"] = True
    notice.leave(t("today.saved_for", mood=mood_name(draft.mood), day=day_label(day)))
    st.rerun()
