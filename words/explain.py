"""Explains a reading of a note: how far each word moved the score of one mood, and which mood it spoke for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch

from emotions import EMOTIONS
from inference.prior import Adaptation
from words.features import Features, features
from words.model import WordsModel
from words.predict import Recogniser
from words.text import clean, korean_share

_STEPS = 32
"""Steps of the integral over the gradients."""


@dataclass(frozen=True)
class Span:
    """A word or sign, and how far it moved each mood."""

    start: int
    end: int
    text: str
    weights: Mapping[str, float]
    """In logits, against the mean of the seven: a positive weight speaks for the mood."""
    effect: float
    """How far it moved the logarithm of the score of the explained mood: negative where it spoke against it."""

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
    mood: str
    """The mood that the effects are about."""


def explain(recogniser: Recogniser, text: str, mood: str | None = None) -> WordsExplanation:
    """Integrated gradients from an empty text to this one, for `mood` or for the best mood of the text.

    The effects of all spans add up to what the text did to the logarithm of the mood's score, their weights to its
    logits (tests/words/test_explain.py). Raises `Refusal` where there is nothing to read.
    """
    text = clean(text)
    found = features(text)
    model, korean = recogniser.words_model, korean_share(text)
    scoring = _Scoring(model, korean, recogniser.adaptation(found, korean))
    chosen = mood or EMOTIONS[int(scoring.scores(model.logits([found]))[0].argmax())]
    place, moved = _contributions(scoring, found, EMOTIONS.index(chosen))
    by_token = _by_token(found, place, moved)
    spans = tuple(
        Span(
            token.start,
            token.end,
            text[token.start : token.end],
            weights=dict(zip(EMOTIONS, row[:-1].tolist(), strict=True)),
            effect=float(row[-1]),
        )
        for token, row in zip(found.tokens, by_token, strict=True)
    )
    return WordsExplanation(text, spans, chosen)


@dataclass(frozen=True)
class _Scoring:
    """The way from the logits of one text to its scores."""

    model: WordsModel
    korean: float
    adaptation: Adaptation

    def scores(self, logits: np.ndarray) -> np.ndarray:
        """(n, seven) → (n, seven)"""
        return self.adaptation.apply(self.model.scores(logits, np.full(len(logits), self.korean)))

    @property
    def temperature(self) -> float:
        return self.model.temperature(self.korean) * self.adaptation.temperature


def _contributions(scoring: _Scoring, text: Features, mood: int) -> tuple[np.ndarray, np.ndarray]:
    """For each feature, its place among the distinct rows (-1 if unknown); and what each row did.

    That is (rows, eight): to the seven logits, and to the logarithm of the score of the mood with this number.
    """
    model = scoring.model
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
    with torch.no_grad():
        scores = torch.from_numpy(scoring.scores(model.bag.classify(path).numpy())).float()
    # The gradient of a log-softmax: that of the mood's own logit, less the mean of all by their scores.
    log_score = jacobian[mood] - torch.einsum("sm,msw->sw", scores, jacobian)
    effect = (vectors @ log_score.mean(0)).numpy() / scoring.temperature
    moved = np.hstack([moved, effect[:, None]])
    place = np.full(len(each), -1)
    known = each >= 0
    place[known] = np.searchsorted(rows, each[known])
    return place, moved


def _by_token(text: Features, place: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """(tokens, eight): the contribution of each feature, divided equally among its tokens."""
    known = place >= 0
    count = np.bincount(place[known], minlength=len(moved))
    share = moved[place[known]] / count[place[known], None]
    first, last = text.first[known], text.last[known]
    share /= (last - first + 1)[:, None]
    # Differences and a running sum take linear time, however many tokens a feature covers.
    steps = np.zeros((len(text.tokens) + 1, moved.shape[1]))
    np.add.at(steps, first, share)
    np.add.at(steps, last + 1, -share)
    return np.cumsum(steps, axis=0)[:-1]
