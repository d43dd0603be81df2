"""The names of moods and intensities on a page."""

from __future__ import annotations

from components.visitor import current_language, t
from emotions import BY_KEY


def mood_name(mood: str) -> str:
    """Face and word: a page never shows a mood by colour alone."""
    emotion = BY_KEY[mood]
    return f"{emotion.face}\N{NO-BREAK SPACE}{emotion.name(current_language())}"


def mood_word(mood: str) -> str:
    """The word alone, for screen readers."""
    return BY_KEY[mood].name(current_language())


def intensity_name(intensity: int) -> str:
    return t(f"entry.intensity_{intensity}")
