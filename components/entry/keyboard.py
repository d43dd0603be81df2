"""Keys on Today: 1 to 7 choose a mood, Ctrl+Enter keeps the entry (assets/entry/keyboard.js)."""

from __future__ import annotations

from streamlit.components.v2 import component

import settings

_SCRIPT = component("haru_keys", html="", js=(settings.ASSETS / "entry" / "keyboard.js").read_text(encoding="utf-8"))


def shortcuts(form: str) -> None:
    """Call it once on a page: the keys belong to one form."""
    _SCRIPT(key=f"keys_{form}", data={"moods": f"mood_choice_{form}", "keep": "save_new"})
