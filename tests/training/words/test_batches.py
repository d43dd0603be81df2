"""Every line is in one batch of a pass, and batches are full but not over-full."""

from __future__ import annotations

import numpy as np
import torch

from emotions import EMOTIONS
from tests.words.conftest import tiny_tokenizer
from training.words.batches import Lines, plan
from training.words.sources import Source
from words.transformer import PADDING


def test_every_line_is_in_one_batch_of_a_pass() -> None:
    lengths = np.random.default_rng(0).integers(3, 60, 5000)
    batches = plan(lengths, seed=1, tokens=256)
    assert sorted(row for batch in batches for row in batch) == list(range(5000))
    assert max(len(batch) * lengths[batch].max() for batch in batches) <= 256
    filled = sum(len(batch) * lengths[batch].max() for batch in batches)
    assert lengths.sum() / filled > 0.9
    assert plan(lengths, seed=1, tokens=256) == batches
    assert plan(lengths, seed=2, tokens=256) != batches


def test_a_batch_has_the_targets_of_its_lines() -> None:
    shares = np.eye(len(EMOTIONS))[[0, 6]]
    found = [
        Source("goemotions_en", ("happy", "sad"), shares, 0.5, 1, np.array([[1, 0], [0, 1]], np.float32)),
        Source("practice", ("went home", "오늘 집에 갔다"), shares, 1.0, 2),
    ]
    lines = Lines.of(tiny_tokenizer(), found, seed=0)
    assert len(lines.pieces) == 6
    batch = lines.batch([1, 4, 0])
    assert batch.pieces.shape[0] == 3
    assert (batch.pieces[0] == PADDING).any() or batch.pieces.shape[1] == len(lines.pieces[1])
    assert batch.shares.argmax(1).tolist() == [6, 0, 0]
    assert batch.source.tolist() == [0, 1, 0]
    assert batch.weight.tolist() == [0.5, 1.0, 0.5]
    rows, labels = batch.fine["goemotions"]
    assert rows.tolist() == [0, 2]
    assert torch.equal(labels, torch.tensor([[0.0, 1.0], [1.0, 0.0]]))
