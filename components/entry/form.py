"""The fields of an entry: mood, intensity, tags and day, for a new entry, an earlier day, or a change."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from components import state
from components.entry import dictation, form_fields, note_field
from components.moods import intensity_name, mood_name
from components.visitor import t
from diary import days, entries
from diary.entries import Entry, NewEntry
from diary.sessions import Session
from emotions import EMOTIONS

USUAL_INTENSITY = 3


def new_entry(session: Session, form: str, zone: str, note: str, source: str, draft_id: str) -> NewEntry | None:
    """Asks for mood, intensity, tags and day; returns the entry once the person presses *Save*."""
    fields = _mood_fields(session, form)
    day, at = _when(form, zone)
    if not _save_button(form, "entry.save", "save_new", fields["mood"]):
        return None
    return NewEntry(**fields, note=note, day=day, at=at, timezone=zone, source=source, id=draft_id)


def entry_for(session: Session, form: str, day: date, zone: str) -> NewEntry | None:
    """Asks for an entry of an earlier day. `form` is also the entry's id, so a second click saves nothing twice."""
    note = note_field.note_area(form)
    note_field.script(form)
    fields = _mood_fields(session, form)
    now = days.time_now(zone).replace(second=0) if day == days.today(zone) else None
    key = form_fields.prepare(form, "time", now)
    at = st.time_input(t("entry.time"), value="now" if now else None, step=300, key=key)
    if not _save_button(form, "entry.save", "save_for_day", fields["mood"]):
        return None
    return NewEntry(**fields, note=note, day=day, at=at, timezone=zone, id=form)


def changed_entry(session: Session, entry: Entry, form: str, note: str, source: str) -> NewEntry | None:
    """Asks for the same fields, filled; returns the changed entry once the person presses *Save changes*."""
    fields = _mood_fields(session, form, entry)
    day, at = _when(form, entry.timezone, entry)
    if not _save_button(form, "entry.save_changes", f"save_{entry.id}", fields["mood"]):
        return None
    return NewEntry(**fields, note=note, day=day, at=at, timezone=entry.timezone, source=source, id=entry.id)


def _save_button(form: str, label: str, key: str, mood: str) -> bool:
    """Whether to save the entry in this run."""
    is_pressed = st.button(t(label), type="primary", key=key, width="stretch")
    is_pressed = state.KEEP_PRESSED.of(form).pop() or is_pressed
    if is_pressed and not mood:
        return True  # the diary refuses it at once, not only after everything is written down
    is_time = dictation.is_time(form, dictation.SAVE, is_pressed)
    if is_pressed and not is_time:
        st.rerun()  # the line below the note says what it waits for
    return is_time


def _mood_fields(session: Session, form: str, entry: Entry | None = None) -> dict:
    mood_names = {mood: mood_name(mood) for mood in EMOTIONS}
    intensity_names = {intensity: intensity_name(intensity) for intensity in entries.INTENSITIES}
    mood = st.pills(
        t("entry.mood"),
        list(mood_names),
        format_func=mood_names.__getitem__,
        key=form_fields.prepare(form, "mood_choice", entry.mood if entry else None),
        required=entry is not None,
        width="stretch",
    )
    intensity = st.select_slider(
        t("entry.intensity"),
        list(intensity_names),
        format_func=intensity_names.__getitem__,
        key=form_fields.prepare(form, "intensity", entry.intensity if entry else USUAL_INTENSITY),
    )
    own_tags = list(entry.tags) if entry else []
    known = entries.favourite_tags(session) + t("tags.suggested").split(",")
    tags = st.multiselect(
        t("entry.tags"),
        list(dict.fromkeys(own_tags + known)),
        accept_new_options=True,
        select_all=False,
        filter_mode="contains",
        placeholder=t("entry.tags_placeholder"),
        key=form_fields.prepare(form, "tags", own_tags),
    )
    return {"mood": mood or "", "intensity": intensity, "tags": tuple(tags)}


def _when(form: str, zone: str, entry: Entry | None = None) -> tuple:
    """Asks for the day, and for the time unless it is now; returns both."""
    today = days.today(zone)
    # The key changes with the date: a page that stays open over midnight must not still offer yesterday.
    key = None if entry else f"day_{today.isoformat()}_{form}"
    day = st.date_input(
        t("entry.day"),
        # Wider than the days that can be saved, so that Haru's own message answers a wrong year.
        min_value=date(1800, 1, 1),
        max_value=today + timedelta(days=366),
        format="YYYY-MM-DD",
        key=form_fields.prepare(form, "day", entry.day if entry else today, key),
    )
    if entry is None and day == today:
        return day, days.time_now(zone)
    known = days.local_time(entry.happened_at, zone) if entry and entry.time_known else None
    key = form_fields.prepare(form, "time", known)
    return day, st.time_input(t("entry.time"), value=None, step=300, key=key)
