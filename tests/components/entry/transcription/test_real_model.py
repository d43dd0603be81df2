"""Writing down with a model, in place of one that the test controls."""

from __future__ import annotations

from pathlib import Path

import pytest

from components import recognisers
from components import state as session_state
from stt import model_folder, predict
from stt import speech as speech_detection
from stt.speech import Span
from tests.components.entry.transcription.steps import TYPED, note, record, run, write
from tests.pages.conftest import Visit
from tests.pages.today_form import form
from tests.sounds import spoken
from tests.stt import tiny_whisper
from understanding.speech_to_text import SpeechToText


def test_a_real_model_writes_into_the_note(here: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tiny_whisper.write(tmp_path, words=["오늘은", "좋았어"], probabilities={1: 0.4})
    model_folder.write_checksums(tmp_path)
    monkeypatch.setattr(speech_detection, "_speech_in", lambda piece: [Span(0, piece.size)])
    queue = SpeechToText(load=lambda: predict.load(tmp_path), idle_seconds=lambda: 60)
    monkeypatch.setattr(recognisers, "speech_to_text", lambda: queue)
    try:
        write(here, TYPED)
        record(here, spoken(3.0))
        (dictated,) = here.app.session_state[session_state.DICTATIONS.key][form(here)].every
        assert dictated.job.wait(60)
        run(here)
        assert note(here) == f"{TYPED}\n오늘은 좋았어"
        assert here.says(here.t("transcript.done", name="Korean"))
        assert dictated.pieces[0].words == (("오늘은", True), (" 좋았어", False))
    finally:
        queue.stop()


def test_a_damaged_model_is_one_sentence(here: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"no model at all")
    queue = SpeechToText(load=lambda: predict.load(tmp_path), idle_seconds=lambda: 60)
    monkeypatch.setattr(recognisers, "speech_to_text", lambda: queue)
    try:
        write(here, TYPED)
        record(here)
        (dictated,) = here.app.session_state[session_state.DICTATIONS.key][form(here)].every
        assert dictated.job.wait(60)
        run(here)
        assert here.says(here.t("transcript.failed"))
        assert note(here) == TYPED
    finally:
        queue.stop()
