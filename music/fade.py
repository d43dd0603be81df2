"""The gains of a fade. The player in the browser and the rendering of the local tracks use the same curve."""

from __future__ import annotations

import numpy as np


def gains(samples: int) -> np.ndarray:
    """Gains from exactly 0 to exactly 1 (a single sample gets the middle gain). Reversed they fade out.

    Equal power: gains² + reversed gains² is 1 everywhere. Between two tracks a linear fade would dip by 3 dB.
    """
    if samples < 0:
        raise ValueError(f"a fade cannot last {samples} samples")
    position = np.linspace(0.0, 1.0, samples) if samples != 1 else np.array([0.5])
    return np.sin(0.5 * np.pi * position)
