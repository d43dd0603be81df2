"""Finds speech in a recording (Silero VAD) and cuts it into windows that Whisper decodes one at a time.

Whisper writes words for silence and noise too, so it only ever gets windows in which somebody speaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

SAMPLE_RATE = 16_000
LONGEST_WINDOW = 24.0
"""Seconds. Whisper sees 30 at once; its memory grows with the square of them."""
FIRST_WINDOW = 10.0
"""Seconds. The first window is short, so that the first words are on the screen soon."""
LONGEST_GAP = 2.0
"""Seconds of silence inside one window; longer ones make Whisper invent words."""
_PIECE = 60.0
"""Seconds that the detector reads at once: its memory grows with them, about 7 MB a minute."""
_THRESHOLD = 0.5
"""The detector's score above which a moment counts as speech: its own default."""
_LEAST_SPEECH = 0.25
"""Seconds. Shorter sounds are clicks and coughs."""
_LEAST_SILENCE = 0.5
_MARGIN = 0.3
"""Seconds before and after speech that belong to it: soft beginnings and ends."""


@dataclass(frozen=True)
class Span:
    """A part of a recording, in samples."""

    start: int
    end: int

    @property
    def seconds(self) -> float:
        return (self.end - self.start) / SAMPLE_RATE


def windows(wave: np.ndarray) -> Iterator[Span]:
    """The parts with speech, as windows; found piece by piece while the caller decodes."""
    window: Span | None = None
    longest = FIRST_WINDOW
    for span in speech(wave):
        if window is None:
            window = span
        elif (span.end - window.start) / SAMPLE_RATE <= longest and _gap(window, span) <= LONGEST_GAP:
            window = Span(window.start, span.end)
        else:
            yield window
            window, longest = span, LONGEST_WINDOW
    if window is not None:
        yield window


def speech(wave: np.ndarray) -> Iterator[Span]:
    """Where somebody speaks; no span is longer than a window."""
    position, size = 0, int(_PIECE * SAMPLE_RATE)
    while position < wave.size:
        piece = wave[position : position + size]
        spans = _speech_in(piece)
        following = position + piece.size
        if following < wave.size and spans and piece.size - spans[-1].end < _MARGIN * SAMPLE_RATE and spans[-1].start:
            # Speech goes on in the next piece: it is read there as a whole.
            following = position + spans.pop().start
        yield from (Span(position + span.start, position + span.end) for span in spans)
        position = following


def release() -> None:
    """Gives the detector's memory back; the next call of `speech` loads it again."""
    from faster_whisper import vad

    vad.get_vad_model.cache_clear()


def _speech_in(piece: np.ndarray) -> list[Span]:
    # Imported here: it brings onnxruntime, which a Haru without recordings does not need.
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        threshold=_THRESHOLD,
        min_speech_duration_ms=int(_LEAST_SPEECH * 1000),
        max_speech_duration_s=LONGEST_WINDOW - 2 * _MARGIN,
        min_silence_duration_ms=int(_LEAST_SILENCE * 1000),
        speech_pad_ms=int(_MARGIN * 1000),
    )
    return [Span(found["start"], found["end"]) for found in get_speech_timestamps(piece, options)]


def _gap(first: Span, second: Span) -> float:
    return (second.start - first.end) / SAMPLE_RATE
