"""What a person offers of a moment — sound, a picture, a line — read by the models side by side, and fused.

Nothing is written anywhere: recordings live in memory until the person saves or leaves.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np

from diary.corrections import NO_HABITS, Habits
from fer import predict as faces
from inference.weights import WeightsError
from reading import Reading, Refusal
from ser import audio
from ser import predict as voices
from understanding import fusion, runtime
from words import predict as lines

log = logging.getLogger("haru.analysis")
Answer = TypeVar("Answer")


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


@dataclass(frozen=True, eq=False)  # each is itself: arrays have no one answer to whether they are equal
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
    """The first ten seconds of the voice: what is explained. A clip may be minutes, which would be megabytes."""
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
        # One worker a core, and one thread a model (understanding/runtime.py): a voice and a face are read side by
        # side, and
        # what comes while all cores work waits for one instead of sharing it. No core is held by a thread that waits
        # for another one, and no slow analysis freezes another person's page: that only waits for its answer.
        self._workers = ThreadPoolExecutor(runtime.CORES, thread_name_prefix="haru-analysis")

    @classmethod
    def load(cls) -> Analyst:
        """All that can be loaded, soon warm; of what cannot, one line in the log."""
        runtime.prepare()
        loaded, unusable = {}, []
        for source, load in _LOADERS.items():
            try:
                loaded[source] = load()
            except Exception as error:  # a damaged file can raise anything, and must leave the diary usable by hand
                loaded[source] = None
                # Our own errors say what to do; of others the kind is enough.
                unusable.append(f"{source} ({error if isinstance(error, WeightsError) else type(error).__name__})")
        if unusable:
            log.error("models that cannot be used: %s", "; ".join(unusable))
        analyst = cls(**loaded)
        runtime.give_back()
        analyst._warm_up()
        return analyst

    @property
    def missing(self) -> list[str]:
        """Sources whose model could not be loaded."""
        return [source for source in fusion.SOURCES if getattr(self, source) is None]

    def in_turn(self, work: Callable[..., Answer], *given: object) -> Future[Answer]:
        """Whatever keeps a core busy is done by one of the workers, first come, first served."""
        return self._workers.submit(work, *given)

    def analyse(self, offered: Offered, habits: Habits = NO_HABITS) -> Analysis:
        """Reads what is offered; `habits` is what the person's own corrections taught (diary/corrections.py)."""
        started = time.perf_counter()
        offers = {source for source in fusion.SOURCES if offered.has(source)}
        long = {"voice": self._listen, "face": self._look}
        waiting = {
            source: self.in_turn(_or_refusal, source, read, offered)
            for source, read in long.items()
            if source in offers.difference(self.missing)
        }
        answers = {source: answer.result() for source, answer in waiting.items()}
        if "words" in offers.difference(self.missing):  # a thousandth of a second: not worth a place in the row
            answers["words"] = _or_refusal("words", self._read, offered)
        heard, looked = answers.get("voice"), answers.get("face")
        raw = {source: _reading_of(answer) for source, answer in answers.items() if not isinstance(answer, Refusal)}
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
            unreadable=tuple(source for source in self.missing if source in offers),
            seconds=time.perf_counter() - started,
            wave=heard.wave if isinstance(heard, _Heard) else None,
            seen=looked if isinstance(looked, faces.Seen) else None,
        )

    def look_at(self, picture: np.ndarray) -> faces.Seen | Refusal:
        """One RGB picture of a stream (understanding/live.py), in its turn among everybody's analyses."""
        return self.in_turn(self.face.see, [picture]).result()[0]

    def listen_to(self, sound: np.ndarray) -> Reading | Refusal:
        """The last seconds of a stream: mono, 16 kHz."""
        return self.in_turn(lambda: self.voice.read([audio.trim(sound)])).result()[0]

    def _listen(self, offered: Offered) -> _Heard | Refusal:
        try:
            wave = audio.load(offered.sound)
        except Refusal as refusal:
            return refusal
        (answer,) = self.voice.read([wave])
        explained = wave[: int(voices.WINDOW * audio.SAMPLE_RATE)].copy()
        return _Heard(answer, explained) if isinstance(answer, Reading) else answer

    def _look(self, offered: Offered) -> faces.Seen | Refusal:
        return self.face.see([offered.picture], face=offered.face)[0]

    def _read(self, offered: Offered) -> Reading | Refusal:
        return self.words.read([offered.line])[0]

    def _warm_up(self) -> None:
        """Every worker reads a moment of nothing, so that the first person does not wait for what is made only once.

        Nobody waits for this either: who comes earlier is next in turn.
        """
        together = threading.Barrier(runtime.CORES)
        for _ in range(runtime.CORES):
            self.in_turn(self._read_nothing, together)

    def _read_nothing(self, together: threading.Barrier) -> None:
        together.wait()  # one for each worker, and no worker takes two
        for source, read in {
            "voice": lambda: self.voice.scores(np.zeros(int(5 * audio.SAMPLE_RATE), np.float32)),
            "face": self._see_nobody,
            "words": lambda: self.words.read(["하루"]),
        }.items():
            if source not in self.missing:
                _or_refusal(source, read)

    def _see_nobody(self) -> None:
        self.face.finder.find(np.full((720, 1280, 3), 114, np.uint8))
        self.face.logits(np.zeros((1, 48, 48), np.uint8))


@dataclass(frozen=True)
class _Heard:
    """As `faces.Seen`: a reading with what it was made from."""

    reading: Reading
    wave: np.ndarray


def _reading_of(answer: _Heard | faces.Seen | Reading) -> Reading:
    return answer if isinstance(answer, Reading) else answer.reading


def _or_refusal(source: str, read: Callable[..., Answer], *given: object) -> Answer | Refusal:
    """A model that stumbles over one input must take neither the others nor the page with it."""
    try:
        return read(*given)
    except Exception as error:  # its words may hold what a person said: the log gets the kind only
        log.error("%s could not be read: %s", source, type(error).__name__)
        return Refusal("failed", "The model failed on this input.")


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
