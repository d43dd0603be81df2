from zlib import crc32

import numpy as np
import pytest
import torch

from training.words.lines import batch_of, choose_vocabulary, matrix, pieces_of
from training.words.practice import practice
from words.features import features


def test_the_vocabulary_keeps_the_most_informative_pieces():
    texts = ["happy day", "happy time", "sad day", "sad time"] * 10
    shares = np.zeros((40, 7), np.float32)
    shares[:, 0] = [1, 1, 0, 0] * 10
    shares[:, 6] = [0, 0, 1, 1] * 10
    few = choose_vocabulary(pieces_of(texts, shares, "en"), pieces=10, least=2)
    assert len(few) == 10
    assert few.find(np.array([crc32(b"w:day"), crc32(b"w:time")], np.uint32)).tolist() == [-1, -1]
    informative = np.concatenate([features("happy").keys, features("sad").keys])
    assert np.isin(few.keys, informative).all()


def test_dropout_leaves_pieces_out_and_keeps_the_mean():
    lines = pieces_of(*practice(200, seed=1), "practice")
    weighed = matrix(choose_vocabulary(lines, pieces=5_000, least=2), lines)
    _, _, whole = batch_of(weighed, np.arange(200))
    _, _, dropped = batch_of(weighed, np.arange(200), 0.4, np.random.default_rng(0))
    assert float((dropped == 0).float().mean()) == pytest.approx(0.4, abs=0.02)
    torch.testing.assert_close(dropped[dropped != 0], whole[dropped != 0] / 0.6)
