"""Reads a person's recording, picture and note with the recognisers side by side, and fuses the readings.

It writes nothing to disk: recordings and pictures stay in memory until the person saves the entry or leaves.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from types import MappingProxyType, ModuleType
from typing import Any, ParamSpec, TypeVar

import numpy as np

import counters
from diary.corrections import NO_CORRECTIONS, Corrections
from fer import predict as face_model
from fer.predict import FaceReading
from inference import shipped
from inference.mood_shares import NOTHING_KNOWN, MoodShares
from inference.shipped import NotFreeError
from inference.weights import WeightsError
from reading import Reading, Recogniser, Refusal
from ser import audio
from ser import predict as voice_model
from ser.predict import VoiceReading
from stt.transcript import Transcript
from understanding import face_frames, fusion, runtime, spoken_note
from understanding.spoken_note import SpokenPart
from words import predict as words_model
from words.predict import WordsReading

log = logging.getLogger("haru.analysis")

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

MODULES: Mapping[str, ModuleType] = MappingProxyType(
    {"voice": voice_model, "face": face_model, "words": words_model},
)
"""The module of each source: `load`, `has_weights` and `weights_in_use`."""
_SLOW = ("voice", "face")
"""Sources that a worker reads. Reading a note takes some ten milliseconds, so it needs no worker."""


@dataclass(frozen=True)
class UserInput:
    """User input to analyse: a recording, a picture or a note, at least one of them."""

    recording: bytes | None = field(default=None, repr=False)
    picture: bytes | None = field(default=None, repr=False)
    """An uploaded picture, or the frame in the middle of `frames`."""
    note: str = field(default="", repr=False)
    face: int | None = None
    """The face that the person chose, where the picture shows several."""
    frames: tuple[bytes, ...] = field(default=(), repr=False)
    """What the camera took over a second and a half: the face is read from all of them (understanding/face_frames)."""
    transcript: Transcript | None = field(default=None, repr=False)
    """The words of `recording`, as they were written into the note; the person may have edited them there."""
    read_voice: bool = True
    """False where the recording is only written down."""

    def of(self, source: str) -> bytes | str | None:
        """The input of a source, as its recogniser reads it."""
        return {"voice": self.recording if self.read_voice else None, "face": self.picture, "words": self.note}[source]

    def has(self, source: str) -> bool:
        """Whether there is something to read for the source."""
        content = self.of(source)
        return bool(content.strip() if isinstance(content, str) else content)

    def asked_picture(self, refusal: Refusal) -> bytes | None:
        """The picture with the faces of which a person must choose one."""
        number = refusal.details.get("frame")
        return self.frames[number] if isinstance(number, int) else self.picture

    @property
    def spoken(self) -> SpokenPart:
        """How much of the note was said in the recording."""
        return spoken_note.spoken_part(self.note, self.transcript)

    def __bool__(self) -> bool:
        return any(self.has(source) for source in fusion.SOURCES)


@dataclass(frozen=True, eq=False)  # arrays in the readings have no single truth value to compare by
class Analysis:
    """The readings of a user input, and the refusals in place of readings."""

    user_input: UserInput
    raw: Mapping[str, Reading]
    """The models' own readings, by source: the diary stores them and learns corrections from them."""
    readings: Mapping[str, Reading]
    """The readings with the person's own correction, by source: the page shows and fusion uses them."""
    refusals: Mapping[str, Refusal]
    fused: Reading | None
    without_model: tuple[str, ...] = ()
    """Sources with an input, but whose model is missing."""
    seconds: float = 0.0
    """How long the analysis took."""

    @classmethod
    def from_stored(cls, stored: Sequence[Reading], user_input: UserInput) -> Analysis | None:
        """The analysis of stored readings; None where no model read anything."""
        readings = {reading.source: reading for reading in stored if reading.source != "fusion"}
        fused = next((reading for reading in stored if reading.source == "fusion"), None)
        return cls(user_input, readings, readings, {}, fused) if readings and fused else None

    def matches(self, user_input: UserInput) -> bool:
        """Whether this is still the analysis of the input: no new note, recording or picture.

        A missing recording, picture or transcript is no change, because it does not survive a reload. A new transcript
        of the recording is a change only where other words of the note were spoken.
        """
        return (
            user_input.note == self.user_input.note
            and user_input.recording in (None, self.user_input.recording)
            and user_input.picture in (None, self.user_input.picture)
            and user_input.frames in ((), self.user_input.frames)
            and (
                user_input.recording is None
                or user_input.transcript in (None, self.user_input.transcript)
                or user_input.spoken == self.user_input.spoken
            )
        )

    @property
    def voice(self) -> VoiceReading | None:
        """The reading of the voice with its sound; None for a stored reading, which has no sound."""
        reading = self.raw.get("voice")
        return reading if isinstance(reading, VoiceReading) else None

    @property
    def face(self) -> FaceReading | None:
        """The reading of the face with its crop; None for a stored reading, which has no picture."""
        reading = self.raw.get("face")
        return reading if isinstance(reading, FaceReading) else None

    @property
    def feelings(self) -> Mapping[str, float]:
        """The feelings that the note speaks for; none for a stored reading."""
        reading = self.raw.get("words")
        return reading.feelings if isinstance(reading, WordsReading) else {}

    @property
    def picture(self) -> bytes | None:
        """The picture that stands for the reading of the face: of several frames, the one nearest to their mean."""
        given, number = self.user_input, self.face.frame if self.face else None
        return given.frames[number] if number is not None and number < len(given.frames) else given.picture

    @property
    def source(self) -> str:
        """The source of an entry's mood: voice, face, words, fusion of several, or hand."""
        if not self.readings:
            return "hand"
        return "fusion" if len(self.readings) > 1 else next(iter(self.readings))

    @property
    def to_store(self) -> list[Reading]:
        """All readings that belong to the entry: the models' own and the fused one."""
        return [reading.plain() for reading in (*self.raw.values(), self.fused) if reading]


