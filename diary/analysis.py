"""What a person offers of a moment — sound, a picture, a line — read by the models side by side, and fused.

Nothing is written anywhere: recordings live in memory until the person saves or leaves.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from diary import fusion
from diary.habits import NO_HABITS, Habits
from fer import predict as faces
from learning.weights import WeightsError
from reading import Reading, Refusal
from ser import audio
from ser import predict as voices
from words import predict as lines

log = logging.getLogger("haru.analysis")


@dataclass(frozen=True)
class Offered:
    """What a person gave to be understood; any one of the three is enough."""

    sound: bytes | None = field(default=None, repr=False)
    picture: bytes | None = field(default=None, repr=False)
    line: str = field(default="", repr=False)
    face: int | None = None
    """Which face, where the picture showed several and the person chose."""

    def has(self, source: str) -> bool:
        return bool({"voice": self.sound, "face": self.picture, "words": self.line.strip()}[source])

    def __bool__(self) -> bool:
        return any(self.has(source) for source in fusion.SOURCES)


@dataclass(frozen=True)
class Analysis:
    """What was understood, what could not be, and what explaining it needs."""

    offered: Offered
    raw: Mapping[str, Reading]
    """As the models said it: what is stored, and what a correction is learnt from."""
    readings: Mapping[str, Reading]
    """With the person's own correction: what is shown and fused."""
    refusals: Mapping[str, Refusal]
    fused: Reading | None
    unreadable: tuple[str, ...] = ()
    """Sources that were offered, but whose model is missing."""
    seconds: float = 0.0
    wave: np.ndarray | None = field(default=None, repr=False)
    seen: faces.Seen | None = field(default=None, repr=False)

    def is_of(self, offered: Offered) -> bool:
        """Whether this still speaks of what is offered now: nothing rewritten, recorded anew or photographed anew.

        What was offered and is gone (a recording does not survive a reload) was still understood.
        """
        return (
            offered.line == self.offered.line
            and offered.sound in (None, self.offered.sound)
            and offered.picture in (None, self.offered.picture)
        )

    @classmethod
    def of_told(cls, told: Sequence[Reading], offered: Offered) -> Analysis | None:
        """What is left of one that was stored: its readings. None where no model said anything."""
        each = {reading.source: reading for reading in told if reading.source != "fusion"}
        fused = next((reading for reading in told if reading.source == "fusion"), None)
        return cls(offered, each, each, {}, fused) if each and fused else None

    @property
    def source(self) -> str:
        """Where an entry's mood came from: one of the models, several of them, or the person's own hand."""
        if not self.readings:
            return "hand"
        return "fusion" if len(self.readings) > 1 else next(iter(self.readings))

    @property
    def told(self) -> list[Reading]:
        """All that is to be stored with the entry."""
        return [*self.raw.values(), *([self.fused] if self.fused else [])]


class Analyst:
    """The models of the house, loaded once a process. A model that is missing is told, and the rest goes on."""

    def __init__(self, voice: voices.Recogniser | None, face: faces.Recogniser | None, words: lines.Recogniser | None):
        self.voice, self.face, self.words = voice, face, words
        # As many at once as there are cores: one slow analysis must not freeze another person's page.
        places = os.cpu_count() or 1
        self._places = threading.Semaphore(places)
        # The same threads for every analysis: OpenCV, OpenMP and malloc keep something of their own for each new one.
        self._side_by_side = ThreadPoolExecutor(places * len(fusion.SOURCES), thread_name_prefix="haru-analysis")

    @classmethod
    def load(cls) -> Analyst:
        """All that can be loaded; of what cannot, one line in the log."""
        loaded, unusable = {}, []
        for source, load in _LOADERS.items():
            try:
                loaded[source] = load()
            except WeightsError as error:
                loaded[source] = None
                unusable.append(f"{source} ({error})")
        if unusable:
            log.error("models that cannot be used: %s", "; ".join(unusable))
        return cls(**loaded)

    @property
    def missing(self) -> list[str]:
        """Sources whose model could not be loaded."""
        return [source for source in fusion.SOURCES if getattr(self, source) is None]

    def analyse(self, offered: Offered, habits: Habits = NO_HABITS) -> Analysis:
        """Reads what is offered; `habits` is what the person's own corrections taught (diary/habits.py)."""
        started = time.perf_counter()
        with self._places:
            listening = self._side_by_side.submit(self._listen, offered.sound)
            looking = self._side_by_side.submit(self._look, offered.picture, offered.face)
            reading = self._side_by_side.submit(self._read, offered.line)
            heard, wave = listening.result()
            looked = looking.result()
            answers = {"voice": heard, "face": looked, "words": reading.result()}
        seen = looked if isinstance(looked, faces.Seen) else None
        if seen:
            answers["face"] = seen.reading
        raw = {source: answer for source, answer in answers.items() if isinstance(answer, Reading)}
        readings = {
            source: habits[source].apply(reading, getattr(self, source).margin) if source in habits else reading
            for source, reading in raw.items()
        }
        return Analysis(
            offered=offered,
            raw=raw,
            readings=readings,
            refusals={source: answer for source, answer in answers.items() if isinstance(answer, Refusal)},
            fused=fusion.fuse(list(readings.values())) if readings else None,
            unreadable=tuple(source for source in self.missing if offered.has(source)),
            seconds=time.perf_counter() - started,
            wave=wave,
            seen=seen,
        )

    def look_at(self, picture: np.ndarray) -> faces.Seen | Refusal:
        """One RGB picture of a stream (diary/live.py), in its turn among everybody's analyses."""
        with self._places:
            return self.face.see([picture])[0]

    def listen_to(self, sound: np.ndarray) -> Reading | Refusal:
        """The last seconds of a stream: mono, 16 kHz."""
        with self._places:
            return self.voice.read([audio.trim(sound)])[0]

    def _listen(self, sound: bytes | None) -> tuple[Reading | Refusal | None, np.ndarray | None]:
        if not sound or self.voice is None:
            return None, None
        try:
            wave = audio.load(sound)
        except Refusal as refusal:
            return refusal, None
        (answer,) = self.voice.read([wave])
        return answer, wave

    def _look(self, picture: bytes | None, face: int | None) -> faces.Seen | Refusal | None:
        if not picture or self.face is None:
            return None
        return self.face.see([picture], face=face)[0]

    def _read(self, line: str) -> Reading | Refusal | None:
        if not line.strip() or self.words is None:
            return None
        return self.words.read([line])[0]


_LOADERS: dict[str, Callable] = {"voice": voices.load, "face": faces.load, "words": lines.load}


def in_place() -> frozenset[str]:
    """Sources whose weights lie where they should; quick, and before any model is loaded."""
    places = {"voice": voices.weights_in_use, "face": faces.weights_in_use, "words": lambda: lines.WEIGHTS}
    return frozenset(source for source, place in places.items() if _is_there(source, place))


def _is_there(source: str, place: Callable[[], Path]) -> bool:
    try:
        path = place()
    except WeightsError:
        return False  # asked at every run of a page: what is wrong is said once, by `Analyst.load`
    return (path / "ensemble.json").exists() if source == "face" and path.suffix == "" else path.exists()
