"""`streamlit run` with a speech to text that a test controls: python -m tests.browser.speech_server run app.py …

It writes down what the test adds to the file said.jsonl in the data folder, one line each: {"say": "I slept well."},
{"finish": true} or {"refuse": "no_words"}.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from streamlit.web import cli

import settings
from components import recognisers
from tests.understanding.fakes import FakeSpeechToText, FakeTranscription


class SpeechFromFile(FakeSpeechToText):
    """Each recording takes the lines that come after it started."""

    def start(self, recording: bytes, languages: Sequence[str]) -> FakeTranscription:
        transcription = super().start(recording, languages)
        after = len(said())
        threading.Thread(target=follow, args=(transcription, after), daemon=True).start()
        return transcription


def file() -> Path:
    return settings.DATA.get() / "said.jsonl"


def said() -> list[dict]:
    if not file().exists():
        return []
    return [json.loads(line) for line in file().read_text(encoding="utf-8").splitlines()]


def follow(transcription: FakeTranscription, at: int) -> None:
    while not transcription.is_over and not transcription.is_cancelled:
        for line in said()[at:]:
            at += 1
            if "say" in line:
                transcription.say(line["say"], share=line.get("share", 0.5))
            elif "refuse" in line:
                transcription.refuse(line.pop("refuse"), **line)
            else:
                transcription.language = line.get("language", "en")
                transcription.finish()
        time.sleep(0.05)


if __name__ == "__main__":
    speech = SpeechFromFile()
    recognisers.warm = lambda: None
    recognisers.speech_to_text = lambda: speech
    recognisers.can_write_down = lambda: True
    sys.argv[0] = "streamlit"
    cli.main()
