import numpy as np

from training.words.evaluate import fit_offsets


def test_offsets_lift_the_rare() -> None:
    rng = np.random.default_rng(0)
    moods = rng.choice(7, 2_000, p=[0.7, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05])
    logits = rng.normal(size=(2_000, 7)) + 1.5 * np.eye(7)[moods] + np.array([2, 0, 0, 0, 0, 0, 0])
    assert fit_offsets(logits, moods)[0] < 0
