"""Scrolls to a part of a form and moves the keyboard's focus there, once for each request (assets/entry/lead_to.js)."""

from __future__ import annotations

from streamlit.components.v2 import component

import settings
from components import state

MOODS, VERDICT, LIVE = "moods", "verdict", "live"
"""The mood buttons, the card of the verdict, which appears below what a phone shows, and the live picture."""
_SCRIPT = component(
    "haru_lead_to",
    html="<span hidden></span>",
    js=(settings.ASSETS / "entry" / "lead_to.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def ask(form: str, place: str) -> None:
    """Lets the next `script` lead there, unless the person is typing."""
    _, number = state.LEAD_TO.of(form).get()
    state.LEAD_TO.of(form).set((place, number + 1))


def script(form: str) -> None:
    """Draws the script, without which nothing moves. Call it after the places were drawn."""
    place, number = state.LEAD_TO.of(form).get()
    if number:
        _SCRIPT(key=f"lead_to_{form}", data={"form": form, "place": place, "number": number})
