import numpy as np
import pytest
import torch

from emotions import EMOTIONS
from inference.weights import WeightsError
from words import model
from words.features import features
from words.model import Vocabulary, calibrated


def test_the_vocabulary_finds_its_keys_and_no_others():
    vocabulary = Vocabulary(np.array([3, 7, 4_000_000_000], np.uint32), np.ones(3, np.float32))
    assert vocabulary.find(np.array([7, 8, 4_000_000_000, 0, 4_294_967_295], np.uint32)).tolist() == [1, -1, 2, -1, -1]


def test_a_long_line_speaks_no_louder_than_a_short_one(tiny):
    for text in ("happy", "happy sad went home " * 50):
        line = features(text)
        rows, values, _ = tiny.vocabulary.weigh(line.keys, line.blocks)
        block = {row: b for row, b in zip(tiny.vocabulary.find(line.keys), line.blocks, strict=True) if row >= 0}
        for number in (0, 1):
            mine = values[[block[row] == number for row in rows]]
            assert np.linalg.norm(mine) == pytest.approx(1, abs=1e-5)


def test_weights_come_back_as_they_went_out(tiny, tmp_path):
    path = tmp_path / "tiny.safetensors"
    model.save(tiny, path)
    again = model.load(path)
    lines = [features(text) for text in ("happy", "슬펐다", "xyz", "😊")]
    assert np.allclose(again.logits(lines), tiny.logits(lines), atol=0.02)
    assert again.vocabulary.keys.tolist() == tiny.vocabulary.keys.tolist()
    assert again.name == "tiny 0"


def test_other_labels_are_refused(tiny, tmp_path):
    tiny.meta["labels"] = ["happy", "sad"]
    model.save(tiny, tmp_path / "other.safetensors")
    with pytest.raises(WeightsError):
        model.load(tmp_path / "other.safetensors")


def test_offsets_and_temperature_go_by_language():
    flat = {"offsets": [0.0] * 7, "temperature": 1.0}
    leaning = {"offsets": [2.0] + [0.0] * 6, "temperature": 0.5}
    scores = calibrated(np.zeros((3, 7)), np.array([0.0, 0.5, 1.0]), {"en": flat, "ko": leaning})
    assert np.allclose(scores[0], 1 / 7)
    assert scores[0, 0] < scores[1, 0] < scores[2, 0]
    assert np.allclose(scores.sum(1), 1)


def test_a_line_of_strangers_is_judged_like_an_empty_one(tiny):
    with torch.no_grad():
        nothing = tiny.bag.classify(torch.zeros(1, 4)).numpy()[0]
    assert np.allclose(tiny.logits([features("zzz")])[0], nothing)
    assert len(nothing) == len(EMOTIONS)
