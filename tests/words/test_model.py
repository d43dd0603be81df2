"""The file of weights and its tokenizer belong together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from emotions import EMOTIONS
from inference.weights import WeightsError
from words.model import calibrated, load, save, tokenizer_file
from words.parts import encode

LINES = ["happy", "슬펐다", "오늘 집에 갔다 but sad", "😊"]


def test_a_saved_model_reads_as_before(tiny, tmp_path: Path) -> None:
    save(tiny, tmp_path / "mine.safetensors")
    again = load(tmp_path / "mine.safetensors")
    before, after = (model.logits(encode(model.tokenizer, LINES)) for model in (tiny, again))
    assert after == pytest.approx(before, abs=0.05)  # int8
    assert after.argmax(1).tolist() == before.argmax(1).tolist()
    assert (again.name, again.knows("happy"), again.knows("unhappy")) == ("tiny 0", True, False)
    assert again.outputs(encode(again.tokenizer, LINES))["goemotions"].shape == (4, 28)


def test_weights_without_their_tokenizer_name_both_files(tiny, tmp_path: Path) -> None:
    file = tmp_path / "mine.safetensors"
    save(tiny, file)
    tokenizer_file(file).unlink()
    with pytest.raises(WeightsError, match=r"mine\.safetensors.*mine\.tokenizer\.json.*missing"):
        load(file)


def test_weights_with_the_tokenizer_of_others_name_both_files(tiny, tmp_path: Path) -> None:
    file = tmp_path / "mine.safetensors"
    save(tiny, file)
    tokenizer_file(file).write_text(tokenizer_file(file).read_text(encoding="utf-8").replace("happy", "happi"))
    with pytest.raises(WeightsError, match=r"mine\.tokenizer\.json.*does not belong.*mine\.safetensors"):
        load(file)


def test_weights_of_an_older_version_say_so(tiny, tmp_path: Path) -> None:
    from inference import weights

    weights.save(tmp_path / "old.safetensors", {"a": torch.zeros(1)}, tiny.meta)
    with pytest.raises(WeightsError, match="older version"):
        load(tmp_path / "old.safetensors")


def test_a_batch_reads_each_text_as_if_it_were_alone(tiny) -> None:
    pieces = encode(tiny.tokenizer, LINES * 50)
    together = tiny.logits(pieces)
    alone = np.concatenate([tiny.logits([one]) for one in pieces[:4]])
    assert together == pytest.approx(np.tile(alone, (50, 1)), abs=1e-5)


def test_a_mixed_text_is_calibrated_between_the_languages() -> None:
    logits = np.zeros((3, len(EMOTIONS)))
    calibration = {
        "en": {"offsets": [1.0, *[0.0] * 6], "temperature": 1.0},
        "ko": {"offsets": [0.0] * 7, "temperature": 2.0},
    }
    english, mixed, korean = calibrated(logits, np.array([0.0, 0.5, 1.0]), calibration)
    assert english[0] > mixed[0] > korean[0] == pytest.approx(1 / 7)
