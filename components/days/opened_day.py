"""The open day: its entries, trackers and music, and a form for one more entry."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from components import notice, state
from components.dates import day_label
from components.days.address import Shown, open_day, show_month
from components.days.sheet import day_sheet
from components.entry import keep_error, photos, saved_draft, unfinished
from components.entry.card import entry_card
from components.entry.form import entry_for
from components.entry.restored import restored_line
from components.moods import mood_name
from components.text import plain
from components.today.trackers import trackers_row
from components.visitor import t
from diary import calendar, entries, errors, music_feedback
from diary.sessions import Session


def opened_day(session: Session, shown: Shown, today: date, zone: str) -> None:
    """Stands beside the calendar; over it in a narrow window, if the person chose the day."""
    with st.container(key="day_chosen" if shown.is_chosen else "day_beside"):
        if shown.day is None:
            st.caption(t("days.choose"))
        else:
            _turn(session, shown, today)
            _content(session, shown.day, today, zone)
    day_sheet(shown)


def _turn(session: Session, shown: Shown, today: date) -> None:
    """The day's name between the days before and after it that hold something; and today, which may be empty."""
    assert shown.day is not None
    before, after = calendar.neighbours(session, shown.day)
    if shown.day < today and (after is None or after > today):
        after = today
    with st.container(horizontal=True, vertical_alignment="center", key="day_turn"):
        _neighbour("day_before", "days.day_before", ":material/chevron_left:", before)
        st.subheader(_title(shown.day, today), anchor=False)
        _neighbour("day_after", "days.day_after", ":material/chevron_right:", after)
        st.button(
            t("days.close"),
            icon=":material/close:",
            key="day_close",
            type="tertiary",
            on_click=show_month,
            args=(shown.first,),
        )


def _neighbour(key: str, label: str, icon: str, day: date | None) -> None:
    if day is None:
        st.button(t(label), icon=icon, key=key, type="tertiary", disabled=True)
    else:
        name = f"{t(label)}: {day_label(day)}"
        st.button(name, icon=icon, key=key, type="tertiary", on_click=open_day, args=(day,))


def _content(session: Session, day: date, today: date, zone: str) -> None:
    of_day = entries.of_day(session, day)
    if not of_day:
        st.write(t("days.nothing_that_day"))
    for entry in reversed(of_day):
        entry_card(session, entry)
    trackers_row(session, day)
    if tracks := music_feedback.heard_on(session, day, zone):
        pieces = " · ".join(
            plain(f"{track['title']} ({track['by']})" if track["by"] else track["title"]) for track in tracks
        )
        st.caption(t("days.heard", pieces=pieces))
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
