"""Analyses tracks: their place on the plane, scores of four moods, and measures that a page shows.

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
from music.audio import Excerpts
from music.chart import TrackChart, chart
from music.harmony import Key
from music.mood_model import MoodModel
from music.place import Place
from music.plane import Plane
from music.spectrum import Spectrum
from reading import Refusal


@dataclass(frozen=True)
class TrackAnalysis:
    """The analysis of one track."""

    place: Place
    emotion4: str
    """joy, sadness, neutral or anger."""
    scores4: Mapping[str, float]
    seconds: float
    features: Mapping[str, float]
    """In a listener's units: tempo (beats a minute), onset_rate (a second), noise and pulse_clarity (0…1), amplitude
    (decibels of full scale), brightness (hertz), dynamics (decibels), mode (positive is major), key_clarity (0…1)."""
    key: Key
    """The likeliest key; `features["key_clarity"]` says how clear it is."""
    model: str
    chart: TrackChart = field(repr=False, compare=False)

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


class TrackAnalyser:
    """Analyses tracks one after the other. It has no mutable state, so threads may share one."""

    def __init__(self, plane: Plane, moods: MoodModel) -> None:
        self.plane = plane
        self.moods = moods

    def read(self, sources: Sequence[Source]) -> list[TrackAnalysis | Refusal]:
        """An answer for each path or file's bytes, in order: a `Refusal` where a track cannot be decoded."""
        return [self.read_one(source) for source in sources]

    def read_one(self, source: Source) -> TrackAnalysis | Refusal:
        try:
            return self.analyse(audio.load(source))
        except Refusal as refusal:
            return refusal

    def analyse(self, track: Excerpts) -> TrackAnalysis:
        spectra = [Spectrum(wave) for wave in track.waves]
        measured = features.of_track([features.measure(spectrum) for spectrum in spectra])
        key = harmony.find_key(np.sum([np.sqrt(harmony.chroma(spectrum)).sum(0) for spectrum in spectra], axis=0))
        scores = self.moods.scores(measured)
        return TrackAnalysis(
            place=self.plane.place(measured),
            emotion4=max(scores, key=scores.__getitem__),
            scores4=scores,
            seconds=track.seconds,
            features=features.for_display(measured, key),
            key=key,
            model=f"{self.plane.version} + {self.moods.version}",
            chart=chart(track, spectra),
        )


@lru_cache(maxsize=1)
def load() -> TrackAnalyser:
    """The shipped analyser. Raises `inference.weights.WeightsError`."""
    return TrackAnalyser(plane.load(), mood_model.load())


def _answer_line(path: str, answer: TrackAnalysis | Refusal, as_json: bool) -> str:
    if as_json:
        if isinstance(answer, Refusal):
            return json.dumps({"path": path, "error": {"code": answer.code, "message": answer.message}})
        return json.dumps({"path": path, **answer.as_dict()})
    if isinstance(answer, Refusal):
        return f"{path}\t-\t{answer.message}"
    return (
        f"{path}\t{answer.emotion8}\tvalence {answer.valence:+.2f}, arousal {answer.arousal:+.2f}; "
        f"{answer.emotion4} {answer.scores4[answer.emotion4]:.0%}; "
        f"{answer.features['tempo']:.0f} beats a minute, {answer.key}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m music.analyse", description="Places tracks on the valence/arousal plane."
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    parser.add_argument("file", nargs="+", help="an audio file of any format")
    options = parser.parse_args(arguments)
    try:
        analyser = load()
    except WeightsError as error:
        print(error, file=sys.stderr)
        return 1
    refused = False
    for path in options.file:  # one at a time, so that the first answers of many files come at once
        answer = analyser.read_one(path)
        refused |= isinstance(answer, Refusal)
        line = _answer_line(path, answer, options.json)
        print(line.encode(sys.stdout.encoding or "utf-8", "replace").decode(sys.stdout.encoding or "utf-8"), flush=True)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
