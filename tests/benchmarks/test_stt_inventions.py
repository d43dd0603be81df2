"""The count of invented words counts every word that a transcriber writes for a sound without speech."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import stt_inventions
from benchmarks.non_speech import Sound
from reading import Refusal
from stt.transcript import Segment, Transcript, Word

SOUNDS = [Sound("rain", np.zeros(3, np.float32)), Sound("rain", np.ones(3, np.float32)), Sound("music", np.ones(3))]


class Inventing:
    """Writes thanks for every sound that is not silent."""

    model = "inventing 1"

    def transcribe(self, wave, languages):
        assert set(languages) == {"ko", "en"}
        if not wave.any():
            raise Refusal("no_words", "None.")
        words = (Word("감사합니다", 0.0, 1.0, 0.9),)
        return Transcript((Segment(words),), "ko", 1.0, 1.0, self.model)


def test_each_kind_has_its_count_and_the_words_are_listed() -> None:
    heard = stt_inventions.listen(Inventing(), SOUNDS)
    measured = stt_inventions.measured(heard, "inventing 1")
    assert (measured.count, measured.with_words) == (3, 2)
    assert measured.by_kind == {"rain": (2, 1), "music": (1, 1)}
    table = stt_inventions.table(heard)
    assert "| rain | 2 | 1 | no_words 1 |" in table
    assert "- music: '감사합니다'" in table


@pytest.mark.parametrize(("sounds", "code"), [(SOUNDS, 1), (SOUNDS[:1], 0)])
def test_too_many_end_the_command_with_one(monkeypatch: pytest.MonkeyPatch, sounds: list[Sound], code: int) -> None:
    monkeypatch.setattr(stt_inventions.predict, "load", lambda model: Inventing())
    monkeypatch.setattr(stt_inventions.non_speech, "clips", lambda: iter(sounds))
    monkeypatch.setattr("sys.argv", ["stt_inventions"])
    assert stt_inventions.main() == code
