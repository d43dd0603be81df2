"""Live: the latest picture and the last seconds of sound, read at the machine's own pace.

A camera gives fifteen pictures a second and a small machine reads a few: there is no queue that could grow, only the
latest of each, behind one lock. After each it rests, for the connection and the page need the machine as well. Nothing
is left after `stop`, nor after a stream that went silent.
"""

from __future__ import annotations

import io
import logging
import threading
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from fer.predict import Seen
from reading import Reading, Refusal
from ser.audio import SAMPLE_RATE
from understanding.analyst import Analyst

log = logging.getLogger("haru.live")

HEARD_SECONDS = 5.0
SILENT_SECONDS = 30.0
"""A stream that gives nothing for so long is over, whatever became of its connection."""
_LISTEN_EVERY = SAMPLE_RATE
"""A new opinion of the voice for every second of new sound."""
_LONGEST_REST = 2.0
"""Seconds, however long something took to read."""


@dataclass(frozen=True)
class Moment:
    """What a person chose to keep out of the stream, as the files that anybody's camera and recorder would give."""

    picture: bytes | None
    """JPEG"""
    sound: bytes | None
    """WAV"""

    def __bool__(self) -> bool:
        return self.picture is not None or self.sound is not None


@dataclass(frozen=True)
class Glance:
    """What is known at this instant; opinions may be a moment older than the picture."""

    face: Seen | Refusal | None = None
    voice: Reading | Refusal | None = None
    level: float = 0.0
    """Loudness of the last tenth of a second, from 0 to 1."""
    pictures_read: int = 0
    sounds_read: int = 0


class Live:
    """One person's stream. The connection's threads hand things in, a worker reads them, the page looks."""

    def __init__(self, analyst: Analyst) -> None:
        self._analyst = analyst
        self._changed = threading.Condition()
        self._picture: np.ndarray | None = None
        self._picture_is_new = False
        self._sound = np.zeros(0, np.float32)
        self._unheard = 0
        self._glance = Glance()
        self._stopped = False
        self._worker: threading.Thread | None = None

    @property
    def is_over(self) -> bool:
        return self._stopped

    def show(self, picture: np.ndarray) -> None:
        """The latest RGB picture; one that was not read yet is simply replaced."""
        with self._changed:
            if not self._stopped:
                self._picture, self._picture_is_new = picture, True
                self._wake()

    def hear(self, sound: np.ndarray) -> None:
        """More mono 16 kHz sound; only the last seconds stay."""
        with self._changed:
            if not self._stopped:
                self._sound = np.concatenate([self._sound, sound])[-int(HEARD_SECONDS * SAMPLE_RATE) :]
                self._unheard += len(sound)
                self._wake()

    def glance(self) -> Glance:
        with self._changed:
            tail = self._sound[-SAMPLE_RATE // 10 :]
            # Speech at arm's length has a level of about 0.05 to 0.2: a square root spreads that over the bar.
            level = float(np.sqrt(np.mean(tail**2))) ** 0.5 if tail.size else 0.0
            return replace(self._glance, level=min(1.0, level))

    def moment(self) -> Moment:
        """This moment's picture and the last seconds of sound, to go into the draft."""
        with self._changed:
            picture, sound = self._picture, self._sound
        return Moment(_jpeg(picture) if picture is not None else None, _wav(sound) if sound.size else None)

    def stop(self) -> None:
        """Ends it and forgets everything, without waiting: this is also called from the connection's own threads."""
        with self._changed:
            self._stopped = True
            self._picture, self._sound, self._glance = None, np.zeros(0, np.float32), Glance()
            self._changed.notify()

    def _wake(self) -> None:
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, name="haru-live", daemon=True)
            self._worker.start()
        self._changed.notify()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            started = time.monotonic()
            try:
                job()
            except Exception as error:  # one odd picture must not end the stream; what was in it stays out of the log
                log.error("a live picture or sound could not be read: %s", type(error).__name__)
            self._rest(time.monotonic() - started)

    def _rest(self, seconds: float) -> None:
        """As long as the last thing took. Reading without a pause would leave nothing of a small machine for decoding
        pictures and answering the browser: the connection then breaks off, and what is pressed is not heard."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped, min(seconds, _LONGEST_REST))

    def _next(self) -> Callable[[], None] | None:
        """What is to be read now, sound before pictures; waits for it. None once it is over."""
        with self._changed:
            while not self._stopped:
                if self._analyst.voice is not None and self._unheard >= _LISTEN_EVERY:
                    self._unheard = 0
                    return lambda sound=self._sound: self._listen(sound)
                if self._analyst.face is not None and self._picture_is_new:
                    self._picture_is_new = False
                    return lambda picture=self._picture: self._look(picture)
                if not self._changed.wait(SILENT_SECONDS):
                    break
        self.stop()
        return None

    def _look(self, picture: np.ndarray) -> None:
        seen = self._analyst.look_at(picture)
        with self._changed:
            self._glance = replace(self._glance, face=seen, pictures_read=self._glance.pictures_read + 1)

    def _listen(self, sound: np.ndarray) -> None:
        heard = self._analyst.listen_to(sound)
        with self._changed:
            self._glance = replace(self._glance, voice=heard, sounds_read=self._glance.sounds_read + 1)


def _jpeg(picture: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=92)
    return out.getvalue()


def _wav(sound: np.ndarray) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return out.getvalue()
