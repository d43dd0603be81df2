"""Lines as batches of pieces, with their targets."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from training.words.sources import Source, written_differently
from words.model import filled
from words.parts import encode

TOKENS = 1536
"""Pieces of a batch, filling included."""
POOL = 3000
"""Lines that are sorted by length together, so that a batch needs little filling."""


class Batch(NamedTuple):
    pieces: Tensor
    shares: Tensor
    weight: Tensor
    source: Tensor
    fine: dict[str, tuple[Tensor, Tensor]]
    """By head: the rows of the batch that have finer labels, and the labels."""


@dataclass(frozen=True)
class Lines:
    """Every line of a training as pieces, with its targets."""

    pieces: list[np.ndarray]
    shares: np.ndarray
    weight: np.ndarray
    source: np.ndarray
    fine: list[np.ndarray | None]
    heads: list[str | None]

    @classmethod
    def of(cls, tokenizer: Tokenizer, found: Sequence[Source], seed: int) -> Lines:
        rng = random.Random(seed)
        texts, rows = [], []
        for number, source in enumerate(found):
            for repeat in range(source.repeats):
                for row, text in enumerate(source.texts):
                    texts.append(written_differently(text, rng) if repeat or rng.random() < 0.5 else text)
                    rows.append((number, row))
        return cls(
            encode(tokenizer, texts),
            np.array([found[number].shares[row] for number, row in rows], np.float32),
            np.array([found[number].weight for number, _ in rows], np.float32),
            np.array([number for number, _ in rows]),
            [None if (fine := found[number].fine) is None else fine[row] for number, row in rows],
            [found[number].fine_head for number, _ in rows],
        )

    @property
    def lengths(self) -> np.ndarray:
        return np.array([len(ids) for ids in self.pieces])

    def batch(self, rows: Sequence[int]) -> Batch:
        fine = {}
        for head in sorted({head for row in rows if (head := self.heads[row])}):
            at = [place for place, row in enumerate(rows) if self.heads[row] == head]
            fine[head] = torch.tensor(at), torch.from_numpy(np.array([self.fine[rows[place]] for place in at]))
        chosen = np.asarray(rows)
        return Batch(
            filled([self.pieces[row] for row in rows]),
            torch.from_numpy(self.shares[chosen]),
            torch.from_numpy(self.weight[chosen]),
            torch.from_numpy(self.source[chosen]),
            fine,
        )


def plan(lengths: np.ndarray, seed: int, tokens: int = TOKENS) -> list[list[int]]:
    """The rows of every batch of one pass, in the order of training."""
    rng = np.random.default_rng(seed)
    order, found = rng.permutation(len(lengths)), []
    for at in range(0, len(order), POOL):
        pool = order[at : at + POOL]
        batch: list[int] = []
        for row in pool[np.argsort(lengths[pool], kind="stable")].tolist():
            if batch and (len(batch) + 1) * lengths[row] > tokens:
                found.append(batch)
                batch = []
            batch.append(row)
        found.append(batch)
    return [found[number] for number in rng.permutation(len(found))]
