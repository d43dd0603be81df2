"""Writes recordings down beside everything else: one window of one recording at a time, in turn for all people.

The model is loaded for the first recording and leaves the memory after some idle minutes (`HARU_SPEECH_MINUTES`). Its
threads have a low priority, so that readings and pages do not wait for it.
"""

from __future__ import annotations

import gc
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import counters
import settings
from inference.weights import WeightsError
from reading import Refusal
from stt import predict
from stt.transcriber import Part, Recording, Transcriber, together
from stt.transcript import Segment, Transcript, text_of
from understanding import runtime

log = logging.getLogger("haru.speech")

_NICENESS = 10
"""A process of this niceness gets about a tenth of the time of an ordinary one beside it."""


class Transcription:
    """One recording that is being written down. Pages read it while the worker adds to it."""

    def __init__(self, recording: Recording, languages: Sequence[str], model: str) -> None:
        self._recording: Recording | None = recording
        self._languages = tuple(languages)
        self._model = model
        self._parts: list[Part] = []
        self._steps: Iterator[Part] | None = None
        self._over = threading.Event()
        self.refusal: Refusal | None = None
        self.is_cancelled = False
        self.seconds = 0.0
        """How long its windows took."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The words so far."""
        return tuple(segment for part in tuple(self._parts) for segment in part.segments)

    @property
    def text(self) -> str:
        return text_of(self.segments)

    @property
    def share(self) -> float:
        """The share of the recording that is written down, 0 to 1."""
        parts = tuple(self._parts)
        if self.is_over and not self.is_cancelled:
            return 1.0
        return parts[-1].done / parts[-1].seconds if parts else 0.0

    @property
    def state(self) -> str:
        """waiting, running, done, refused or cancelled."""
        if not self.is_over:
            return "running" if self._steps is not None else "waiting"
        if self.refusal is not None:
            return "refused"
        return "cancelled" if self.is_cancelled else "done"

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    @property
    def transcript(self) -> Transcript | None:
        """What is written down so far; None before the first words."""
        parts = tuple(self._parts)
        return together(parts, self._model) if any(part.segments for part in parts) else None

    def wait(self, seconds: float | None = None) -> bool:
        """Waits for the end; whether it is reached."""
        return self._over.wait(seconds)

    def cancel(self) -> None:
        """Stops after the present window. The words so far stay."""
        self.is_cancelled = True

    def step(self, transcriber: Transcriber) -> None:
        """Decodes one window; the worker calls it."""
        if self._steps is None:
            assert self._recording is not None
            self._model = transcriber.model
            self._steps = transcriber.parts(self._recording, self._languages)
        try:
            self._parts.append(next(self._steps))
        except StopIteration:
            self.end()
        except Refusal as refusal:
            self.end(refusal)

    def end(self, refusal: Refusal | None = None) -> None:
        self.refusal = refusal
        self._recording = self._steps = None  # the sound leaves the memory; the words stay
        self._over.set()


class Loader(Protocol):
    def __call__(self) -> Transcriber: ...


class SpeechToText:
    """The only place in the process that decodes speech."""

    def __init__(self, load: Loader = predict.load, idle_seconds: Callable[[], float] | None = None) -> None:
        self._load = load
        self._idle_seconds = idle_seconds or (lambda: settings.SPEECH_MINUTES.get() * 60)
        self._changed = threading.Condition()
        self._waiting: deque[Transcription] = deque()
        self._worker: threading.Thread | None = None
        self._stopped = False

    def start(self, recording: Recording, languages: Sequence[str]) -> Transcription:
        """Queues a recording. The answer grows; it never raises."""
        transcription = Transcription(recording, languages, "")
        with self._changed:
            self._waiting.append(transcription)
            counters.SPEECH_WAITING.set(len(self._waiting))
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="haru-speech", daemon=True)
                self._worker.start()
            self._changed.notify()
        return transcription

    def stop(self, seconds: float = 10.0) -> None:
        """Ends everything, and waits for the worker: Python aborts at exit when a thread is still in a model."""
        with self._changed:
            self._stopped = True
            for transcription in self._waiting:
                transcription.cancel()
            worker = self._worker
            self._changed.notify_all()
        if worker is not None:
            worker.join(seconds)

    def _work(self) -> None:
        """Decodes until nothing came for the idle time; then the model leaves the memory, and this thread ends."""
        _lower_priority()
        runtime.return_large_blocks(at_once=True)  # decoding takes far less memory so
        transcriber: Transcriber | None = None
        while (transcription := self._next()) is not None:
            if transcriber is None:
                transcriber = self._loaded()
            if transcriber is None:
                transcription.end(Refusal("failed", "The model that writes recordings down cannot be used."))
            elif not (transcription.is_cancelled or self._stopped):
                self._step(transcriber, transcription)
            else:
                transcription.end()
            with self._changed:
                if not transcription.is_over:
                    self._waiting.append(transcription)
                    counters.SPEECH_WAITING.set(len(self._waiting))
        if transcriber is not None:
            transcriber.unload()
            del transcriber
            gc.collect()  # faster-whisper's objects refer to each other
            runtime.free_memory()
        runtime.return_large_blocks(at_once=False)

    def _next(self) -> Transcription | None:
        with self._changed:
            deadline = time.monotonic() + self._idle_seconds()
            while not self._waiting:
                if self._stopped:
                    return None
                self._changed.wait(deadline - time.monotonic())
                # A recording may come after the time is up and before this thread has the lock again.
                if not self._waiting and time.monotonic() >= deadline:
                    self._worker = None  # inside the lock: the next recording starts another worker
                    return None
            transcription = self._waiting.popleft()
            counters.SPEECH_WAITING.set(len(self._waiting))
            return transcription

    def _loaded(self) -> Transcriber | None:
        try:
            return self._load()
        except Exception as error:  # a damaged folder can raise anything; typing must stay possible
            log.error(
                "speech to text cannot be used: %s", error if isinstance(error, WeightsError) else type(error).__name__
            )
            return None

    def _step(self, transcriber: Transcriber, transcription: Transcription) -> None:
        started = time.perf_counter()
        try:
            transcription.step(transcriber)
        except Exception as error:  # its message may hold what a person said: the log gets the kind only
            log.error("a recording could not be written down: %s", type(error).__name__)
            transcription.end(Refusal("failed", "The model failed on this recording."))
        transcription.seconds += time.perf_counter() - started
        if transcription.is_over and not transcription.is_cancelled:
            counters.count_reading("speech", transcription.refusal, transcription.seconds)


def _lower_priority() -> None:
    """Lets this thread, and those that the model starts in it, run after the others (Linux only)."""
    if hasattr(os, "setpriority") and os.uname().sysname == "Linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
