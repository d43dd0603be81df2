"""A person on Today, and speech to text that the test controls."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components import recognisers
from components.entry import dictation
from tests.pages.conftest import Visit, cookie, models_are, pages_only_by_navigation, visit
from tests.pages.today_form import allow
from tests.understanding.fakes import FakeSpeechToText, analyst_of

__all__ = ["cookie", "models_are", "pages_only_by_navigation", "visit"]


@pytest.fixture
def speech(monkeypatch: pytest.MonkeyPatch, models_are: Callable) -> FakeSpeechToText:
    """Speech to text that the test controls; no script runs beside the note, so the server adds the words at once."""
    models_are(analyst_of())
    fake = FakeSpeechToText()
    monkeypatch.setattr(recognisers, "speech_to_text", lambda: fake)
    monkeypatch.setattr(recognisers, "can_write_down", lambda: True)
    monkeypatch.setattr(dictation, "PATIENCE", 0.0)
    return fake


@pytest.fixture
def here(speech: FakeSpeechToText, visit: Callable[..., Visit]) -> Visit:
    """Somebody who allows writing down, and nothing else, on Today."""
    return allow(visit(), "transcript")
