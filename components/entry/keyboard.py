"""Keys on Today: 1 to 7 choose a mood, Ctrl+Enter keeps the entry; and the cursor in a note that opens.

The script is assets/entry/keyboard.js.
"""

from __future__ import annotations

from streamlit.components.v2 import component

import settings

_SCRIPT = component("haru_keys", html="", js=(settings.ASSETS / "entry" / "keyboard.js").read_text(encoding="utf-8"))


def shortcuts(form: str, keep: str, is_main: bool = False) -> None:
    """`keep` is the key of the form's button; the digits belong to one form of a page, the main one."""
    fields = {"moods": f"mood_choice_{form}", "parts": f"parts_{form}", "note": f"note_{form}"}
    _SCRIPT(key=f"keys_{form}", data=fields | {"keep": keep, "isMain": is_main})
