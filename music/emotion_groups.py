"""Nine emotions that people feel in music, their places on the plane, and their four groups."""

from __future__ import annotations

import numpy as np

GEMS = (
    "amazement", "solemnity", "tenderness", "nostalgia", "calmness", "power", "joyful_activation", "tension", "sadness",
)  # fmt: skip
"""The Geneva Emotional Music Scales' nine factors (Zentner, Grandjean & Scherer 2008), as Emotify asked for them."""

# (valence, arousal), -1…1, by Emotify's description of the word, Russell's circumplex and Zentner's three families:
# vitality (power, joyful activation) is aroused and pleasant, unease (tension, sadness) unpleasant, sublimity (others)
# pleasant and calm. MODEL_CARD.md measures how much depends on the numbers.
PLACES: dict[str, tuple[float, float]] = {
    "amazement": (0.6, 0.3),  # "feeling of wonder and happiness"
    "solemnity": (0.1, 0.0),  # "transcendence, inspiration, thrills": moved, neither glad nor stirred
    "tenderness": (0.5, -0.4),  # "sensuality, affect, feeling of love"
    "nostalgia": (-0.1, -0.4),  # "dreamy, melancholic, sentimental feelings": bitter-sweet
    "calmness": (0.5, -0.8),  # "relaxation, serenity, meditativeness"
    "power": (0.4, 0.7),  # "feeling strong, heroic, triumphant, energetic"
    "joyful_activation": (0.8, 0.6),  # "feels like dancing, bouncy, animated, amused"
    "tension": (-0.6, 0.6),  # "nervous, impatient, irritated"
    "sadness": (-0.7, -0.4),  # "depressed, sorrowful"
}

GROUPS: dict[str, tuple[str, ...]] = {
    "joy": ("amazement", "joyful_activation"),
    "sadness": ("sadness", "nostalgia"),
    "neutral": ("calmness", "tenderness"),
    "anger": ("solemnity", "power", "tension"),
}
FOUR = tuple(GROUPS)
RULES = {"sum": np.sum, "mean": np.mean, "max": np.max}
RULE = "mean"
"""How the votes of a group become one number. A sum would count three emotions of anger against two of every other
group, and a maximum leaves many more ties. `python -m training.music.evaluate groups` prints the counts of each."""


def places(shares: np.ndarray) -> np.ndarray:
    """(tracks, nine) shares of listeners → (tracks, 2): the mean place of the ticked emotions."""
    return shares @ np.array(list(PLACES.values())) / np.maximum(shares.sum(1, keepdims=True), 1e-9)


def four_shares(shares: np.ndarray, rule: str = RULE) -> np.ndarray:
    """(tracks, nine) → (tracks, four), summing to one."""
    gathered = np.stack(
        [RULES[rule](shares[:, [GEMS.index(name) for name in members]], axis=1) for members in GROUPS.values()], axis=1
    )
    return gathered / np.maximum(gathered.sum(1, keepdims=True), 1e-9)


def four_labels(shares: np.ndarray, rule: str = RULE) -> np.ndarray:
    """The strongest group; of equals the first in `FOUR`."""
    return four_shares(shares, rule).argmax(1)
