"""The little CSS that the theme cannot say: each mood in its own colour."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from emotions import SEVEN

_STYLE = Path(__file__).parent.parent / "assets" / "style"


def dress() -> None:
    st.html(f"<style>{_css()}</style>")


@cache
def _css() -> str:
    moods = "\n".join(
        f'[class*="st-key-mood_choice"] button:nth-of-type({place}) {{ --mood: {emotion.colour}; }}\n'
        f'[class*="st-key-mood_card_{emotion.key}"] {{ --mood: {emotion.colour}; }}'
        for place, emotion in enumerate(SEVEN, start=1)
    )
    return "\n".join((_STYLE / f"{room}.css").read_text(encoding="utf-8") for room in ("diary", "days")) + moods