class Analyst:
    """The recognisers, loaded once per process. If one is missing, the others still read."""

    def __init__(
        self, voice: voice_model.Recogniser | None, face: face_model.Recogniser | None,
        words: words_model.Recogniser | None,
    ) -> None:  # fmt: skip
        self.voice, self.face, self.words = voice, face, words
        self.broken: tuple[str, ...] = ()
        """Sources whose model should be there but could not be loaded."""
        # One worker for each core, and one thread for each model (understanding/runtime.py): a voice and a face are
        # read side by side, and further inputs wait for a worker instead of sharing one. A page only waits for its
        # own answer, so no slow analysis blocks another person's page.
        self._workers = ThreadPoolExecutor(runtime.CORES, thread_name_prefix="haru-analysis")

    @classmethod
    def load(cls) -> Analyst:
        """Loads every recogniser that can be loaded; one line in the log names the others."""
        runtime.prepare()
        loaded: dict[str, Any] = {}
        failures, left_out, broken = [], [], []
        for source, module in MODULES.items():
            try:
                loaded[source] = module.load()
            except NotFreeError:
                loaded[source] = None
                left_out.append(source)
            except Exception as error:  # a damaged file can raise anything; the diary must stay usable by hand
                loaded[source] = None
                broken.append(source)
                # A WeightsError says what to do; of other errors the kind is enough.
                failures.append(f"{source} ({error if isinstance(error, WeightsError) else type(error).__name__})")
        if left_out:
            log.info("HARU_FREE_WEIGHTS leaves out the models of %s", ", ".join(left_out))
        if failures:
            log.error("models that cannot be used: %s", "; ".join(failures))
        analyst = cls(**loaded)
        analyst.broken = tuple(broken)
        runtime.free_memory()
        analyst._warm_up()
        return analyst

    def recogniser(self, source: str) -> Recogniser | None:
        """The recogniser of a source; None where it could not be loaded."""
        return {"voice": self.voice, "face": self.face, "words": self.words}[source]

    @property
    def missing(self) -> list[str]:
        """Sources whose model could not be loaded."""
        return [source for source in fusion.SOURCES if self.recogniser(source) is None]

    def submit(
        self, work: Callable[Arguments, Answer], *arguments: Arguments.args, **options: Arguments.kwargs
    ) -> Future[Answer]:
        """Queues work for a worker; all slow work uses this queue, in order of arrival."""
        return self._workers.submit(work, *arguments, **options)

    def analyse(
        self,
        user_input: UserInput,
        corrections: Corrections = NO_CORRECTIONS,
        mood_shares: MoodShares = NOTHING_KNOWN,
    ) -> Analysis:
        """Reads the input and applies what was learnt from this person (diary/corrections.py)."""
        started = time.perf_counter()
        sources = [source for source in fusion.SOURCES if user_input.has(source)]
        readable = [source for source in sources if source not in self.missing]
        waiting = {source: self.submit(self._read, source, user_input) for source in readable if source in _SLOW}
        answers = {source: answer.result() for source, answer in waiting.items()}
        answers |= {source: self._read(source, user_input) for source in readable if source not in _SLOW}
        raw = {source: answer for source, answer in answers.items() if isinstance(answer, Reading)}
        readings = {source: self._corrected(reading, corrections) for source, reading in raw.items()}
        fused = (
            fusion.fuse(list(readings.values()), spoken_share=user_input.spoken.share, own=mood_shares)
            if readings
            else None
        )
        return Analysis(
            user_input=user_input,
            raw=raw,
            readings=readings,
            refusals={source: answer for source, answer in answers.items() if isinstance(answer, Refusal)},
            fused=fused,
            without_model=tuple(source for source in sources if source in self.missing),
            seconds=time.perf_counter() - started,
        )

    def read_picture(self, picture: np.ndarray) -> FaceReading | Refusal:
        """Reads one RGB picture of a stream (understanding/live.py), in turn with all analyses."""
        face = self.face
        assert face is not None
        return self.submit(counters.counted, "face", lambda: face.read([picture])[0]).result()

    def combined(self, answers: Sequence[FaceReading | Refusal]) -> FaceReading | Refusal:
        """One reading of a face from the answers to several pictures of it."""
        assert self.face is not None
        return face_frames.combine(answers, self.face.margin)

    def read_sound(self, sound: np.ndarray) -> VoiceReading | Refusal:
        """Reads the last seconds of a stream: mono, 16 kHz."""
        voice = self.voice
        assert voice is not None
        return self.submit(counters.counted, "voice", lambda: voice.read([audio.trim(sound)])[0]).result()

    def _read(self, source: str, user_input: UserInput) -> Reading | Refusal:
        recogniser: Any = self.recogniser(source)
        answer = counters.counted(source, lambda: _or_refusal(source, lambda: _answer(recogniser, source, user_input)))
        return _weighed(answer, user_input.spoken) if source == "words" and isinstance(answer, Reading) else answer

    def _corrected(self, reading: Reading, corrections: Corrections) -> Reading:
        recogniser = self.recogniser(reading.source)
        if reading.source not in corrections or recogniser is None:
            return reading
        return corrections[reading.source].apply(reading, recogniser.margin)

    def _warm_up(self) -> None:
        """Warms up all models on every worker, in the background; real inputs come next in the queue."""
        barrier = threading.Barrier(runtime.CORES)
        for _ in range(runtime.CORES):
            self.submit(self._warm_up_one, barrier)

    def _warm_up_one(self, barrier: threading.Barrier) -> None:
        barrier.wait()  # gives each worker exactly one warm-up
        for source in fusion.SOURCES:
            if recogniser := self.recogniser(source):
                _or_refusal(source, recogniser.warm_up)


