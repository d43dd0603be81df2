"""How loud a track sounds, in LUFS (ITU-R BS.1770-4), and bringing tracks to one loudness. Never imported by the app.

Equal decibels do not sound equally loud: the ear hears little of a deep drone and much of a bright guitar.
"""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

from music.audio import STEREO_RATE

# BS.1770's two filters at 48 kHz: the head, which lifts what is high, and an edge against what is deep.
_HEAD = (1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)
_EDGE = (1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)
_SILENCE = -70.0
_PAUSE = -10.0
"""Under the mean of what is not silence by so many decibels, a stretch is a pause and does not count."""


def lufs(sound: np.ndarray) -> float:
    """Of stereo floats at 48 kHz, (2, samples), at least 0.4 s."""
    heard = lfilter(*_EDGE, lfilter(*_HEAD, sound, axis=1), axis=1)
    size = int(0.4 * STEREO_RATE)
    energy = np.concatenate([[0.0], np.cumsum((heard**2).sum(0))])
    starts = np.arange(0, sound.shape[1] - size + 1, size // 4)
    blocks = np.maximum((energy[starts + size] - energy[starts]) / size, 1e-12)
    blocks = blocks[_decibels(blocks) > _SILENCE]
    if not blocks.size:
        return _SILENCE
    return float(_decibels(blocks[_decibels(blocks) > _decibels(blocks.mean()) + _PAUSE].mean()))


def levelled(sound: np.ndarray, loudness: float) -> np.ndarray:
    """Turned up or down as a whole until it sounds that loud."""
    return (sound * np.float32(10 ** ((loudness - lufs(sound)) / 20))).astype(np.float32)


def _decibels(energy: np.ndarray | float) -> np.ndarray:
    return -0.691 + 10 * np.log10(energy)
