"""After an entry is kept: a card below the title, in the mood's colour, with undo, music and the day."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import streamlit as st
from streamlit.components.v2 import component

import settings
from components import notice, state
from components.dates import day_label
from components.days.address import go_to_day
from components.entry import form_fields, open_form
from components.moods import mood_name
from components.undo import SECONDS, Undo
from components.visitor import t
from diary import entries, errors
from diary.entries import Entry, NewEntry
from diary.sessions import Session

_DOUBLE_TAP = 1.0
"""Seconds."""
_SENTENCE = component(
    "haru_saved",
    html="<p class='haru-saved' role='status'></p>",
    js=(settings.ASSETS / "frame" / "saved.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # its styles are in assets/style/notices.css: they also apply to the card around it
)


@dataclass(frozen=True)
class SavedEntry:
    """The entry that was kept last, while the card shows it."""

    id: str
    mood: str
    day: date
    sentence: str
    noted: str
    """What was noted of a correction; empty where the person agreed, or nothing was read."""
    undo: Undo
    at: float
    """Of the monotonic clock."""

    @property
    def seconds_left(self) -> float:
        """In which it can be undone."""
        return max(0.0, self.at + SECONDS - time.monotonic())


def remember(entry: NewEntry, today: date, put_form_back: Callable[[], None], noted: str = "") -> None:
    """Shows the card from the next run on. `put_form_back` makes the entry a draft again; `noted` is one more line."""
    _forget()
    if entry.day == today:
        sentence = t("today.saved", mood=mood_name(entry.mood))
    else:
        sentence = t("today.saved_for", mood=mood_name(entry.mood), day=day_label(entry.day))

    def undo(session: Session) -> None:
        # A change that was made to the entry since would be lost with it.
        if entries.get(session, entry.id).version > 1:
            raise errors.EntryChanged()
        entries.delete(session, entry.id)
        put_form_back()

    undoing = Undo(undo, done="saved.undone")
    saved = SavedEntry(entry.id, entry.mood, entry.day, sentence, noted, undoing, time.monotonic())
    state.SAVED_ENTRY.set(saved)
    state.MUSIC_ENTRY.set(entry.id)  # the Music page offers music for its mood


def has_just_appeared() -> bool:
    """Whether a second tap on *Keep* may still be about the entry that was kept."""
    saved = state.SAVED_ENTRY.get()
    return saved is not None and time.monotonic() - saved.at < _DOUBLE_TAP


def show(session: Session, is_new_entry_empty: bool) -> None:
    """Shows the card until the entry is gone, or until the person begins the next one."""
    saved = state.SAVED_ENTRY.get()
    if saved is None:
        return
    entry = _entry(session, saved)
    if entry is None or not is_new_entry_empty:
        _forget()
        return
    with st.container(border=True, key=f"mood_card_{saved.mood}_saved", gap="xsmall"):
        _SENTENCE(key="saved_sentence", data={"id": saved.id, "saved": saved.sentence, "seconds": saved.seconds_left})
        st.write(t(f"saved.{saved.mood}"))
        if saved.noted:
            st.caption(saved.noted)
        with st.container(horizontal=True, vertical_alignment="center", key="saved_row", gap="small"):
            if saved.seconds_left and entry.version == 1 and not saved.undo.is_over:
                st.button(
                    t("undo.button"),
                    key=f"undo_saved_{saved.id}",
                    icon=":material/undo:",
                    on_click=_undo,
                    args=(saved.undo,),
                )
            st.page_link("pages/music.py", label=t("saved.music"), icon=":material/music_note:")
            if st.button(t("saved.day"), key="saved_day", icon=":material/calendar_month:", type="tertiary"):
                go_to_day(saved.day)


def _entry(session: Session, saved: SavedEntry) -> Entry | None:
    """None if it was deleted, here or in another tab."""
    try:
        return entries.get(session, saved.id)
    except errors.EntryNotFound:
        return None


def _undo(undo: Undo) -> None:
    form_fields.read_widgets()  # a callback runs first: what was typed just now came with the press
    if open_form.is_untouched() or undo.is_used:
        notice.undo(undo)
    else:
        notice.show_after_rerun(t("saved.next_begun"))


def _forget() -> None:
    saved = state.SAVED_ENTRY.pop()
    if saved is not None:
        saved.undo.drop()
