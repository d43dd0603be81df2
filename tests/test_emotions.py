from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from emotions import BY_KEY, EMOTIONS, SEVEN

# Machado, Oliveira & Fernandes (2009), severity 1.0: linear RGB as a person without that cone sees it.
SIGHTS = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def seen(colour: str, sight: str) -> np.ndarray:
    """CIE L*a*b* of a colour as this sight sees it."""
    rgb = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = _TO_XYZ @ np.clip(SIGHTS[sight] @ linear, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_seven_colours_are_told_apart(sight: str) -> None:
    distances = {
        (one.key, other.key): float(np.linalg.norm(seen(one.colour, sight) - seen(other.colour, sight)))
        for one, other in combinations(SEVEN, 2)
    }
    closest = min(distances, key=distances.__getitem__)
    # A just noticeable difference is about 1 to 2; small calendar squares need far more.
    assert distances[closest] >= 18, f"{closest} look alike: {distances[closest]:.1f}"


def test_seven_moods_each_once() -> None:
    assert EMOTIONS == ("happiness", "surprise", "neutral", "fear", "disgust", "anger", "sadness")
    for names in ([e.ko for e in SEVEN], [e.en for e in SEVEN], [e.face for e in SEVEN], [e.colour for e in SEVEN]):
        assert len(set(names)) == 7


def test_places_on_the_plane_say_what_everybody_knows() -> None:
    assert BY_KEY["happiness"].valence > BY_KEY["neutral"].valence > BY_KEY["sadness"].valence
    assert BY_KEY["anger"].arousal > BY_KEY["neutral"].arousal > BY_KEY["sadness"].arousal
    assert all(-1 <= e.valence <= 1 and -1 <= e.arousal <= 1 for e in SEVEN)
