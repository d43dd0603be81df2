"""Why an entry could not be kept: the sentence stays until the person changes something in the form, or keeps it.

A run of the page may follow at once, for a note or the words of a recording: it must not take the sentence away.
"""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator

from components import state
from components.entry import form_fields
from components.visitor import sentence
from diary.errors import DiaryError


def remember(form: str, error: DiaryError) -> None:
    state.KEEP_ERROR.of(form).set((sentence(error), form_fields.changed(form)))


def show(form: str, place: DeltaGenerator) -> None:
    found = state.KEEP_ERROR.of(form).get()
    if found is None:
        return
    text, values = found
    if values == form_fields.changed(form):
        place.error(text)
    else:
        state.KEEP_ERROR.of(form).pop()
