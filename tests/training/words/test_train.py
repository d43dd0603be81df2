from zlib import crc32

import numpy as np

from training.words.practice import practice
from training.words.train import Recipe, choose_vocabulary, fit, fit_offsets, logits_of, matrix, pieces_of
from words.features import features


def test_training_learns_practice():
    """The whole way from text to verdict on a few hundred sentences: a broken step anywhere would show."""
    texts, shares = practice(1_400, seed=3)
    lines = pieces_of(texts, shares, "practice")
    recipe = Recipe(pieces=20_000, least=2, epochs=10, batch=70, rate=5e-2, width=8, hidden=8)
    bag, vocabulary, _ = fit(lines[np.arange(1_200)], recipe, said=False)
    unseen = np.arange(1_200, 1_400)
    guess = logits_of(bag, matrix(vocabulary, lines[unseen])).argmax(1)
    assert (guess == shares[unseen].argmax(1)).mean() > 0.7


def test_the_vocabulary_keeps_what_tells_most():
    texts = ["happy day", "happy time", "sad day", "sad time"] * 10
    shares = np.zeros((40, 7), np.float32)
    shares[:, 0] = [1, 1, 0, 0] * 10
    shares[:, 6] = [0, 0, 1, 1] * 10
    lines = pieces_of(texts, shares, "en")
    few = choose_vocabulary(lines, Recipe(pieces=10, least=2))
    assert len(few) == 10
    assert few.find(np.array([crc32(b"w:day"), crc32(b"w:time")], np.uint32)).tolist() == [-1, -1]
    telling = np.concatenate([features("happy").keys, features("sad").keys])
    assert np.isin(few.keys, telling).all()


def test_offsets_lift_the_rare():
    rng = np.random.default_rng(0)
    moods = rng.choice(7, 2_000, p=[0.7, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05])
    logits = rng.normal(size=(2_000, 7)) + 1.5 * np.eye(7)[moods] + np.array([2, 0, 0, 0, 0, 0, 0])
    assert fit_offsets(logits, moods)[0] < 0
