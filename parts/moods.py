"""How a mood and its strength are called on a page."""

from __future__ import annotations

from emotions import BY_KEY
from parts.visitor import current_language, t


def mood_name(mood: str) -> str:
    """Emoji and word: a colour never stands alone."""
    emotion = BY_KEY[mood]
    return f"{emotion.emoji} {emotion.name(current_language())}"


def intensity_name(intensity: int) -> str:
    return t(f"entry.intensity_{intensity}")
