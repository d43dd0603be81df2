"""Captions of a live stream: cuts its speech into windows at pauses, and writes one window down at a time.

There is no queue: where a machine is slower than the speech, the older speech is skipped, and the caption says so.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reading import Refusal
from ser.audio import SAMPLE_RATE
from understanding.speech_to_text import SpeechToText, Transcription

LINES = 2
"""How many captions stay on the screen."""
LONGEST_WINDOW = 8.0
"""Seconds. Longer ones would appear late."""
_FRAME = SAMPLE_RATE * 3 // 100
"""Samples of one measurement of the loudness: 30 milliseconds."""
_PAUSE = 20
"""Frames of silence that end a window."""
_MARGIN = 10
"""Frames before and after speech that belong to it: soft beginnings and ends."""
_LEAST_SPEECH = 8
"""Loud frames without which a window is a cough or a knock."""
_CUTTING_RANGE = 66
"""Frames at the end of a long window, of which the quietest becomes the cut."""
_HISTORY = 300
"""Frames in which the loudness of the background is measured."""
_ABOVE_BACKGROUND = 3.0
_SOFTEST_SPEECH, _LOUDEST_BACKGROUND = 0.003, 0.01
"""Levels; speech at arm's length has about 0.05 to 0.2. In a louder room everything counts as speech, so that none is
lost: speech to text tells them apart."""


@dataclass(frozen=True)
class Window:
    """A piece of speech: mono, 16 kHz."""

    sound: np.ndarray
    after_gap: bool
    """Whether speech before it was skipped."""


class SpeechWindows:
    """Cuts a stream of sound into windows with speech. At most one window waits to be taken."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.float32)
        self._levels: deque[float] = deque(maxlen=_HISTORY)
        self._before: deque[np.ndarray] = deque(maxlen=_MARGIN + 1)
        """The latest frames while nobody speaks."""
        self._frames: list[np.ndarray] = []
        """The window that is being said; empty while nobody speaks."""
        self._frame_levels: list[float] = []
        self._silent_in_a_row = 0
        self._loud = 0
        self._waiting: np.ndarray | None = None
        self._skipped = False

    def add(self, sound: np.ndarray) -> None:
        """Takes more mono 16 kHz sound."""
        sound = np.concatenate([self._rest, sound])
        whole = sound.size - sound.size % _FRAME
        self._rest = sound[whole:]
        for frame in sound[:whole].reshape(-1, _FRAME):
            self._add_frame(frame)

    def take(self) -> Window | None:
        """The speech that waits; None while there is none, or while somebody still speaks."""
        if self._waiting is None:
            return None
        window = Window(self._waiting, self._skipped)
        self._waiting, self._skipped = None, False
        return window

    @property
    def samples_held(self) -> int:
        waiting = self._waiting.size if self._waiting is not None else 0
        return waiting + (len(self._frames) + len(self._before)) * _FRAME + self._rest.size

    def _add_frame(self, frame: np.ndarray) -> None:
        level = float(np.sqrt(np.mean(frame**2)))
        self._levels.append(level)
        is_loud = level > self._threshold()
        if not self._frames:
            self._before.append(frame)
            if is_loud:
                self._begin(list(self._before), 1)
            return
        self._frames.append(frame)
        self._frame_levels.append(level)
        self._loud += is_loud
        self._silent_in_a_row = 0 if is_loud else self._silent_in_a_row + 1
        if self._silent_in_a_row == _PAUSE:
            self._end(len(self._frames) - _PAUSE + _MARGIN)
            self._begin([], 0)
        elif len(self._frames) * _FRAME >= LONGEST_WINDOW * SAMPLE_RATE - _FRAME:
            self._cut()

    def _threshold(self) -> float:
        background = float(np.percentile(self._levels, 10))
        return max(_SOFTEST_SPEECH, _ABOVE_BACKGROUND * min(background, _LOUDEST_BACKGROUND))

    def _begin(self, frames: list[np.ndarray], loud: int) -> None:
        self._before.clear()
        self._frames, self._loud = frames, loud
        self._frame_levels = [float(np.sqrt(np.mean(frame**2))) for frame in frames]
        self._silent_in_a_row = 0

    def _cut(self) -> None:
        """Ends a long window at its quietest late moment; the rest begins the next one."""
        late = self._frame_levels[-_CUTTING_RANGE:]
        place = len(self._frames) - len(late) + int(np.argmin(late)) + 1
        rest = self._frames[place:]
        self._end(place)
        self._begin(rest, len(rest))

    def _end(self, length: int) -> None:
        if self._loud < _LEAST_SPEECH:
            return
        window = np.concatenate(self._frames[:length])
        if self._waiting is None:
            self._waiting = window
        elif self._waiting.size + window.size <= LONGEST_WINDOW * SAMPLE_RATE:
            self._waiting = np.concatenate([self._waiting, window])
        else:
            self._waiting, self._skipped = window, True


@dataclass(frozen=True)
class Caption:
    """What was said in one window."""

    text: str
    language: str
    after_gap: bool
    """Whether something that was said before it is missing."""


class Captions:
    """The captions of one stream. The caller guards it with a lock."""

    def __init__(self, speech: SpeechToText, languages: Sequence[str]) -> None:
        self._speech: SpeechToText | None = speech
        self._languages = tuple(languages)
        self._windows = SpeechWindows()
        self._lines: deque[Caption] = deque(maxlen=LINES)
        self._job: Transcription | None = None
        self._gap = False
        self.problem: Refusal | None = None
        """Why the latest speech has no caption."""

    @property
    def lines(self) -> tuple[Caption, ...]:
        return tuple(self._lines)

    @property
    def is_writing(self) -> bool:
        return self._job is not None

    def add(self, sound: np.ndarray) -> None:
        """Takes more sound, and collects what was written down meanwhile. It never waits."""
        if self._speech is None:
            return
        self._windows.add(sound)
        if self._job is not None and self._job.is_over:
            self._collect(self._job)
            self._job = None
        if self._job is None and (window := self._windows.take()):
            self._gap = self._gap or window.after_gap
            self._job = self._speech.start(window.sound, self._languages)

    def close(self) -> None:
        """Ends the decoding and forgets everything."""
        if self._job is not None:
            self._job.cancel()
        self._speech = self._job = self.problem = None
        self._windows = SpeechWindows()
        self._lines.clear()

    def _collect(self, job: Transcription) -> None:
        transcript = job.transcript
        if transcript is not None:
            self._lines.append(Caption(transcript.text, transcript.language, self._gap))
            self._gap, self.problem = False, None
        elif job.refusal is not None and job.refusal.code != "no_words":
            self._gap, self.problem = True, job.refusal
