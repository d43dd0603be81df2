"""The feelings of an entry: finer words for its mood, as small chips below it and as text on its card.

Once the models have read the note, the feelings nearest to it come first. None is chosen: the person decides.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

import feelings
from components.entry import form_fields, open_form
from components.visitor import current_language, t
from diary.entries import Entry
from emotions import EMOTIONS
from words import finer

FIELDS = tuple(f"feelings_{mood}" for mood in EMOTIONS)
"""Each mood has a field of its own: when a person comes back to a mood, so do its feelings."""


def feelings_field(form: str, mood: str, entry: Entry | None = None) -> tuple[str, ...]:
    """Offers the feelings of this mood, and returns the keys to save.

    Feelings that another mood offers are not saved. Those that only a newer version of Haru knows stay in `entry`.
    """
    if not mood:
        return ()
    names = {feeling.key: feeling.name(current_language()) for feeling in feelings.of_mood(mood)}
    first = finer.nearest(_of_the_note(form), list(names))
    names = {key: names[key] for key in (*first, *(key for key in names if key not in first))}
    earlier = entry.feelings if entry and entry.mood == mood else ()
    chosen = st.pills(
        t("feelings.which_nearest" if first else "feelings.which"),
        list(names),
        selection_mode="multi",
        format_func=names.__getitem__,
        key=form_fields.prepare(form, f"feelings_{mood}", [key for key in earlier if key in names]),
    )
    return (*(key for key in earlier if key not in names), *chosen)


def _of_the_note(form: str) -> Mapping[str, float]:
    """What the models found in the note as it stands now."""
    found = open_form.understanding(form).found
    is_current = found is not None and found.user_input.note == (form_fields.value(form, "note") or "")
    return found.feelings if found is not None and is_current else {}


def feeling_names(entry: Entry) -> str:
    """The words of an entry's feelings in the person's language; empty if it has none."""
    language = current_language()
    known = (feelings.BY_KEY[key] for key in entry.feelings if key in feelings.BY_KEY)
    return " · ".join(feeling.name(language) for feeling in known)
