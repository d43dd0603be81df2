"""The names of moods and intensities on a page, and the text colour that is readable on a mood's colour."""

from __future__ import annotations

from functools import cache

from components.visitor import current_language, t
from emotions import BY_KEY

_DARK, _LIGHT = "#241C14", "#FFFFFF"


def mood_name(mood: str) -> str:
    """Face and word: a page never shows a mood by colour alone."""
    emotion = BY_KEY[mood]
    return f"{emotion.face}\N{NO-BREAK SPACE}{emotion.name(current_language())}"


def mood_word(mood: str) -> str:
    """The word alone, for screen readers."""
    return BY_KEY[mood].name(current_language())


def intensity_name(intensity: int) -> str:
    return t(f"entry.intensity_{intensity}")


@cache
def text_colour(mood: str) -> str:
    """Dark or light text, whichever has more contrast on the mood's colour."""
    colour = luminance(BY_KEY[mood].colour)
    on_dark = (colour + 0.05) / (luminance(_DARK) + 0.05)
    on_light = 1.05 / (colour + 0.05)
    return _DARK if on_dark >= on_light else _LIGHT


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
