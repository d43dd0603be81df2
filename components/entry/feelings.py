"""The feelings of an entry: finer words for its mood, as small chips below it and as text on its card."""

from __future__ import annotations

import streamlit as st

import feelings
from components.entry import form_fields
from components.visitor import current_language, t
from diary.entries import Entry
from emotions import EMOTIONS

FIELDS = tuple(f"feelings_{mood}" for mood in EMOTIONS)
"""Each mood has a field of its own: when a person comes back to a mood, so do its feelings."""


def feelings_field(form: str, mood: str, entry: Entry | None = None) -> tuple[str, ...]:
    """Offers the feelings of this mood, and returns the keys to save.

    Feelings that another mood offers are not saved. Those that only a newer version of Haru knows stay in `entry`.
    """
    if not mood:
        return ()
    names = {feeling.key: feeling.name(current_language()) for feeling in feelings.of_mood(mood)}
    earlier = entry.feelings if entry and entry.mood == mood else ()
    chosen = st.pills(
        t("feelings.which"),
        list(names),
        selection_mode="multi",
        format_func=names.__getitem__,
        key=form_fields.prepare(form, f"feelings_{mood}", [key for key in earlier if key in names]),
    )
    return (*(key for key in earlier if key not in names), *chosen)


def feeling_names(entry: Entry) -> str:
    """The words of an entry's feelings in the person's language; empty if it has none."""
    language = current_language()
    known = (feelings.BY_KEY[key] for key in entry.feelings if key in feelings.BY_KEY)
    return " · ".join(feeling.name(language) for feeling in known)
