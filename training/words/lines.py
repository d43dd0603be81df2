"""Lines as the pieces that the model knows: the vocabulary and the batches of a training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from scipy import sparse

from reading import Refusal
from words.features import features
from words.model import Bag, Vocabulary
from words.text import clean

SOURCES = ("en", "ko", "kote", "practice")


@dataclass(frozen=True)
class Lines:
    """Lines as their pieces, with their targets."""

    keys: list[np.ndarray]
    blocks: list[np.ndarray]
    shares: np.ndarray
    source: np.ndarray
    """Index into `SOURCES`."""

    def __getitem__(self, rows: np.ndarray) -> Lines:
        return Lines([self.keys[r] for r in rows], [self.blocks[r] for r in rows], self.shares[rows], self.source[rows])


def pieces_of(texts: tuple[str, ...] | list[str], shares: np.ndarray, source: str) -> Lines:
    """The pieces of texts; a text that cannot be read has none."""
    keys, blocks = [], []
    for text in texts:
        try:
            line = features(clean(text))
        except Refusal:
            line = None
        keys.append(line.keys if line else np.zeros(0, np.uint32))
        blocks.append(line.blocks if line else np.zeros(0, np.uint8))
    return Lines(keys, blocks, shares.astype(np.float32), np.full(len(texts), SOURCES.index(source)))


def concatenate(parts: list[Lines]) -> Lines:
    return Lines(
        [keys for part in parts for keys in part.keys],
        [blocks for part in parts for blocks in part.blocks],
        np.concatenate([part.shares for part in parts]),
        np.concatenate([part.source for part in parts]),
    )


def choose_vocabulary(lines: Lines, pieces: int, least: int) -> Vocabulary:
    """The most informative pieces (chi-squared against the shares) that occur in enough lines, and the lexicon."""
    distinct = [np.unique(keys) for keys in lines.keys]
    keys, column = np.unique(np.concatenate(distinct), return_inverse=True)
    starts = np.cumsum([0, *(len(line) for line in distinct)])
    occurrences = sparse.csr_matrix(
        (np.ones(len(column), np.float32), column, starts), shape=(len(distinct), len(keys))
    )
    count = np.asarray(occurrences.sum(0)).ravel()
    expected = np.maximum(count[:, None] * lines.shares.mean(0), 1e-9)
    information = ((occurrences.T @ lines.shares - expected) ** 2 / expected).sum(1)
    lexicon = np.unique(np.concatenate([k[b == 2] for k, b in zip(lines.keys, lines.blocks, strict=True)]))
    information[np.isin(keys, lexicon)] = np.inf
    information[(count < least) & ~np.isinf(information)] = -1
    best = np.argsort(-information, kind="stable")[:pieces]
    best = np.sort(best[information[best] >= 0])
    rarity = np.log((1 + len(distinct)) / (1 + count[best])) + 1
    return Vocabulary(keys[best], rarity.astype(np.float16).astype(np.float32))


def matrix(vocabulary: Vocabulary, lines: Lines) -> sparse.csr_matrix:
    """Lines × pieces, with the weights of the shipped model."""
    weighed = [vocabulary.weigh(k, b)[:2] for k, b in zip(lines.keys, lines.blocks, strict=True)]
    starts = np.cumsum([0, *(len(rows) for rows, _ in weighed)])
    rows, values = (np.concatenate(part) for part in zip(*weighed, strict=True))
    return sparse.csr_matrix((values, rows, starts), shape=(len(weighed), len(vocabulary)))


def batch_of(
    weighed: sparse.csr_matrix, rows: np.ndarray, dropout: float = 0.0, rng: np.random.Generator | None = None
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Indices, starts and values of some lines, for the embedding bag; `dropout` leaves pieces out."""
    part = weighed[rows]
    values = part.data
    if dropout and rng is not None:
        values = values * (rng.random(len(values), np.float32) >= dropout) / np.float32(1 - dropout)
    return (
        torch.from_numpy(part.indices.astype(np.int64)),
        torch.from_numpy(part.indptr[:-1].astype(np.int64)),
        torch.from_numpy(values.astype(np.float32)),
    )


def logits_of(bag: Bag, weighed: sparse.csr_matrix, batch: int = 1024) -> np.ndarray:
    """(lines, 7): the bag's logits."""
    starts = range(0, len(weighed.indptr) - 1, batch)
    with torch.inference_mode():
        parts = [np.arange(at, min(at + batch, starts.stop)) for at in starts]
        return np.concatenate([bag.classify(bag.pool(*batch_of(weighed, rows))).numpy() for rows in parts])
