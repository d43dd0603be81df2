import numpy as np
import pytest

from training.words.lines import logits_of, matrix, pieces_of
from training.words.practice import practice
from training.words.train import TrainingSettings, _rate_factor, fit


def test_training_learns_practice():
    """The whole way from text to reading on a few hundred sentences: a broken step anywhere would show."""
    texts, shares = practice(1_400, seed=3)
    lines = pieces_of(texts, shares, "practice")
    settings = TrainingSettings(pieces=20_000, least=2, epochs=10, batch=70, rate=5e-2, width=8, hidden=8)
    bag, vocabulary, _ = fit(lines[np.arange(1_200)], settings)
    unseen = np.arange(1_200, 1_400)
    guess = logits_of(bag, matrix(vocabulary, lines[unseen])).argmax(1)
    assert (guess == shares[unseen].argmax(1)).mean() > 0.7


def test_the_rate_warms_up_and_decays():
    factors = [_rate_factor(step, 1000) for step in range(1001)]
    assert factors[0] == 0.01
    assert factors[100] == pytest.approx(0.9)
    assert factors[500] == 0.5
    assert factors[1000] == 0.02
    assert max(factors) == factors[99] == pytest.approx(0.901)
