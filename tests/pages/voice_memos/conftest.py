"""Models and a speech to text that the tests control."""

from __future__ import annotations

import pytest

from components import recognisers
from tests.understanding.fake_speech import FakeTranscriber, speech_of
from tests.understanding.fakes import HOW, analyst_of
from understanding import fusion, voice_memos
from understanding.analyst import Analyst


@pytest.fixture(autouse=True)
def analyst(monkeypatch: pytest.MonkeyPatch) -> Analyst:
    made = analyst_of()
    monkeypatch.setattr(voice_memos, "_POLL", 0.01)
    monkeypatch.setattr(fusion, "settings", lambda: HOW)
    monkeypatch.setattr(recognisers, "in_place", lambda: frozenset(fusion.SOURCES))
    monkeypatch.setattr(recognisers, "_analyst", lambda: made)
    monkeypatch.setattr(recognisers, "_loaded", made)
    return made


@pytest.fixture
def transcriber(monkeypatch: pytest.MonkeyPatch) -> FakeTranscriber:
    made = FakeTranscriber("a heavy day")
    speech = speech_of(made)
    monkeypatch.setattr(recognisers, "can_write_down", lambda: True)
    monkeypatch.setattr(recognisers, "speech_to_text", lambda: speech)
    return made
