"""The seven moods: their names, faces, colours with the text colour for each, and places on the plane of valence and
arousal.

`EMOTIONS` gives the order of every score vector, colour legend and row of mood buttons.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Emotion:
    """One of the seven moods a day can have."""

    key: str
    ko: str
    en: str
    face: str
    """A character that the font Haru Faces draws (assets/faces); screen readers pass over it."""
    colour: str
    """Colour-blind people can distinguish the seven (tests/test_emotions.py); always shown with face and word."""
    valence: float
    """From unpleasant (-1) to pleasant (+1)."""
    arousal: float
    """From calm (-1) to excited (+1)."""

    def name(self, language: str) -> str:
        """The name in Korean (`ko`) or English."""
        return self.ko if language == "ko" else self.en


# Places on the plane: the means of Russell & Mehrabian (1977), "Evidence for a three-factor theory of
# emotions", for happy, surprised, fearful, disgusted, angry and sad; neutral is the origin.
SEVEN = (
    Emotion("happiness", "기쁨", "Happiness", "\ue6a0", "#F4C836", 0.81, 0.51),
    Emotion("surprise", "놀람", "Surprise", "\ue6a1", "#E58A45", 0.40, 0.67),
    # A calm, an ordinary or a tired day: "평온" alone would be a good mood, and nobody calls a day neutral.
    Emotion("neutral", "보통", "Okay", "\ue6a2", "#BDB6AA", 0.00, 0.00),
    Emotion("fear", "두려움", "Fear", "\ue6a3", "#4A2C7E", -0.64, 0.60),
    Emotion("disgust", "싫음", "Disgust", "\ue6a4", "#3A7F52", -0.60, 0.35),
    Emotion("anger", "화남", "Anger", "\ue6a5", "#A82A2A", -0.51, 0.59),
    Emotion("sadness", "슬픔", "Sadness", "\ue6a6", "#4F95DA", -0.63, -0.27),
)

EMOTIONS: tuple[str, ...] = tuple(emotion.key for emotion in SEVEN)
BY_KEY: dict[str, Emotion] = {emotion.key: emotion for emotion in SEVEN}

_DARK, _LIGHT = "#241C14", "#FFFFFF"


def named(text: str) -> Emotion | None:
    """The mood with this key, or with this name in either language."""
    wanted = text.strip().casefold()
    return next((one for one in SEVEN if wanted in (one.key, one.ko, one.en.casefold())), None)


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
