"""The style sheet of the diary's pages: the files of assets/style, and a rule with the colours of each mood.

The browser has it before Streamlit draws anything, and keeps it: the page does not jump when its style arrives.
"""

from __future__ import annotations

from functools import cache

import settings
from emotions import SEVEN, text_colour

NAME = "style/diary-pages.css"
_SHEETS = (
    *("diary", "frame", "touch", "form", "photos", "days", "history", "report", "notices", "verdict", "trackers"),
    *("settings", "stage", "moments", "live", "music", "waiting"),
    "widgets",
    "print",  # last: it overrides the others on paper
)


@cache
def style_sheet() -> str:
    folder = settings.ASSETS / "style"
    sheets = ((folder / f"{name}.css").read_text(encoding="utf-8") for name in _SHEETS)
    return "\n".join([*sheets, _mood_rules()])


def _mood_rules() -> str:
    def named_after(mood: str) -> str:
        return ", ".join(f'[class*="st-key-{key}_{mood}"]' for key in ("mood_card", "strength", "keep_as"))

    return "\n".join(
        f'[class*="st-key-mood_choice"] button:nth-of-type({place}),'
        f":is({named_after(emotion.key)})"
        f" {{ --mood: {emotion.colour}; --on-mood: {text_colour(emotion.key)}; --face: '{emotion.face}'; }}"
        for place, emotion in enumerate(SEVEN, start=1)
    )
