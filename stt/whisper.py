"""Whisper as faster-whisper runs it, with the options that were measured for diary recordings.

The options were chosen on half of the Korean and half of the CREMA-D speakers (`python -m training.stt.choose`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.transcribe import Segment as DecodedSegment

LEAST_FRAMES = 2500
"""Whisper pads every window to 30 seconds (3,000 frames), and its encoder takes most of the time. Fewer are enough
for a short window."""
LANGUAGE_FRAMES = 1000
"""As LEAST_FRAMES, for telling the language, which is right with less."""
MORE_FRAMES = 200
"""Frames of silence after the window, without which the last words suffer."""
WHOLE_FRAMES = 3000
LEAST_REST = 0.7
"""Seconds. A window ends with a margin of silence; less than this after the last word holds no further one."""
OPTIONS: Mapping[str, Any] = MappingProxyType(
    {
        "beam_size": 5,
        # Tried in this order while the text repeats itself or is unlikely; higher ones only invent.
        "temperature": (0.0, 0.2, 0.4),
        "condition_on_previous_text": False,  # a misheard window would mislead the next one
        "word_timestamps": True,
        "vad_filter": False,  # stt/speech.py has done it
    }
)
"""Of faster-whisper's `transcribe`."""


class Whisper:
    """A model folder in CTranslate2's format, loaded in int8."""

    def __init__(
        self, folder: Path, threads: int, *, compute_type: str = "int8", least_frames: int = LEAST_FRAMES,
        more_frames: int = MORE_FRAMES, options: Mapping[str, Any] = OPTIONS,
    ) -> None:  # fmt: skip
        self._model = _ShortWindows(str(folder), device="cpu", compute_type=compute_type, cpu_threads=threads)
        self._model.more_frames = more_frames
        self._least_frames = least_frames
        self._options = options

    def languages(self, window: np.ndarray) -> Mapping[str, float]:
        """The probability of each language that Whisper knows."""
        self._model.least_frames = LANGUAGE_FRAMES
        _, _, probabilities = self._model.detect_language(window)
        return dict(probabilities)

    def decode(self, window: np.ndarray, language: str, whole: bool = False) -> Iterator[DecodedSegment]:
        """The segments of a window of at most 30 seconds, with the times and probabilities of their words.

        `whole` pads it to 30 seconds: slower, and right for some windows that a shorter padding gets wrong.
        """
        self._model.least_frames = WHOLE_FRAMES if whole else self._least_frames
        segments, _ = self._model.transcribe(window, language=language, **self._options)
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

    least_frames, more_frames = LEAST_FRAMES, MORE_FRAMES

    def encode(self, features: np.ndarray):
        # faster-whisper pads with zeros, which no sound gives.
        used = int(np.flatnonzero(features.any(axis=0))[-1]) + 1
        frames = max(self.least_frames, used + self.more_frames)
        return super().encode(np.ascontiguousarray(features[:, : frames + frames % 2]))
