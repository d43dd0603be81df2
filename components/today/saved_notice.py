"""After saving: one quiet line about the day, and the door to music."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import streamlit as st
from streamlit.errors import StreamlitAPIException

from components.dates import day_label
from components.moods import mood_name
from components.visitor import t
from diary.entries import NewEntry

_SAVED = "saved"
_MUSIC = "pages/music.py"


def remember(draft: NewEntry, today: date) -> None:
    """What is said after the rerun that follows; the music page reads `music_for`."""
    if draft.day == today:
        kept = t("today.saved", mood=mood_name(draft.mood))
    else:
        kept = t("today.saved_for", mood=mood_name(draft.mood), day=day_label(draft.day))
    st.session_state[_SAVED] = (draft.mood, kept)
    st.session_state["music_for"] = draft.id


def show(until_something_new: bool) -> None:
    """Stays until the person begins to say something new."""
    if not until_something_new:
        st.session_state.pop(_SAVED, None)
    if _SAVED not in st.session_state:
        return
    mood, kept = st.session_state[_SAVED]
    with st.container(border=True, key=f"mood_card_{mood}_saved"):
        st.markdown(f"**{kept}**")
        st.write(t(f"afterwards.{mood}"))
        with suppress(StreamlitAPIException):  # a Haru without a music page
            st.page_link(_MUSIC, label=t("afterwards.music"), icon=":material/music_note:")
