"""Scrolls to the moods of a form and moves the keyboard's focus there (assets/entry/mood_focus.js)."""

from __future__ import annotations

from streamlit.components.v2 import component

import settings
from components import state

_SCRIPT = component(
    "haru_mood_focus",
    html="<span hidden></span>",
    js=(settings.ASSETS / "entry" / "mood_focus.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def ask(form: str) -> None:
    """Lets the next run lead to the moods, once."""
    state.MOOD_FOCUS.of(form).set(state.MOOD_FOCUS.of(form).get() + 1)


def script(form: str) -> None:
    """Draws the script, without which nothing moves."""
    if asked := state.MOOD_FOCUS.of(form).get():
        _SCRIPT(key=f"mood_focus_{form}", data={"field": f"mood_choice_{form}", "asked": asked})
