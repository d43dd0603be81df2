"""Decodes and trims recordings: mono, 16 kHz, silence cut from both ends.

Training and the app both load every recording here, so that a model always gets the same kind of input.
"""

from __future__ import annotations

import numpy as np

from inference.audio_io import mono_blocks, opened, seconds_by_header
from inference.containers import Source
from reading import Refusal

SAMPLE_RATE = 16_000
LONGEST_SECONDS = 600.0
"""A recording of a diary is minutes long, not hours."""
DECODING_SECONDS = 60.0
"""Ten minutes of sound decode in one or two seconds; only a file made to be slow takes longer than this."""
SILENCE_DB = 30.0
"""Both ends are cut where they lie this far below the loudest frame."""
_FRAME, _HOP = 2048, 512  # librosa's defaults: `trim` cuts as librosa.effects.trim does


def load(source: Source) -> np.ndarray:
    """Decodes and trims: the input of the models. Raises `Refusal`."""
    return trim(decode(source))


def decode(source: Source) -> np.ndarray:
    """The first sound track as float32, mono, 16 kHz; `LONGEST_SECONDS` bounds the memory. Raises `Refusal`."""
    blocks: list[np.ndarray] = []
    samples = 0
    with opened(source, DECODING_SECONDS) as sound:
        _refuse_if_too_long(seconds_by_header(sound))
        for block in mono_blocks(sound, SAMPLE_RATE):
            blocks.append(block)
            samples += block.size
            # The header may be wrong, or give no duration at all (recordings of a browser).
            _refuse_if_too_long(samples / SAMPLE_RATE)
    if not samples:
        raise Refusal("unreadable", "The file has a sound track, but no sound in it could be decoded.")
    return np.concatenate(blocks)


def _refuse_if_too_long(seconds: float) -> None:
    if seconds > LONGEST_SECONDS:
        raise Refusal(
            "too_long",
            f"The clip is longer than {LONGEST_SECONDS / 60:.0f} minutes; cut out the part that matters.",
            {"limit_seconds": LONGEST_SECONDS},
        )


def frame_levels(wave: np.ndarray) -> np.ndarray:
    """The root mean square of each centred frame, as librosa.feature.rms computes it."""
    padded = np.pad(np.asarray(wave, np.float64), _FRAME // 2)
    energy = np.concatenate([[0.0], np.cumsum(padded**2)])
    starts = np.arange(0, padded.size - _FRAME + 1, _HOP)
    return np.sqrt(np.maximum(energy[starts + _FRAME] - energy[starts], 0.0) / _FRAME)


def trim(wave: np.ndarray, top_db: float = SILENCE_DB) -> np.ndarray:
    """Cuts leading and trailing silence; the middle stays unchanged. Silence alone gives an empty array."""
    levels = frame_levels(wave)
    loudest = levels.max(initial=0.0)
    if loudest <= 1e-6:
        return wave[:0]
    loud = np.flatnonzero(levels > loudest * 10 ** (-top_db / 20))
    return wave[loud[0] * _HOP : min(wave.size, (loud[-1] + 1) * _HOP)]


def at_common_level(wave: np.ndarray, target: float = 0.1) -> np.ndarray:
    """Scales the wave so that the loud part of the speech has one level, whatever the gain of the microphone was.

    The level of a clip shows the recording equipment, not the mood: a corpus has one gain for all clips of an actor,
    telephones do not. The 90th percentile of frame levels stands for the voice; a click cannot move it.
    """
    if not wave.size:
        return wave
    loud = np.percentile(frame_levels(wave), 90)
    return wave if loud <= 1e-6 else (wave * np.float32(target / loud)).astype(np.float32)
