"""Anything a person records or uploads → one clean array: mono, 16 kHz, silence cut from both ends.

Every sound of the house passes through here, in training as in use, so that a model never hears
anything prepared in another way.
"""

from __future__ import annotations

import numpy as np

from inference.audio_io import frames, mono, opened, resampler, seconds_by_header
from inference.containers import Source
from reading import Refusal

SAMPLE_RATE = 16_000
LONGEST = 600.0
"""Seconds. A diary entry is minutes, not hours; longer files are refused from their header."""
WITHIN = 60.0
"""Seconds. Ten minutes of sound are decoded in one or two; a file that takes so long is made to."""
SILENCE_DB = 30.0
"""What lies this far below the clip's loudest moment, at either end, is cut."""
_FRAME, _HOP = 2048, 512  # librosa's defaults: `trim` gives the same cut as librosa.effects.trim


def load(source: Source) -> np.ndarray:
    """Decode and trim: what a model is fed. Raises `Refusal` with a named reason."""
    return trim(decode(source))


def decode(source: Source) -> np.ndarray:
    """The first sound track as float32, mono, 16 kHz, with memory bounded by `LONGEST`."""
    with opened(source, WITHIN) as sound:
        _refuse_if_too_long(seconds_by_header(sound))
        to_rate = resampler(SAMPLE_RATE)
        pieces: list[np.ndarray] = []
        samples = 0
        for frame in frames(sound):
            for piece in to_rate.resample(frame):
                pieces.append(mono(piece))
                samples += pieces[-1].size
            # A header may lie, or say nothing at all (recordings of a browser): the count decides.
            _refuse_if_too_long(samples / SAMPLE_RATE)
        pieces += [mono(piece) for piece in to_rate.resample(None)]
    if not any(piece.size for piece in pieces):
        raise Refusal("unreadable", "The file has a sound track, but no sound in it could be decoded.")
    return np.concatenate(pieces)


def _refuse_if_too_long(seconds: float) -> None:
    if seconds > LONGEST:
        raise Refusal(
            "too_long",
            f"The clip is longer than {LONGEST / 60:.0f} minutes; cut out the part that matters.",
            {"limit_seconds": LONGEST},
        )


def frame_levels(wave: np.ndarray) -> np.ndarray:
    """Root mean square of each centred frame, as librosa.feature.rms gives it."""
    padded = np.pad(np.asarray(wave, np.float64), _FRAME // 2)
    energy = np.concatenate([[0.0], np.cumsum(padded**2)])
    starts = np.arange(0, padded.size - _FRAME + 1, _HOP)
    return np.sqrt(np.maximum(energy[starts + _FRAME] - energy[starts], 0.0) / _FRAME)


def trim(wave: np.ndarray, top_db: float = SILENCE_DB) -> np.ndarray:
    """Cut leading and trailing silence; the middle stays untouched. Silence alone gives an empty array."""
    levels = frame_levels(wave)
    loudest = levels.max(initial=0.0)
    if loudest <= 1e-6:
        return wave[:0]
    loud = np.flatnonzero(levels > loudest * 10 ** (-top_db / 20))
    return wave[loud[0] * _HOP : min(wave.size, (loud[-1] + 1) * _HOP)]


def at_common_level(wave: np.ndarray, target: float = 0.1) -> np.ndarray:
    """Scale so that the loud part of the speech has one level, whatever the microphone's gain was.

    How loud a clip is tells a studio's setting, not the stranger's mood: corpora keep one gain for all clips of an
    actor, telephones do not. The 90th percentile of frame levels stands for the voice; a click cannot move it.
    """
    if not wave.size:
        return wave
    loud = np.percentile(frame_levels(wave), 90)
    return wave if loud <= 1e-6 else (wave * np.float32(target / loud)).astype(np.float32)
