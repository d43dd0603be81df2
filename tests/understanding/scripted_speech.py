"""Speech to text that says what a test wrote for each recording."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence

from reading import Refusal
from stt.transcriber import Part
from stt.transcript import Transcript
from understanding.speech_to_text import SpeechToText


class ScriptedTranscriber:
    """Answers each recording with its transcript, one segment a window, or with a refusal."""

    model = "scripted 1"

    def __init__(self, script: Mapping[bytes, Transcript | Refusal]) -> None:
        self._script = script
        self.asked: list[tuple[bytes, tuple[str, ...]]] = []
        self.may_go_on = threading.Event()
        """Cleared, it holds every window back."""
        self.may_go_on.set()
        self.has_begun = threading.Event()
        self.before_window: Callable[[], object] = lambda: None

    def parts(self, recording: bytes, languages: Sequence[str]) -> Iterator[Part]:
        self.asked.append((recording, tuple(languages)))
        answer = self._script[recording]
        if isinstance(answer, Refusal) and not (answer.code == "other_language" and len(languages) == 1):
            self._go_on()
            raise answer
        assert isinstance(answer, Transcript)
        for segment in answer.segments:
            self._go_on()
            yield Part((segment,), segment.end, answer.seconds, answer.language, answer.language_probability)

    def unload(self) -> None:
        pass

    def _go_on(self) -> None:
        self.has_begun.set()
        self.before_window()
        assert self.may_go_on.wait(30)


def scripted_speech(script: Mapping[bytes, Transcript | Refusal]) -> tuple[SpeechToText, ScriptedTranscriber]:
    transcriber = ScriptedTranscriber(script)
    return SpeechToText(load=lambda: transcriber, idle_seconds=lambda: 0.5), transcriber  # type: ignore[return-value]
