"""The button that keeps an entry, in the mood's colour; in the new entry's form, a bar at the bottom of the window."""

from __future__ import annotations

import streamlit as st

from components import state
from components.entry import dictation, keyboard
from components.visitor import t


def keep_button(form: str, label: str, key: str, mood: str, is_main: bool = False) -> bool:
    """Whether to keep the entry in this run. The main form of a page has more keys (components/entry/keyboard.py)."""
    keyboard.shortcuts(form, key, is_main)
    with st.container(key=f"keep_as_{mood or 'none'}_{form}"):
        is_pressed = st.button(t(label), type="primary", key=key, width="stretch")
    is_pressed = state.KEEP_PRESSED.of(form).pop() or is_pressed
    if is_pressed and not mood:
        return True  # the diary refuses it at once, not only after everything is written down
    is_time = dictation.is_time(form, dictation.SAVE, is_pressed)
    if is_pressed and not is_time:
        st.rerun()  # the line below the note says what it waits for
    return is_time
