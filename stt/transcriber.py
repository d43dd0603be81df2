"""Writes a recording down with Whisper: its words, their times, and how sure the model is of each.

faster-whisper decodes; stt/speech.py finds the speech, and stt/guards.py drops what Whisper makes up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inference import audio_io
from reading import Refusal
from stt import guards, speech
from stt.speech import SAMPLE_RATE
from stt.transcript import Segment, Transcript, Word

if TYPE_CHECKING:  # the import takes half a second, and most visits need no transcript
    from faster_whisper.transcribe import Segment as DecodedSegment

    from stt.whisper import Whisper

LONGEST_SECONDS = 15 * 60.0
DECODING_SECONDS = 60.0
"""A quarter of an hour of sound decodes in two or three seconds; only a file made to be slow takes longer."""
OTHER_LANGUAGE, THESE_LANGUAGES = 0.8, 0.03
"""A language that was not asked for counts as the one spoken from the first probability on, and only if those that were
asked for have less than the second together: Korean that sounds a little like Japanese is Korean."""
Recording = bytes | str | PathLike[str] | np.ndarray
"""A file, its content, or a mono wave of 16 kHz."""


@dataclass(frozen=True)
class Part:
    """What one window of the recording adds."""

    segments: tuple[Segment, ...]
    done: float
    """Seconds of the recording that are decoded."""
    seconds: float
    """Seconds of the whole recording."""
    language: str
    language_probability: float


class Transcriber:
    """A loaded model. It decodes one window at a time; threads must take turns."""

    def __init__(self, model: Whisper, name: str, version: str) -> None:
        self._model = model
        self.name, self.version = name, version

    @property
    def model(self) -> str:
        """Name and version, as transcripts store it."""
        return f"{self.name} {self.version}"

    def transcribe(self, recording: Recording, languages: Sequence[str] = ("ko", "en")) -> Transcript:
        """The words of a recording. Raises `Refusal` where there are none, or where it cannot be decoded."""
        return together(list(self.parts(recording, languages)), self.model)

    def parts(self, recording: Recording, languages: Sequence[str] = ("ko", "en")) -> Iterator[Part]:
        """The words window by window; each step decodes at most half a minute.

        The language is detected in the first window, among `languages`; a single one is taken as given. Raises
        `Refusal`: `no_words` where nobody speaks, `other_language` where somebody speaks another one.
        """
        wave = _decoded(recording)
        seconds = wave.size / SAMPLE_RATE
        language, probability, has_words = "", 0.0, False
        for span in speech.windows(wave):
            window = wave[span.start : span.end]
            if not language:
                language, probability = self._language(window, languages)
            segments = self._segments(window, span.start / SAMPLE_RATE, language)
            has_words = has_words or bool(segments)
            yield Part(segments, span.end / SAMPLE_RATE, seconds, language, probability)
        if not has_words:
            raise Refusal("no_words", "No words could be made out in the recording.")

    def unload(self) -> None:
        """Gives the model's memory back."""
        self._model.unload()
        speech.release()

    def _language(self, window: np.ndarray, languages: Sequence[str]) -> tuple[str, float]:
        if len(languages) == 1:
            return languages[0], 1.0
        probabilities = self._model.languages(window)
        best = max(probabilities, key=probabilities.__getitem__)
        among = {language: probabilities.get(language, 0.0) for language in languages}
        if probabilities[best] >= OTHER_LANGUAGE and sum(among.values()) < THESE_LANGUAGES:
            raise Refusal(
                "other_language",
                f"The recording sounds like another language ({best}).",
                {"language": best, "probability": probabilities[best]},
            )
        language = max(among, key=among.__getitem__)
        return language, among[language] / max(sum(among.values()), 1e-9)

    def _segments(self, window: np.ndarray, start: float, language: str) -> tuple[Segment, ...]:
        # Where nothing is left, a second look costs little: speech in which no word was found is rare.
        return self._kept(window, start, language) or self._kept(window, start, language, whole=True)

    def _kept(self, window: np.ndarray, start: float, language: str, whole: bool = False) -> tuple[Segment, ...]:
        decoded = [(each, _evidence(each)) for each in self._model.decode(window, language, whole) if each.words]
        kept = [(each, evidence) for each, evidence in decoded if not guards.is_invented(evidence)]
        if guards.are_a_sound([evidence for _, evidence in kept]):
            return ()
        return tuple(_segment(each, start) for each, _ in kept)


def together(parts: Sequence[Part], model: str) -> Transcript:
    """The transcript of parts in order, complete or not; needs at least one."""
    last = parts[-1]
    return Transcript(
        segments=tuple(segment for part in parts for segment in part.segments),
        language=last.language,
        language_probability=last.language_probability,
        seconds=last.seconds,
        model=model,
    )


def _decoded(recording: Recording) -> np.ndarray:
    if isinstance(recording, np.ndarray):
        return np.asarray(recording, np.float32)
    source = Path(recording) if isinstance(recording, PathLike) else recording
    return audio_io.decoded(source, SAMPLE_RATE, LONGEST_SECONDS, DECODING_SECONDS)


def _segment(decoded: DecodedSegment, start: float) -> Segment:
    return Segment(
        tuple(
            Word(word.word, start + float(word.start), start + float(word.end), float(word.probability))
            for word in decoded.words or ()
        )
    )


def _evidence(decoded: DecodedSegment) -> guards.Evidence:
    return guards.Evidence(
        text=decoded.text,
        seconds=float(decoded.end - decoded.start),
        log_probability=decoded.avg_logprob,
        no_speech=decoded.no_speech_prob,
        compression=decoded.compression_ratio,
        word_probability=float(np.mean([word.probability for word in decoded.words or ()])),
    )
