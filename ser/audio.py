"""Decodes and trims recordings: mono, 16 kHz, silence cut from both ends.

Training and the app both load every recording here, so that a model always gets the same kind of input.
"""

from __future__ import annotations

import numpy as np

from inference.audio_io import decoded
from inference.containers import Source

SAMPLE_RATE = 16_000
LONGEST_SECONDS = 900.0
"""A recording of a diary is minutes long, not hours."""
DECODING_SECONDS = 60.0
"""A quarter of an hour of sound decodes in two or three seconds; only a file made to be slow takes longer than this."""
SILENCE_DB = 30.0
"""Both ends are cut where they lie this far below the loudest frame."""
_FRAME, _HOP = 2048, 512  # librosa's defaults: `trim` cuts as librosa.effects.trim does


def load(source: Source) -> np.ndarray:
    """Decodes and trims: the input of the models. Raises `Refusal`."""
    return trim(decode(source))


def decode(source: Source) -> np.ndarray:
    """The first sound track as float32, mono, 16 kHz; `LONGEST_SECONDS` bounds the memory. Raises `Refusal`."""
    return decoded(source, SAMPLE_RATE, LONGEST_SECONDS, DECODING_SECONDS)


def frame_levels(wave: np.ndarray) -> np.ndarray:
    """The root mean square of each centred frame, as librosa.feature.rms computes it."""
    padded = np.pad(np.asarray(wave, np.float64), _FRAME // 2)
    energy = np.concatenate([[0.0], np.cumsum(padded**2)])
    starts = np.arange(0, padded.size - _FRAME + 1, _HOP)
    return np.sqrt(np.maximum(energy[starts + _FRAME] - energy[starts], 0.0) / _FRAME)


def trim(wave: np.ndarray, top_db: float = SILENCE_DB) -> np.ndarray:
    """Cuts leading and trailing silence; the middle stays unchanged. Silence alone gives an empty array."""
    return wave[slice(*sounding(wave, top_db))]


def sounding(wave: np.ndarray, top_db: float = SILENCE_DB) -> tuple[int, int]:
    """The samples between leading and trailing silence: the first, and the one after the last."""
    levels = frame_levels(wave)
    loudest = levels.max(initial=0.0)
    if loudest <= 1e-6:
        return 0, 0
    loud = np.flatnonzero(levels > loudest * 10 ** (-top_db / 20))
    return int(loud[0]) * _HOP, min(wave.size, (int(loud[-1]) + 1) * _HOP)


def at_common_level(wave: np.ndarray, target: float = 0.1) -> np.ndarray:
    """Scales the wave so that the loud part of the speech has one level, whatever the gain of the microphone was.

    The level of a clip shows the recording equipment, not the mood: a corpus has one gain for all clips of an actor,
    telephones do not. The 90th percentile of frame levels stands for the voice; a click cannot move it.
    """
    if not wave.size:
        return wave
    loud = np.percentile(frame_levels(wave), 90)
    return wave if loud <= 1e-6 else (wave * np.float32(target / loud)).astype(np.float32)
