"""Recognisers that answer at once with a given reading."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import numpy as np

from emotions import EMOTIONS
from fer.faces import Face
from fer.predict import FaceReading
from reading import Reading, Refusal
from ser import audio
from ser.predict import VoiceReading
from stt.transcript import Segment, Transcript, Word, text_of
from understanding import fusion
from understanding.analyst import Analyst

HOW = fusion.Settings("test", {"voice": 0.6, "face": 0.7, "words": 0.8}, contradiction=0.4, margin=0.15, softness=0.3)


def reading(source: str, emotion: str) -> Reading:
    return Reading({e: 0.94 if e == emotion else 0.01 for e in EMOTIONS}, True, {"weight": 1.0}, source, "fake 1")


def face_reading(emotion: str, face: Face | None = None) -> FaceReading:
    plain = reading("face", emotion)
    return FaceReading(**vars(plain), face=face, members={"alexnet": plain.scores}, crop=np.zeros((48, 48), np.uint8))


class Fake:
    """Answers at once, or after a while, and counts how many threads call it at the same time."""

    margin = 0.1
    model = "fake 1"

    def __init__(self, answer: Reading | Refusal, seconds: float = 0.0) -> None:
        self.answer, self.seconds = answer, seconds
        self.now, self.most = 0, 0
        self.chosen: int | None = None
        self.threads: set[threading.Thread] = set()
        self._lock = threading.Lock()

    def read(self, inputs: list, face: int | None = None) -> list:
        self.chosen = face
        with self._lock:
            self.now += 1
            self.threads.add(threading.current_thread())
            self.most = max(self.most, self.now)
        time.sleep(self.seconds)
        with self._lock:
            self.now -= 1
        return [self._answer(given) for given in inputs]

    def read_frames(self, frames: Sequence[object], face: int | None = None) -> list:
        return self.read(list(frames), face=face)

    def warm_up(self) -> None:
        pass

    def _answer(self, given: object) -> Reading | Refusal:
        if isinstance(self.answer, Refusal) or self.answer.source == "words":
            return self.answer
        if self.answer.source == "face":
            return face_reading(self.answer.label)
        try:
            wave = given if isinstance(given, np.ndarray) else audio.load(given)
        except Refusal as refusal:
            return refusal
        return VoiceReading(**vars(self.answer), wave=wave)


def analyst_of(voice="sadness", face="sadness", words="sadness", seconds: float = 0.0) -> Analyst:
    """An analyst of fake recognisers; each source takes an emotion, a refusal or None for a missing model."""
    given = {"voice": voice, "face": face, "words": words}
    return Analyst(
        **{
            source: answer and Fake(answer if isinstance(answer, Refusal) else reading(source, answer), seconds)
            for source, answer in given.items()
        }
    )


def segment(text: str, start: float, seconds: float = 1.0) -> Segment:
    """A segment of one word a space; the model is unsure of a word that starts with a star."""
    words = text.split(" ")
    step = seconds / len(words)
    return Segment(
        tuple(
            Word(
                (" " if number else "") + word.removeprefix("*"),
                start + number * step,
                start + (number + 1) * step,
                0.2 if word.startswith("*") else 0.9,
            )
            for number, word in enumerate(words)
        )
    )


class FakeTranscription:
    """A recording that the test writes down, segment by segment."""

    def __init__(self, recording: bytes, languages: Sequence[str]) -> None:
        self.recording, self.languages = recording, tuple(languages)
        self.segments: tuple[Segment, ...] = ()
        self.share = 0.0
        self.refusal: Refusal | None = None
        self.state = "waiting"
        self.is_cancelled = False
        self.language = "en"

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "cancelled", "refused")

    @property
    def text(self) -> str:
        return text_of(self.segments)

    @property
    def transcript(self) -> Transcript | None:
        return Transcript(self.segments, self.language, 0.9, 60.0, "fake 1") if self.segments else None

    def say(self, text: str, share: float = 0.5, pause: float = 0.0) -> None:
        end = self.segments[-1].end if self.segments else 0.0
        self.segments = (*self.segments, segment(text, end + pause))
        self.share, self.state = share, "running"

    def finish(self) -> None:
        self.share, self.state = 1.0, "done"

    def refuse(self, code: str, **details: object) -> None:
        self.refusal, self.state = Refusal(code, "The test refuses this recording.", details), "refused"

    def cancel(self) -> None:
        """Like the real one, it ends a moment later; the test may still `say` something."""
        self.is_cancelled = True

    def wait(self, seconds: float | None = None) -> bool:
        return self.is_over


class FakeSpeechToText:
    """Takes the place of understanding.speech_to_text.SpeechToText; `started` holds what the app asked it for."""

    def __init__(self) -> None:
        self.started: list[FakeTranscription] = []

    @property
    def latest(self) -> FakeTranscription:
        return self.started[-1]

    def start(self, recording: bytes, languages: Sequence[str]) -> FakeTranscription:
        self.started.append(FakeTranscription(recording, languages))
        return self.latest

    def stop(self, seconds: float = 0.0) -> None:
        for transcription in self.started:
            transcription.cancel()
