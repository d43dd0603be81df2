"""The ground floor: the seven moods, with everything the rest of the house says about them.

Nothing here knows of models, people or pages. The order of `EMOTIONS` is the order of every
score vector, every colour legend and every row of mood buttons.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Emotion:
    """One of the seven moods a day can have."""

    key: str
    ko: str
    en: str
    emoji: str
    colour: str
    """Told apart by colour-blind people too (measured in tests/test_emotions.py); never without emoji and word."""
    valence: float
    """From unpleasant (-1) to pleasant (+1)."""
    arousal: float
    """From still (-1) to stirred (+1)."""

    def name(self, language: str) -> str:
        return self.ko if language == "ko" else self.en


# Places on the plane: the means of Russell & Mehrabian (1977), "Evidence for a three-factor theory of
# emotions", for happy, surprised, fearful, disgusted, angry and sad; neutral is the origin.
SEVEN = (
    Emotion("happiness", "기쁨", "Happiness", "😊", "#F4C836", 0.81, 0.51),
    Emotion("surprise", "놀람", "Surprise", "😮", "#E58A45", 0.40, 0.67),
    Emotion("neutral", "평온", "Neutral", "😐", "#BDB6AA", 0.00, 0.00),
    Emotion("fear", "두려움", "Fear", "😨", "#4A2C7E", -0.64, 0.60),
    Emotion("disgust", "싫음", "Disgust", "🤢", "#3A7F52", -0.60, 0.35),
    Emotion("anger", "화남", "Anger", "😠", "#A82A2A", -0.51, 0.59),
    Emotion("sadness", "슬픔", "Sadness", "😢", "#4F95DA", -0.63, -0.27),
)

EMOTIONS: tuple[str, ...] = tuple(emotion.key for emotion in SEVEN)
BY_KEY: dict[str, Emotion] = {emotion.key: emotion for emotion in SEVEN}
