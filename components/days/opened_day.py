"""The open day: its entries, the music of that day, and a form for one more entry."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from components import notice, state
from components.dates import day_label
from components.entry import keep_error, photos, saved_draft, unfinished
from components.entry.card import entry_card
from components.entry.form import entry_for
from components.entry.restored import restored_line
from components.moods import mood_name
from components.text import plain
from components.today.trackers import trackers_row
from components.visitor import t
from diary import entries, errors, music_feedback
from diary.sessions import Session


def opened_day(session: Session, day: date, today: date, zone: str) -> None:
    st.subheader(_title(day, today), anchor=False)
    of_day = entries.of_day(session, day)
    if not of_day:
        st.write(t("days.nothing_that_day"))
    for entry in reversed(of_day):
        entry_card(session, entry)
    if tracks := music_feedback.heard_on(session, day, zone):
        pieces = " · ".join(
            plain(f"{track['title']} ({track['by']})" if track["by"] else track["title"]) for track in tracks
        )
        st.caption(t("days.heard", pieces=pieces))
    if day <= today:
        trackers_row(session, day)
    key = f"add_{day.isoformat()}"
    if state.ENTRY_ADDED.pop():
        st.session_state[key] = False
    elif key not in st.session_state and saved_draft.is_stored(day.isoformat()):
        st.session_state[key] = True
    with st.expander(t("days.add"), icon=":material/add:", key=key, on_change="rerun") as adding:
        if adding.open:
            _add(session, day, zone)


def _title(day: date, today: date) -> str:
    titles = {today: "days.is_today", today - timedelta(days=1): "days.is_yesterday"}
    return t(titles[day], day=day_label(day)) if day in titles else day_label(day)


def _add(session: Session, day: date, zone: str) -> None:
    form = unfinished.day_form(session, day)
    restored_line(form)
    new = entry_for(session, form, day, zone, unfinished.draft_id(form))
    if new is None:
        keep_error.show(form, st.container())
        return
    try:
        entries.add(session, new, photos=photos.photos_to_keep(session, form), draft=day.isoformat())
    except errors.DiaryError as error:
        keep_error.remember(form, error)
        keep_error.show(form, st.container())
        return
    unfinished.close(session, form)
    state.ENTRY_ADDED.set(True)
    notice.show_after_rerun(t("today.saved_for", mood=mood_name(new.mood), day=day_label(day)))
    st.rerun()
