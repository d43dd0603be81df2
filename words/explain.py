"""Which words moved which mood: spans of the line, each with a weight for each of the seven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch

from emotions import EMOTIONS
from words.features import Features, features
from words.model import WordsModel
from words.text import clean

_STEPS = 16


@dataclass(frozen=True)
class Span:
    """A word or sign and what it did."""

    start: int
    end: int
    text: str
    weights: Mapping[str, float]
    """How far it moved each mood, in logits, against the mean of the seven: above zero is towards it."""

    @property
    def mood(self) -> str:
        """The mood it spoke for most."""
        return max(self.weights, key=self.weights.__getitem__)


@dataclass(frozen=True)
class Explanation:
    """The line as it was read, and its spans in order."""

    text: str
    """What `start` and `end` count in: the line in composed Unicode, without unprintable characters."""
    spans: tuple[Span, ...]

    def strongest(self, mood: str, count: int = 5) -> list[Span]:
        """The spans that spoke most for a mood."""
        towards = [span for span in self.spans if span.weights[mood] > 0]
        return sorted(towards, key=lambda span: -span.weights[mood])[:count]


def explain(model: WordsModel, text: str) -> Explanation:
    """Integrated gradients from the empty line to this one. Raises `Refusal` where there is nothing to read.

    The weights of all spans add up to what the whole line did (a test holds that): none is lost, none made up.
    """
    text = clean(text)
    line = features(text)
    by_token = _by_token(line, *_contributions(model, line))
    spans = tuple(
        Span(token.start, token.end, text[token.start : token.end], dict(zip(EMOTIONS, row.tolist(), strict=True)))
        for token, row in zip(line.tokens, by_token, strict=True)
    )
    return Explanation(text, spans)


def _contributions(model: WordsModel, line: Features) -> tuple[np.ndarray, np.ndarray]:
    """Row of each piece, and what each row of the vocabulary did: pieces' rows, {row: seven} as arrays."""
    rows, values, each = model.vocabulary.weigh(line.keys, line.blocks)
    vectors = (
        model.bag.pieces.weight.detach()[torch.from_numpy(rows.astype(np.int64))] * torch.from_numpy(values)[:, None]
    )
    pooled = vectors.sum(0)
    # The middle of each step: halves the error of a sum over the path.
    path = ((torch.arange(_STEPS) + 0.5) / _STEPS)[:, None] * pooled
    slopes = torch.autograd.functional.jacobian(lambda at: model.bag.judge(at).sum(0), path).mean(1)
    moved = (vectors @ slopes.T).numpy()
    moved -= moved.mean(1, keepdims=True)
    place = np.full(len(each), -1)
    known = each >= 0
    place[known] = np.searchsorted(rows, each[known])
    return place, moved


def _by_token(line: Features, place: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """Each piece's share handed to the words it lies on, in equal parts."""
    known = place >= 0
    count = np.bincount(place[known], minlength=len(moved))
    share = moved[place[known]] / count[place[known], None]
    first, last = line.first[known], line.last[known]
    share /= (last - first + 1)[:, None]
    # Differences first, then a running sum: linear however many words a piece lies on.
    steps = np.zeros((len(line.tokens) + 1, len(EMOTIONS)))
    np.add.at(steps, first, share)
    np.add.at(steps, last + 1, -share)
    return np.cumsum(steps, axis=0)[:-1]
