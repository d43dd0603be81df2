"""The comparison of decodings: the reporting half stays unheard, and the first row is what the app does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from stt import speech, whisper
from stt.speech import Span
from stt.transcriber import Transcriber
from stt.whisper import Whisper
from tests.ser.conftest import RATE, make_voice
from tests.stt import tiny_whisper
from tests.training.voice.conftest import HEADER
from training.stt import choose
from training.stt.choose import VARIANTS, whisper_of


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_whisper.write(tmp_path_factory.mktemp("whisper"), ("오늘은", "좋았어"))


@pytest.fixture(autouse=True)
def all_is_speech(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "windows", lambda wave: iter([Span(0, wave.size)]))


def test_only_the_tuning_half_is_read(model, tmp_path, monkeypatch, capsys):
    rows = [HEADER]
    for speaker in "abcd":
        rows.append(f"{speaker}.wav,korean,ko,neutral,,{speaker},,,오늘은 좋았어")
        if speaker in "ac":  # the clips of the others are not even there
            soundfile.write(tmp_path / f"{speaker}.wav", make_voice(2.0), RATE)
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    monkeypatch.setattr(
        "sys.argv", ["choose", "--data", str(tmp_path), "--model", str(model), "--only", "as shipped", "beam of 1"]
    )
    choose.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 clips of 2 speakers"
    assert [line.split("|")[1:3] for line in lines[4:]] == [[" as shipped ", " 0.00% "], [" beam of 1 ", " 0.00% "]]


def test_as_shipped_decodes_as_the_app_does(model):
    wave = make_voice(3.0)
    texts = [
        Transcriber(each, "", "").transcribe(wave, ("ko",)).as_dict()
        for each in (Whisper(model, 1), whisper_of(model, VARIANTS["as shipped"]))
    ]
    assert texts[0] == texts[1]
    assert texts[0]["text"]


def test_a_variant_changes_the_frames_and_the_options(model, monkeypatch):
    encoded, given = [], []
    monkeypatch.setattr(
        whisper.WhisperModel, "encode", lambda self, features: encoded.append(features.shape[-1]) or np.zeros(1)
    )
    features = np.zeros((80, 3000), np.float32)
    features[:, :400] = 1

    def transcribe(self, audio, **options):
        given.append(options)
        self.encode(features)
        return [], None

    monkeypatch.setattr(whisper.WhisperModel, "transcribe", transcribe)
    silence = np.zeros(16_000, np.float32)
    for name in ("as shipped", "windows of at least 15 s", "windows of 30 s", "windows as long as the speech"):
        list(whisper_of(model, VARIANTS[name]).decode(silence, "ko"))
    list(whisper_of(model, VARIANTS["as shipped"]).decode(silence, "ko", whole=True))
    assert encoded == [whisper.LEAST_FRAMES, 1500, 3000, 700, 3000]
    list(whisper_of(model, VARIANTS["beam of 8"]).decode(silence, "ko"))
    assert (given[-1]["beam_size"], given[-1]["temperature"]) == (8, whisper.OPTIONS["temperature"])
