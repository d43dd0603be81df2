"""The eight classes of the members, and how they become the seven of the diary."""

from __future__ import annotations

import numpy as np

from emotions import EMOTIONS

EIGHT: tuple[str, ...] = (*EMOTIONS, "contempt")
"""The seven of the diary, and contempt, which the annotators of FER+ could choose too."""


def seven_of(eight: np.ndarray) -> np.ndarray:
    """Scores of the eight → of the seven, which share the score of contempt in proportion."""
    seven = np.asarray(eight, np.float64)[..., : len(EMOTIONS)]
    return seven / seven.sum(-1, keepdims=True)
