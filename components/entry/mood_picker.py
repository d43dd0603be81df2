"""The seven moods as round faces, which the style sheet draws (assets/style/form.css): the label is the word alone."""

from __future__ import annotations

import streamlit as st

from components.entry import form_fields
from components.moods import mood_word
from components.visitor import t
from emotions import EMOTIONS


def mood_picker(form: str, mood: str | None = None) -> str:
    """Asks for the mood, at first `mood`; returns an empty string until one is chosen."""
    names = {mood: mood_word(mood) for mood in EMOTIONS}
    chosen = st.pills(
        t("entry.mood"),
        list(names),
        format_func=names.__getitem__,
        key=form_fields.prepare(form, "mood_choice", mood),
        required=True,  # a tap on a mood that Haru suggested confirms it, and must not take it back
        label_visibility="collapsed",
        width="stretch",
    )
    return chosen or ""
