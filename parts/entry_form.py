"""The form for a new entry and for changing one: mood, how strong, tags, a line, which day."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from diary import days, entries
from diary.entries import Draft, Entry
from diary.sessions import Session
from emotions import BY_KEY, EMOTIONS
from parts.visitor import current_language, t

_USUAL_INTENSITY = 3


def new_entry(session: Session, zone: str) -> Draft | None:
    """Asks how a day was; the draft once the person wants it kept. `start_afresh` empties the form."""
    number = st.session_state.setdefault("form_number", 0)
    draft_id = st.session_state.setdefault("draft_id", Draft("neutral", 1, days.today(zone), zone).id)
    draft = _fields(session, f"new_{number}", zone)
    save = st.button(t("entry.save"), type="primary", key="save_new", width="stretch")
    return Draft(**draft, id=draft_id) if save else None


def start_afresh() -> None:
    st.session_state["form_number"] += 1
    del st.session_state["draft_id"]


def changed_entry(session: Session, entry: Entry) -> Draft | None:
    """The same form, filled; the draft once the person wants the changes kept."""
    draft = _fields(session, f"entry_{entry.id}", entry.timezone, entry)
    with st.container(horizontal=True):
        save = st.button(t("entry.save_changes"), type="primary", key=f"save_{entry.id}")
        if st.button(t("entry.cancel"), key=f"cancel_{entry.id}"):
            st.session_state.pop("editing", None)
            st.rerun()
    return Draft(**draft, id=entry.id, source=entry.source) if save else None


def mood_name(mood: str) -> str:
    """Emoji and word: a colour never stands alone."""
    emotion = BY_KEY[mood]
    return f"{emotion.emoji} {emotion.name(current_language())}"


def intensity_name(intensity: int) -> str:
    return t(f"entry.intensity_{intensity}")


def _fields(session: Session, form: str, zone: str, entry: Entry | None = None) -> dict:
    mood_names = {mood: mood_name(mood) for mood in EMOTIONS}
    intensity_names = {intensity: intensity_name(intensity) for intensity in entries.INTENSITIES}
    mood = st.pills(
        t("entry.mood"),
        list(mood_names),
        default=entry.mood if entry else None,
        format_func=mood_names.__getitem__,
        key=f"mood_choice_{form}",
        required=entry is not None,
        width="stretch",
    )
    intensity = st.select_slider(
        t("entry.intensity"),
        list(intensity_names),
        value=entry.intensity if entry else _USUAL_INTENSITY,
        format_func=intensity_names.__getitem__,
        key=f"intensity_{form}",
    )
    note = st.text_area(
        t("entry.note"), value=entry.note if entry else "", placeholder=t("entry.note_placeholder"), key=f"note_{form}"
    )
    worn = list(entry.tags) if entry else []
    known = entries.favourite_tags(session) + t("tags.suggested").split(",")
    tags = st.multiselect(
        t("entry.tags"),
        list(dict.fromkeys(worn + known)),
        default=worn,
        accept_new_options=True,
        select_all=False,
        filter_mode="contains",
        placeholder=t("entry.tags_placeholder"),
        key=f"tags_{form}",
    )
    day, at = _when(form, zone, entry)
    return {
        "mood": mood or "",
        "intensity": intensity,
        "note": note,
        "tags": tuple(tags),
        "day": day,
        "at": at,
        "timezone": zone,
    }


def _when(form: str, zone: str, entry: Entry | None) -> tuple:
    """The day, and the time where it is not simply now."""
    today = days.today(zone)
    day = st.date_input(
        t("entry.day"),
        value=entry.day if entry else today,
        # Wider than what can be kept, so that a wrong year gets our sentence and not the widget's.
        min_value=date(1800, 1, 1),
        max_value=today + timedelta(days=366),
        format="YYYY-MM-DD",
        key=f"day_{form}",
    )
    if entry is None and day == today:
        return day, days.time_now(zone)
    known = days.local_time(entry.happened_at, zone) if entry and entry.time_known else None
    return day, st.time_input(t("entry.time"), value=known, step=300, key=f"time_{form}")
