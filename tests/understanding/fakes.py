"""Recognisers that answer at once with a given reading."""

from __future__ import annotations

import threading
import time

import numpy as np

from emotions import EMOTIONS
from fer.faces import Face
from fer.predict import FaceReading
from reading import Reading, Refusal
from ser import audio
from ser.predict import VoiceReading
from understanding import fusion
from understanding.analyst import Analyst

HOW = fusion.Settings("test", {"voice": 0.6, "face": 0.7, "words": 0.8}, contradiction=0.4, margin=0.15)


def reading(source: str, emotion: str) -> Reading:
    return Reading({e: 0.7 if e == emotion else 0.05 for e in EMOTIONS}, True, {"weight": 1.0}, source, "fake 1")


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
