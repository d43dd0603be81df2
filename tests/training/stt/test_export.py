"""Whisper in int8: the same words, and every variable close to the original."""

import json

import numpy as np
import pytest
from ctranslate2.specs import WhisperSpec

from inference.weights import WeightsError
from stt import model_folder, predict, speech
from stt.speech import SAMPLE_RATE, Span
from tests.stt import tiny_whisper
from training.stt import export


@pytest.fixture
def unquantised(tmp_path, monkeypatch):
    """The tiny model in 16 bits."""
    monkeypatch.setattr(WhisperSpec, "optimize", lambda self, quantization: self._quantize("float16"))
    folder = tiny_whisper.write(tmp_path / "wide", words=["오늘은", "좋았어"], probabilities={1: 0.4})
    monkeypatch.undo()
    return folder


def variables(folder):
    with (folder / "model.bin").open("rb") as file:
        return export.variables(file)


def test_the_int8_model_writes_the_same_words(unquantised, tmp_path, monkeypatch):
    monkeypatch.setattr(speech, "_speech_in", lambda piece: [Span(0, piece.size)])
    output = tmp_path / "int8"
    assert export.main(["--model", str(unquantised), "--output", str(output)]) == 0
    found = predict.load(output).transcribe(np.full(2 * SAMPLE_RATE, 0.1, np.float32))
    assert found.text == "오늘은 좋았어"
    assert found.words[1].probability == pytest.approx(0.4, abs=0.1)


def test_each_row_has_its_own_scale_and_keeps_its_values(unquantised, tmp_path):
    export.export(unquantised, tmp_path / "int8")
    wide, narrow = variables(unquantised), variables(tmp_path / "int8")
    matrices = [name for name in narrow if f"{name}_scale" in narrow]
    assert len(matrices) > 5
    for name in matrices:
        assert narrow[name].dtype == np.int8, name
        rows = narrow[name].reshape(len(narrow[name]), -1)
        restored = rows / narrow[f"{name}_scale"].reshape(-1, 1)
        original = wide[name].astype(np.float32).reshape(rows.shape)
        step = np.abs(original).max(axis=1, keepdims=True) / 127
        assert np.all(np.abs(restored - original) <= step / 2 + 1e-6), name


def test_vocabulary_configuration_and_checksums_come_along(unquantised, tmp_path):
    export.export(unquantised, tmp_path / "int8")
    for name in ("config.json", "vocabulary.json", "tokenizer.json"):
        files = [json.loads((folder / name).read_text("utf-8")) for folder in (unquantised, tmp_path / "int8")]
        assert files[0] == files[1], name
    model_folder.check(tmp_path / "int8")
    (tmp_path / "int8" / "model.bin").write_bytes(b"changed")
    with pytest.raises(WeightsError):
        model_folder.check(tmp_path / "int8")


def test_a_file_of_another_format_is_named(tmp_path):
    (tmp_path / "model.bin").write_bytes(np.array([3], np.uint32).tobytes() + bytes(40))
    with pytest.raises(ValueError, match="format 3"):
        export.specification(tmp_path)