def _answer(recogniser: Any, source: str, user_input: UserInput) -> Reading | Refusal:
    if source != "face":
        return recogniser.read([user_input.of(source)])[0]
    if user_input.frames:
        answers = recogniser.read_frames(user_input.frames, face=user_input.face)
        return face_frames.combine(answers, recogniser.margin)
    return recogniser.read([user_input.picture], face=user_input.face)[0]


def _weighed(words: Reading, spoken: SpokenPart) -> Reading:
    """The reading of the words with less weight where the transcription of their spoken part was unsure."""
    if not spoken.share:
        return words
    sureness = 1 - spoken.share * (1 - spoken.probability)
    weight = words.quality.get("weight", 1.0) * sureness
    facts = {"spoken": spoken.share, "transcription": spoken.probability, "weight": weight}
    return replace(words, quality={**words.quality, **facts})


def _or_refusal(source: str, read: Callable[[], Answer]) -> Answer | Refusal:
    """The answer, or a refusal where the model fails: one failing model must not stop the others or the page."""
    try:
        return read()
    except Exception as error:  # its message may hold what a person wrote: the log gets the kind only
        log.error("%s could not be read: %s", source, type(error).__name__)
        return Refusal("failed", "The model failed on this input.")


def in_place() -> frozenset[str]:
    """Sources whose weights exist; it loads no model."""
    return frozenset(source for source, module in MODULES.items() if _has_weights(module))


def left_out() -> frozenset[str]:
    """Sources whose weights HARU_FREE_WEIGHTS leaves out."""
    return frozenset(source for source, module in MODULES.items() if shipped.leaves_out(module.weights_in_use))


def _has_weights(module: ModuleType) -> bool:
    try:
        return module.has_weights()
    except WeightsError:
        return False  # pages ask at every run; `Analyst.load` logs the reason once
