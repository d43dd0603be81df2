"""Measures loudness in LUFS (ITU-R BS.1770-4), levels tracks and limits their peaks.

Equal decibels do not sound equally loud: hearing is less sensitive to a deep drone than to a bright guitar.
"""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

from training.music.stereo import STEREO_RATE

# BS.1770's two filters at 48 kHz: a high shelf for the effect of the head, and a high-pass.
_HEAD = (1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)
_HIGH_PASS = (1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)
_SILENCE = -70.0
_PAUSE = -10.0
"""A block so many decibels under the mean of the sounding blocks is a pause and does not count."""


def lufs(sound: np.ndarray) -> float:
    """The loudness of stereo floats at 48 kHz, (2, samples), at least 0.4 s."""
    filtered = np.asarray(lfilter(*_HIGH_PASS, lfilter(*_HEAD, sound, axis=1), axis=1))
    size = int(0.4 * STEREO_RATE)
    energy = np.concatenate([[0.0], np.cumsum((filtered**2).sum(0))])
    starts = np.arange(0, sound.shape[1] - size + 1, size // 4)
    blocks = np.maximum((energy[starts + size] - energy[starts]) / size, 1e-12)
    blocks = blocks[_decibels(blocks) > _SILENCE]
    if not blocks.size:
        return _SILENCE
    return float(_decibels(blocks[_decibels(blocks) > _decibels(blocks.mean()) + _PAUSE].mean()))


def levelled(sound: np.ndarray, loudness: float) -> np.ndarray:
    """Scales the whole sound to this loudness in LUFS."""
    return (sound * np.float32(10 ** ((loudness - lufs(sound)) / 20))).astype(np.float32)


def limited(sound: np.ndarray, ceiling: float = 1.0) -> np.ndarray:
    """Scales the whole sound down if a sample exceeds the ceiling, so that nothing is clipped."""
    peak = float(np.abs(sound).max(initial=0.0))
    return sound if peak <= ceiling else (sound * np.float32(ceiling / peak)).astype(np.float32)


def _decibels(energy: np.ndarray | float) -> np.ndarray:
    return -0.691 + 10 * np.log10(energy)
