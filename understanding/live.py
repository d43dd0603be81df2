"""Reads a live stream: the latest picture and the last seconds of sound, as fast as the machine can.

A camera gives fifteen pictures a second, and a small machine reads a few. So there is no queue: one lock guards the
latest picture and sound, and what is not read in time is dropped. One worker reads the face and one the voice; each
pauses after a reading, because connection and page need the machine too. Another worker writes the captions
(understanding/captions.py). After `stop`, and after a stream that ended silently, nothing stays in memory.

The face that the page shows is the mean of the last second, as for the frames of the camera
(understanding/face_frames.py): one picture catches a mouth that happens to be open. Each reading has the time of the
newest picture or sound in it, so that nothing older than `FRESH_SECONDS` is shown as if it were now.
"""

from __future__ import annotations

import io
import logging
import math
import threading
import time
import wave
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from fer import image
from fer.predict import FaceReading
from reading import Reading, Refusal
from ser.audio import SAMPLE_RATE
from understanding import face_frames
from understanding.analyst import Analyst
from understanding.captions import Caption, Captions
from understanding.speech_to_text import SpeechToText

log = logging.getLogger("haru.live")

SOUND_SECONDS = 5.0
"""The seconds of sound in one reading, and in a snapshot."""
FACE_SECONDS = 1.0
"""The seconds of pictures in one reading of the face. The middle of a longer mean is more than half a second old."""
FRESH_SECONDS = 0.5
"""An older reading is marked on the page, and its frame is not drawn into the picture."""
IDLE_SECONDS = 30.0
"""A stream without input for this long has ended, even if its connection is open."""
_NEW_SAMPLES = SAMPLE_RATE // 5
"""The voice is read again after so much new sound, or when the machine is ready for it."""
_FRAME_STEP = face_frames.SECONDS / (face_frames.FRAMES - 1)
"""Seconds between two frames of a snapshot."""
_LONGEST_PAUSE = 2.0
"""Seconds, however long the last reading took."""


@dataclass(frozen=True)
class Snapshot:
    """The picture and sound that a person saves from a stream, as files."""

    picture: bytes | None
    """JPEG; of several `frames` the one in the middle."""
    recording: bytes | None
    """WAV"""
    frames: tuple[bytes, ...] = ()
    """JPEG files of the last second and a half; empty where there was no more than one picture."""

    def __bool__(self) -> bool:
        return self.picture is not None or self.recording is not None


@dataclass(frozen=True)
class LiveState:
    """The latest readings of a stream; they may be a little older than the picture."""

    face: FaceReading | Refusal | None = None
    """Of the last second; its box is that of the latest picture that was read."""
    face_at: float = -math.inf
    """When that picture came from the camera, by `time.monotonic`."""
    voice: Reading | Refusal | None = None
    voice_at: float = -math.inf
    """When the last sound of the reading came from the microphone."""
    level: float = 0.0
    """The loudness of the last tenth of a second, 0 to 1."""
    pictures_read: int = 0
    sounds_read: int = 0
    captions: tuple[Caption, ...] = ()
    """What was said last, where the person lets Haru write it down."""
    caption_problem: Refusal | None = None
    """Why the latest speech has no caption."""

    def age(self, source: str) -> float:
        """The seconds since the newest picture (`face`) or sound (`voice`) of the reading came."""
        return time.monotonic() - (self.face_at if source == "face" else self.voice_at)

    def is_fresh(self, source: str) -> bool:
        return self.age(source) <= FRESH_SECONDS


