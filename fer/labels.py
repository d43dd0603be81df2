"""What the members tell apart, and how it becomes the diary's seven."""

from __future__ import annotations

import numpy as np

from emotions import EMOTIONS

EIGHT: tuple[str, ...] = (*EMOTIONS, "contempt")
"""The diary's seven come first; contempt is the eighth that FER+ annotators could choose."""


def seven_of(eight: np.ndarray) -> np.ndarray:
    """Scores of eight → of the seven. Contempt is none of them: its share goes to all seven in proportion."""
    seven = np.asarray(eight, np.float64)[..., : len(EMOTIONS)]
    return seven / seven.sum(-1, keepdims=True)
