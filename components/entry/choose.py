"""Chooses the mood of a form from outside its mood picker, and keeps the entry with it. For callbacks of buttons."""

from __future__ import annotations

from components import state
from components.entry import form_fields


def choose(form: str, mood: str | None) -> None:
    """Selects the mood, or none, as the person's own choice."""
    form_fields.set_value(form, "mood_choice", mood)
    if understood := state.UNDERSTANDING.of(form).get():
        understood.offered_mood = None  # a suggestion that the person confirmed is theirs


def choose_and_keep(form: str, mood: str) -> None:
    """Selects the mood and keeps the entry in this run, as if the person had pressed *Keep*."""
    choose(form, mood)
    state.KEEP_PRESSED.of(form).set(True)
