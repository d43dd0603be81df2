"""Whisper as faster-whisper runs it, with the options that were measured for diary recordings.

The options were chosen on half of the Korean speakers (`python -m training.stt.choose`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.transcribe import Segment as DecodedSegment

BEAM = 5
LEAST_FRAMES = 1000
"""Whisper pads every window to 30 seconds, and its encoder takes most of the time. Ten seconds are enough for a short
window: the same words in half the time."""
MORE_FRAMES = 200
"""Frames of silence after the window, without which the last words suffer."""
LEAST_REST = 0.7
"""Seconds. A window ends with a margin of silence; less than this after the last word holds no further one."""
TEMPERATURES = (0.0, 0.2, 0.4)
"""Tried in this order while the text repeats itself or is unlikely; higher ones only invent."""


class Whisper:
    """A model folder in CTranslate2's format, loaded in int8."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._model = _ShortWindows(str(folder), device="cpu", compute_type="int8", cpu_threads=threads)

    def languages(self, window: np.ndarray) -> Mapping[str, float]:
        """The probability of each language that Whisper knows."""
        _, _, probabilities = self._model.detect_language(window)
        return dict(probabilities)

    def decode(self, window: np.ndarray, language: str) -> Iterator[DecodedSegment]:
        """The segments of a window of at most 30 seconds, with the times and probabilities of their words."""
        segments, _ = self._model.transcribe(
            window,
            language=language,
            beam_size=BEAM,
            temperature=TEMPERATURES,
            condition_on_previous_text=False,  # a misheard window would mislead the next one
            word_timestamps=True,
            vad_filter=False,  # stt/speech.py has done it
        )
        seconds = window.size / self._model.feature_extractor.sampling_rate
        for segment in segments:
            yield segment
            # faster-whisper would decode the rest of the window by itself, and write "you" or "more." for a breath.
            if seconds - segment.end < LEAST_REST:
                return

    def unload(self) -> None:
        self._model.model.unload_model()


class _ShortWindows(WhisperModel):
    """Encodes as many frames as the window needs."""

    def encode(self, features: np.ndarray):
        # faster-whisper pads with zeros, which no sound gives.
        used = int(np.flatnonzero(features.any(axis=0))[-1]) + 1
        frames = max(LEAST_FRAMES, used + MORE_FRAMES)
        return super().encode(np.ascontiguousarray(features[:, : frames + frames % 2]))
