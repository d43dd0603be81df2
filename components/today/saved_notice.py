"""After saving an entry: a sentence about its mood, and a link to music."""

from __future__ import annotations

from datetime import date

import streamlit as st

from components import state
from components.dates import day_label
from components.moods import mood_name
from components.visitor import t
from diary.entries import NewEntry


def remember(entry: NewEntry, today: date) -> None:
    """Stores the sentence for the next rerun, and the entry's id for the Music page."""
    if entry.day == today:
        sentence = t("today.saved", mood=mood_name(entry.mood))
    else:
        sentence = t("today.saved_for", mood=mood_name(entry.mood), day=day_label(entry.day))
    state.SAVED_ENTRY.set((entry.mood, sentence))
    state.MUSIC_ENTRY.set(entry.id)


def show(is_new_entry_empty: bool) -> None:
    """Shows the notice until the person begins the next entry."""
    if not is_new_entry_empty:
        state.SAVED_ENTRY.pop()
    saved = state.SAVED_ENTRY.get()
    if saved is None:
        return
    mood, sentence = saved
    with st.container(border=True, key=f"mood_card_{mood}_saved"):
        st.markdown(f"**{sentence}**")
        st.write(t(f"saved.{mood}"))
        st.page_link("pages/music.py", label=t("saved.music"), icon=":material/music_note:")
