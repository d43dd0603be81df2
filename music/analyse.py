"""Tracks in, their places on the plane of moods out.

python -m music.analyse [--json] FILE…
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from inference.containers import Source
from inference.weights import WeightsError
from music import audio, features, harmony, mood_model, plane
from music.audio import Heard
from music.harmony import Key
from music.mood_model import MoodModel
from music.place import Place
from music.plane import Plane
from music.spectrum import FLOOR_DB, Spectrum
from reading import Refusal

_WAVEFORM = 1200
_COLUMNS = 600


@dataclass(frozen=True)
class Picture:
    """What a page draws of a track."""

    waveform: np.ndarray
    """(points, 2): lowest and highest sample of each stretch."""
    waveform_seconds: np.ndarray
    mel: np.ndarray
    """(64, columns): decibels from -80 to 0, low tones first; between the excerpts of a long track lies nothing."""
    mel_seconds: np.ndarray
    mel_hertz: np.ndarray
    """Centre of each of the 64 bands."""


@dataclass(frozen=True)
class Analysis:
    """What was heard of one track."""

    place: Place
    emotion4: str
    """joy, sadness, neutral or anger."""
    scores4: Mapping[str, float]
    seconds: float
    features: Mapping[str, float]
    """In a listener's units: tempo (beats a minute), onset_rate (a second), noise and pulse_clarity (0…1), amplitude
    (decibels of full scale), brightness (hertz), dynamics (decibels), mode (positive is major), key_clarity (0…1)."""
    key: Key
    """The one it seems to be in; `features["key_clarity"]` says how clearly."""
    model: str
    picture: Picture = field(repr=False, compare=False)

    @property
    def valence(self) -> float:
        return self.place.valence

    @property
    def arousal(self) -> float:
        return self.place.arousal

    @property
    def emotion8(self) -> str:
        return self.place.emotion

    def as_dict(self) -> dict[str, object]:
        return {
            "valence": round(self.valence, 4),
            "arousal": round(self.arousal, 4),
            "emotion8": self.emotion8,
            "emotion4": self.emotion4,
            "scores4": {name: round(score, 4) for name, score in self.scores4.items()},
            "seconds": round(self.seconds, 2),
            "key": str(self.key),
            "features": {name: round(value, 4) for name, value in self.features.items()},
        }


class Analyst:
    """Listens to tracks, one after the other. Holds nothing that changes: threads may share one."""

    def __init__(self, plane: Plane, moods: MoodModel) -> None:
        self.plane = plane
        self.moods = moods

    def read(self, sources: Sequence[Source]) -> list[Analysis | Refusal]:
        """An answer for each path or file's bytes, at its place: a `Refusal` where a track could not be heard."""
        return [self.read_one(source) for source in sources]

    def read_one(self, source: Source) -> Analysis | Refusal:
        try:
            return self.hear(audio.load(source))
        except Refusal as refusal:
            return refusal

    def hear(self, heard: Heard) -> Analysis:
        spectra = [Spectrum(excerpt) for excerpt in heard.excerpts]
        measured = [features.measure(spectrum) for spectrum in spectra]
        track = features.of_track(measured)
        key = _key(spectra)
        scores = self.moods.scores([mood_model.image(spectrum) for spectrum in spectra], track)
        return Analysis(
            place=self.plane.place(track),
            emotion4=max(scores, key=scores.__getitem__),
            scores4=scores,
            seconds=heard.seconds,
            features=features.for_people(track, key),
            key=key,
            model=f"{self.plane.version} + {self.moods.version}",
            picture=_picture(heard, spectra),
        )


@lru_cache(maxsize=1)
def load() -> Analyst:
    """The shipped analyst. Raises `inference.weights.WeightsError`."""
    return Analyst(plane.load(), mood_model.load())


def _key(spectra: Sequence[Spectrum]) -> Key:
    return harmony.find_key(np.sum([np.sqrt(harmony.chroma(spectrum)).sum(0) for spectrum in spectra], axis=0))


def _picture(heard: Heard, spectra: Sequence[Spectrum]) -> Picture:
    every = max(1, round(_WAVEFORM / len(spectra)))
    waves, moments = [], []
    for start, excerpt in zip(heard.starts, heard.excerpts, strict=True):
        edges = np.linspace(0, excerpt.size, min(every, excerpt.size) + 1).astype(int)[:-1]
        waves.append(np.stack([np.minimum.reduceat(excerpt, edges), np.maximum.reduceat(excerpt, edges)], axis=1))
        moments.append(start + edges / audio.SAMPLE_RATE)
    columns, column_moments = [], []
    for start, spectrum in zip(heard.starts, spectra, strict=True):
        picture = mood_model.image(spectrum)
        edges = np.linspace(0, picture.shape[1], min(max(1, _COLUMNS // len(spectra)), picture.shape[1]) + 1)
        edges = edges.astype(int)[:-1]
        columns.append(np.maximum.reduceat(picture, edges, axis=1))
        column_moments.append(start + edges * mood_model.FRAME_SECONDS)
    return Picture(
        waveform=np.concatenate(waves),
        waveform_seconds=np.concatenate(moments),
        mel=np.clip(np.concatenate(columns, axis=1), -FLOOR_DB, 0.0),
        mel_seconds=np.concatenate(column_moments),
        mel_hertz=mood_model.band_hertz(),
    )


def _answer(path: str, answer: Analysis | Refusal, as_json: bool) -> str:
    if as_json:
        if isinstance(answer, Refusal):
            return json.dumps({"path": path, "error": {"code": answer.code, "message": answer.message}})
        return json.dumps({"path": path, **answer.as_dict()})
    if isinstance(answer, Refusal):
        return f"{path}\t-\t{answer.message}"
    facts = answer.features
    return (
        f"{path}\t{answer.emotion8}\tvalence {answer.valence:+.2f}, arousal {answer.arousal:+.2f}; "
        f"{answer.emotion4} {answer.scores4[answer.emotion4]:.0%}; {facts['tempo']:.0f} beats a minute, {answer.key}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m music.analyse", description="Where tracks lie on the plane.")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("file", nargs="+", help="a sound file of any kind")
    options = parser.parse_args(arguments)
    try:
        analyst = load()
    except WeightsError as error:
        print(error, file=sys.stderr)
        return 1
    refused = False
    for path in options.file:  # one at a time: of many files the first answers come at once
        answer = analyst.read_one(path)
        refused |= isinstance(answer, Refusal)
        line = _answer(path, answer, options.json)
        print(line.encode(sys.stdout.encoding or "utf-8", "replace").decode(sys.stdout.encoding or "utf-8"), flush=True)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