class LiveReader:
    """Reads one person's stream: the connection's threads add input, workers read it, the page asks for the state."""

    def __init__(self, analyst: Analyst) -> None:
        self.reads_voice = True
        self._analyst = analyst
        self._changed = threading.Condition()
        self._picture: np.ndarray | None = None
        self._picture_at = -math.inf
        self._picture_is_new = False
        self._frames: deque[tuple[float, np.ndarray]] = deque(maxlen=face_frames.FRAMES)
        """Pictures for a snapshot, each with the time from which it may no longer be replaced by a newer one."""
        self._faces: deque[tuple[float, FaceReading | Refusal]] = deque()
        """The answers to the pictures of the last second, with the time of each picture."""
        self._sound = np.zeros(0, np.float32)
        self._sound_at = -math.inf
        self._new_samples = 0
        self._state = LiveState()
        self._captions: Captions | None = None
        self._captions_by: tuple[SpeechToText, tuple[str, ...]] | None = None
        self._stopped = False
        self._workers: list[threading.Thread] = []

    @property
    def is_over(self) -> bool:
        return self._stopped

    def write_down(self, speech: SpeechToText | None, languages: Sequence[str]) -> None:
        """Captions what is said from now on, in one of `languages`; with None, nothing any more."""
        wanted = (speech, tuple(languages)) if speech is not None else None
        with self._changed:
            if self._stopped or wanted == self._captions_by:
                return
            self._forget_captions()
            if wanted is not None:
                self._captions, self._captions_by = Captions(*wanted), wanted

    def add_picture(self, picture: np.ndarray) -> None:
        """Takes the latest RGB picture; it replaces one that was not read yet."""
        with self._changed:
            if not self._stopped:
                self._picture, self._picture_at, self._picture_is_new = picture, time.monotonic(), True
                self._hold_frame(picture)
                self._wake()

    def add_sound(self, sound: np.ndarray) -> None:
        """Takes more mono 16 kHz sound; only the last seconds stay."""
        with self._changed:
            if not self._stopped:
                self._sound = np.concatenate([self._sound, sound])[-int(SOUND_SECONDS * SAMPLE_RATE) :]
                self._sound_at = time.monotonic()
                self._new_samples += len(sound)
                if self._captions is not None:
                    self._captions.add(sound)
                self._wake()

    def wait_for_news(self, since: LiveState | None, seconds: float) -> LiveState:
        """The state, as soon as it has another reading than `since`, or after these seconds."""
        if since is not None:
            before = (since.face_at, since.voice_at)
            with self._changed:
                self._changed.wait_for(
                    lambda: self._stopped or (self._state.face_at, self._state.voice_at) != before, seconds
                )
        return self.state()

    def state(self) -> LiveState:
        """The latest readings and the present loudness."""
        with self._changed:
            tail = self._sound[-SAMPLE_RATE // 10 :]
            # Speech at arm's length has a level of about 0.05 to 0.2; the square root spreads that over the bar.
            level = float(np.sqrt(np.mean(tail**2))) ** 0.5 if tail.size else 0.0
            current = replace(self._state, level=min(1.0, level))
            if self._captions is None:
                return current
            return replace(current, captions=self._captions.lines, caption_problem=self._captions.problem)

    def snapshot(self) -> Snapshot:
        """The pictures of the last second and a half, and the last seconds of sound, for the draft."""
        with self._changed:
            pictures, sound = [picture for _, picture in self._frames], self._sound
        frames = tuple(image.as_jpeg(Image.fromarray(picture), 92) for picture in pictures)
        return Snapshot(
            picture=face_frames.middle(frames) if frames else None,
            recording=_wav(sound) if sound.size else None,
            frames=frames if len(frames) > 1 else (),
        )

    def stop(self) -> None:
        """Ends the stream and forgets its content. It does not wait: the connection's own threads call it too."""
        with self._changed:
            self._stopped = True
            self._picture, self._sound, self._state = None, np.zeros(0, np.float32), LiveState()
            self._frames.clear()
            self._faces.clear()
            self._forget_captions()
            self._changed.notify_all()

    def _hold_frame(self, picture: np.ndarray) -> None:
        """Holds the picture for a snapshot; within a step it takes the place of the one before."""
        now = time.monotonic()
        while self._frames and now - self._frames[0][0] > face_frames.SECONDS + _FRAME_STEP:
            self._frames.popleft()
        if self._frames and now < self._frames[-1][0]:
            self._frames[-1] = (self._frames[-1][0], picture)
        else:
            self._frames.append((now + _FRAME_STEP, picture))

    def _forget_captions(self) -> None:
        if self._captions is not None:
            self._captions.close()
        self._captions = self._captions_by = None

    def _wake(self) -> None:
        if not self._workers:
            jobs = {"face": self._next_picture, "voice": self._next_sound}
            self._workers = [
                threading.Thread(target=self._work, args=(job,), name=f"haru-live-{source}", daemon=True)
                for source, job in jobs.items()
            ]
            for worker in self._workers:
                worker.start()
        self._changed.notify_all()

    def _work(self, next_job: Callable[[], Callable[[], None] | None]) -> None:
        while (job := self._wait_for(next_job)) is not None:
            started = time.monotonic()
            try:
                job()
            except Exception as error:  # one odd picture must not end the stream; its content stays out of the log
                log.error("a live picture or sound could not be read: %s", type(error).__name__)
            self._pause(time.monotonic() - started)

    def _pause(self, seconds: float) -> None:
        """Waits as long as the last reading took.

        Without a pause a small machine could not decode pictures or answer the browser in time: the connection would
        break, and buttons would not respond.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._stopped, min(seconds, _LONGEST_PAUSE))

    def _wait_for(self, next_job: Callable[[], Callable[[], None] | None]) -> Callable[[], None] | None:
        """Waits for something to read; None once the stream is over."""
        with self._changed:
            while not self._stopped:
                if job := next_job():
                    return job
                if not self._changed.wait(IDLE_SECONDS):
                    break
        self.stop()
        return None

    def _next_picture(self) -> Callable[[], None] | None:
        if self._analyst.face is None or not self._picture_is_new or self._picture is None:
            return None
        self._picture_is_new = False
        return lambda picture=self._picture, at=self._picture_at: self._read_picture(picture, at)

    def _next_sound(self) -> Callable[[], None] | None:
        if not self.reads_voice or self._analyst.voice is None or self._new_samples < _NEW_SAMPLES:
            return None
        self._new_samples = 0
        return lambda sound=self._sound, at=self._sound_at: self._read_sound(sound, at)

    def _read_picture(self, picture: np.ndarray, at: float) -> None:
        answer = self._analyst.read_picture(picture)
        with self._changed:
            if self._stopped:
                return
            self._faces.append((at, answer))
            while at - self._faces[0][0] > FACE_SECONDS:
                self._faces.popleft()
            face = self._analyst.combined([each for _, each in self._faces])
            if isinstance(face, FaceReading) and isinstance(answer, FaceReading):
                face = replace(face, face=answer.face)
            self._state = replace(self._state, face=face, face_at=at, pictures_read=self._state.pictures_read + 1)
            self._changed.notify_all()

    def _read_sound(self, sound: np.ndarray, at: float) -> None:
        answer = self._analyst.read_sound(sound)
        with self._changed:
            if self._stopped:
                return
            self._state = replace(self._state, voice=answer, voice_at=at, sounds_read=self._state.sounds_read + 1)
            self._changed.notify_all()


def _wav(sound: np.ndarray) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return out.getvalue()
