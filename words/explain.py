"""Explains a reading of a note: the spans of the text, each with a weight for each mood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch

from emotions import EMOTIONS
from words.features import Features, features
from words.model import WordsModel
from words.predict import Recogniser
from words.text import clean

_STEPS = 16
"""Steps of the integral over the gradients."""


@dataclass(frozen=True)
class Span:
    """A word or sign, and how far it moved each mood."""

    start: int
    end: int
    text: str
    weights: Mapping[str, float]
    """In logits, against the mean of the seven: a positive weight speaks for the mood."""

    @property
    def mood(self) -> str:
        """The mood with the largest weight."""
        return max(self.weights, key=self.weights.__getitem__)


@dataclass(frozen=True)
class WordsExplanation:
    """A clean text and its spans, in order."""

    text: str
    """The text that `start` and `end` count in: composed Unicode, without invisible characters."""
    spans: tuple[Span, ...]


def explain(recogniser: Recogniser, text: str) -> WordsExplanation:
    """Integrated gradients from an empty text to this one. Raises `Refusal` where there is nothing to read.

    The weights of all spans add up to the logits of the text (tests/words/test_explain.py).
    """
    text = clean(text)
    found = features(text)
    by_token = _by_token(found, *_contributions(recogniser.words_model, found))
    spans = tuple(
        Span(token.start, token.end, text[token.start : token.end], dict(zip(EMOTIONS, row.tolist(), strict=True)))
        for token, row in zip(found.tokens, by_token, strict=True)
    )
    return WordsExplanation(text, spans)


def _contributions(model: WordsModel, text: Features) -> tuple[np.ndarray, np.ndarray]:
    """For each feature, its place among the distinct rows (-1 if unknown); and (rows, seven): each row's effect."""
    rows, values, each = model.vocabulary.weigh(text.keys, text.blocks)
    vectors = (
        model.bag.pieces.weight.detach()[torch.from_numpy(rows.astype(np.int64))] * torch.from_numpy(values)[:, None]
    )
    pooled = vectors.sum(0)
    # The middle of each step halves the error of the sum.
    path = ((torch.arange(_STEPS) + 0.5) / _STEPS)[:, None] * pooled
    jacobian = torch.autograd.functional.jacobian(lambda at: model.bag.classify(at).sum(0), path)
    assert isinstance(jacobian, torch.Tensor)
    moved = (vectors @ jacobian.mean(1).T).numpy()
    moved -= moved.mean(1, keepdims=True)
    place = np.full(len(each), -1)
    known = each >= 0
    place[known] = np.searchsorted(rows, each[known])
    return place, moved


def _by_token(text: Features, place: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """(tokens, seven): the contribution of each feature, divided equally among its tokens."""
    known = place >= 0
    count = np.bincount(place[known], minlength=len(moved))
    share = moved[place[known]] / count[place[known], None]
    first, last = text.first[known], text.last[known]
    share /= (last - first + 1)[:, None]
    # Differences and a running sum take linear time, however many tokens a feature covers.
    steps = np.zeros((len(text.tokens) + 1, len(EMOTIONS)))
    np.add.at(steps, first, share)
    np.add.at(steps, last + 1, -share)
    return np.cumsum(steps, axis=0)[:-1]
