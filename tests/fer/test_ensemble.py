from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fer.ensemble import Mix

SHARES = {"resnet50": 0.30, "vgg16": 0.25, "xception": 0.20, "alexnet": 0.25}


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.floats(0.1, 30))
def test_scores_are_distributions(seed: int, loudness: float) -> None:
    rng = np.random.default_rng(seed)
    logits = {name: loudness * rng.normal(size=(5, 8)) for name in SHARES}
    mix = Mix(SHARES, dict.fromkeys(SHARES, 0.5), 1.4, tuple(rng.normal(size=8)))
    scores = mix.scores(logits)
    assert scores.sum(1) == pytest.approx(1)
    assert scores.min() >= 0
    assert mix.scores_of("vgg16", logits["vgg16"]).sum(1) == pytest.approx(1)


def test_a_mix_survives_being_written_down() -> None:
    mix = Mix(SHARES, dict.fromkeys(SHARES, 0.7), 1.4, (0.0, *np.linspace(-1, 0, 7).tolist()))
    assert Mix.from_dict(json.loads(json.dumps(mix.as_dict()))) == mix


def test_weights_off_the_simplex_are_refused() -> None:
    with pytest.raises(ValueError, match="sum to one"):
        Mix({"a": 0.7, "b": 0.7}, {"a": 1, "b": 1}, 1.0, (0.0,))
    with pytest.raises(ValueError, match="temperature"):
        Mix({"a": 1.0}, {}, 1.0, (0.0,))
