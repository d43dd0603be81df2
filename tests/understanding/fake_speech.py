"""A transcriber that writes down given sentences at once, or only when the test lets it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from reading import Refusal
from ser import audio
from stt.transcriber import Part
from stt.transcript import Segment, Word
from understanding.speech_to_text import SpeechToText


def segment(text: str, start: float = 0.0, probability: float = 0.9) -> Segment:
    words = text.split(" ")
    return Segment(
        tuple(
            Word(f" {word}" if place else word, start + place / 10, start + (place + 1) / 10, probability)
            for place, word in enumerate(words)
        )
    )


class FakeTranscriber:
    """Writes the same sentences down for every recording, one a step. A refusal or an error ends it."""

    model = "fake 1"

    def __init__(self, *sentences: str, language: str = "en") -> None:
        self.sentences: Sequence[str] = sentences
        self.language = language
        self.refusal: Exception | None = None
        self.hear: Callable[[np.ndarray], Sequence[str]] | None = None
        """If set, it gives the sentences of a recording."""
        self.may_go_on = threading.Semaphore(0)
        self.waits = False
        """If true, each step needs a `may_go_on.release()`."""
        self.recordings: list[np.ndarray | bytes] = []
        self.languages: list[tuple[str, ...]] = []
        self.written: list[str] = []

    def parts(self, recording: np.ndarray | bytes, languages: Sequence[str]) -> Iterator[Part]:
        self.recordings.append(recording)
        self.languages.append(tuple(languages))
        wave = recording if isinstance(recording, np.ndarray) else audio.decode(recording)
        sentences = self.hear(wave) if self.hear else self.sentences
        seconds = wave.size / audio.SAMPLE_RATE
        for number, sentence in enumerate(sentences, start=1):
            self._wait()
            self.written.append(sentence)
            yield Part((segment(sentence, number - 1),), seconds * number / len(sentences), seconds, self.language, 0.9)
        self._wait()
        if len(languages) == 1:
            return
        if self.refusal is not None:
            raise self.refusal
        if not sentences:
            raise Refusal("no_words", "No words.")

    def _wait(self) -> None:
        if self.waits:
            self.may_go_on.acquire(timeout=30)

    def unload(self) -> None:
        pass


def speech_of(transcriber: FakeTranscriber) -> SpeechToText:
    return SpeechToText(load=lambda: transcriber, idle_seconds=lambda: 0.2)  # type: ignore[arg-type, return-value]
