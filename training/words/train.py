"""Trains the model: `python -m training.words.train --data FOLDER --out FILE [--logdir DIR] [--calibrate]`.

English, its Korean translation, real Korean comments and made-up diary sentences are learned together; each source
has its own offset a mood, so that what is common among Reddit comments is not taken for what words mean.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy import sparse
from torch import nn

from emotions import EMOTIONS
from inference.calibration import fit_margin, fit_temperature
from inference.metrics import accuracy, macro_f1
from inference.model_card import write_checksum
from reading import Refusal
from training.words import corpora
from training.words.practice import practice
from words import model
from words.features import features
from words.model import Bag, Vocabulary, WordsModel, calibrated
from words.text import clean

VERSION = "1.1.0"
SOURCES = ("en", "ko", "kote", "practice")


@dataclass(frozen=True)
class Recipe:
    """Everything that was chosen, on the dev splits."""

    pieces: int = 150_000
    least: int = 3
    """A piece must be on this many lines."""
    width: int = 24
    hidden: int = 64
    dropout: float = 0.4
    """Share of a line's pieces that are hidden at each sight of it."""
    epochs: int = 2
    batch: int = 256
    rate: float = 4e-3
    weights: dict[str, float] = field(default_factory=lambda: {"en": 1.0, "ko": 1.0, "kote": 3.0, "practice": 1.0})
    practice: int = 12_000
    sure: float = 0.75
    """Verdicts called sure are right this often on the dev comments."""
    seed: int = 0


@dataclass(frozen=True)
class Lines:
    """Lines as their pieces, with what is to be learned of them."""

    keys: list[np.ndarray]
    blocks: list[np.ndarray]
    shares: np.ndarray
    source: np.ndarray
    """Index into `SOURCES`."""

    def __getitem__(self, rows: np.ndarray) -> Lines:
        return Lines([self.keys[r] for r in rows], [self.blocks[r] for r in rows], self.shares[rows], self.source[rows])


def pieces_of(texts: tuple[str, ...] | list[str], shares: np.ndarray, source: str) -> Lines:
    """Texts → pieces; a text that cannot be read has none."""
    keys, blocks = [], []
    for text in texts:
        try:
            line = features(clean(text))
        except Refusal:
            line = None
        keys.append(line.keys if line else np.zeros(0, np.uint32))
        blocks.append(line.blocks if line else np.zeros(0, np.uint8))
    return Lines(keys, blocks, shares.astype(np.float32), np.full(len(texts), SOURCES.index(source)))


def together(parts: list[Lines]) -> Lines:
    return Lines(
        [keys for part in parts for keys in part.keys],
        [blocks for part in parts for blocks in part.blocks],
        np.concatenate([part.shares for part in parts]),
        np.concatenate([part.source for part in parts]),
    )


def choose_vocabulary(lines: Lines, recipe: Recipe) -> Vocabulary:
    """The pieces that tell most about the moods (chi-squared against the shares), and all of the lexicon."""
    distinct = [np.unique(keys) for keys in lines.keys]
    keys, column = np.unique(np.concatenate(distinct), return_inverse=True)
    starts = np.cumsum([0, *(len(line) for line in distinct)])
    there = sparse.csr_matrix((np.ones(len(column), np.float32), column, starts), shape=(len(distinct), len(keys)))
    count = np.asarray(there.sum(0)).ravel()
    expected = np.maximum(count[:, None] * lines.shares.mean(0), 1e-9)
    telling = ((there.T @ lines.shares - expected) ** 2 / expected).sum(1)
    lexicon = np.unique(np.concatenate([k[b == 2] for k, b in zip(lines.keys, lines.blocks, strict=True)]))
    telling[np.isin(keys, lexicon)] = np.inf
    telling[(count < recipe.least) & ~np.isinf(telling)] = -1
    best = np.argsort(-telling, kind="stable")[: recipe.pieces]
    best = np.sort(best[telling[best] >= 0])
    rarity = np.log((1 + len(distinct)) / (1 + count[best])) + 1
    return Vocabulary(keys[best], rarity.astype(np.float16).astype(np.float32))


def matrix(vocabulary: Vocabulary, lines: Lines) -> sparse.csr_matrix:
    """Lines × pieces, weighed as the shipped model weighs them."""
    weighed = [vocabulary.weigh(k, b)[:2] for k, b in zip(lines.keys, lines.blocks, strict=True)]
    starts = np.cumsum([0, *(len(rows) for rows, _ in weighed)])
    rows, values = (np.concatenate(part) for part in zip(*weighed, strict=True))
    return sparse.csr_matrix((values, rows, starts), shape=(len(weighed), len(vocabulary)))


def fit(
    lines: Lines, recipe: Recipe, logdir: Path | None = None, said: bool = True
) -> tuple[Bag, Vocabulary, np.ndarray]:
    """The bag, its vocabulary, and the offsets of each source."""
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    vocabulary = choose_vocabulary(lines, recipe)
    weighed = matrix(vocabulary, lines)
    bag = Bag(len(vocabulary), recipe.width, recipe.hidden)
    offsets = nn.Parameter(torch.zeros(len(SOURCES), len(EMOTIONS)))
    others = [*(p for name, p in bag.named_parameters() if name != "pieces.weight"), offsets]
    optimisers = [torch.optim.SparseAdam([bag.pieces.weight], recipe.rate), torch.optim.AdamW(others, recipe.rate)]
    targets, source = torch.from_numpy(lines.shares), torch.from_numpy(lines.source)
    weight = torch.tensor([recipe.weights[name] for name in SOURCES])[source]
    steps, done, began = recipe.epochs * -(-len(targets) // recipe.batch), 0, time.monotonic()
    log = _log(logdir)
    bag.train()
    for epoch in range(recipe.epochs):
        order = rng.permutation(len(targets))
        for at in range(0, len(order), recipe.batch):
            rows = order[at : at + recipe.batch]
            pace = min(1, (done + 1) / 100) * max(0.02, 1 - done / steps)
            for optimiser, rate in zip(optimisers, (recipe.rate, recipe.rate / 2), strict=True):
                optimiser.param_groups[0]["lr"] = rate * pace
            logits = bag.classify(bag.pool(*_batch(weighed, rows, recipe.dropout, rng))) + offsets[source[rows]]
            loss = (weight[rows] * -(targets[rows] * logits.log_softmax(1)).sum(1)).mean()
            for optimiser in optimisers:
                optimiser.zero_grad()
            loss.backward()
            for optimiser in optimisers:
                optimiser.step()
            done += 1
            log("loss", loss.item(), done)
        if said:
            print(
                f"epoch {epoch + 1}/{recipe.epochs}: loss {loss.item():.3f}, {time.monotonic() - began:.0f} s",
                flush=True,
            )
    return bag.eval(), vocabulary, offsets.detach().numpy()


def logits_of(bag: Bag, weighed: sparse.csr_matrix, batch: int = 1024) -> np.ndarray:
    """lines × 7."""
    with torch.inference_mode():
        return np.concatenate(
            [
                bag.classify(bag.pool(*_batch(weighed, np.arange(at, min(at + batch, weighed.shape[0]))))).numpy()
                for at in range(0, weighed.shape[0], batch)
            ]
        )


def fit_offsets(logits: np.ndarray, moods: np.ndarray) -> np.ndarray:
    """What to add to each mood's logit for the best macro-F1, by going up one coordinate at a time.

    Comments are a third happiness and one in seventy disgust; without this the rare moods are never said.
    """
    offsets = np.zeros(len(EMOTIONS))
    best = macro_f1(moods, logits.argmax(1), len(EMOTIONS))
    for step in (0.6, 0.3, 0.15):
        for mood in list(range(len(EMOTIONS))) * 2:
            for change in (-2 * step, -step, step, 2 * step):
                tried = offsets.copy()
                tried[mood] += change
                score = macro_f1(moods, (logits + tried).argmax(1), len(EMOTIONS))
                if score > best + 1e-5:
                    best, offsets = score, tried
    return offsets - offsets.mean()


def calibrate(logits: np.ndarray, moods: np.ndarray) -> dict[str, Any]:
    """Offsets and temperature of one language."""
    offsets = fit_offsets(logits, moods)
    return {"offsets": offsets.round(4).tolist(), "temperature": round(fit_temperature(logits + offsets, moods), 4)}


def corpus_lines(data: Path, recipe: Recipe, languages: tuple[str, ...] = ("en", "ko")) -> dict[str, Lines]:
    """The training lines of every source."""
    found = {}
    for language in languages:
        comments = corpora.goemotions(language, "train", data)
        found[language] = pieces_of(comments.texts, comments.shares, language)
    real = corpora.kote(data)
    found["kote"] = pieces_of(real.texts, real.shares, "kote")
    found["practice"] = pieces_of(*practice(recipe.practice, recipe.seed), "practice")
    return found


def train(data: Path, recipe: Recipe, logdir: Path | None = None) -> WordsModel:
    """The model of all training lines, not yet calibrated."""
    bag, vocabulary, _ = fit(together(list(corpus_lines(data, recipe).values())), recipe, logdir)
    meta = {
        "name": "haru-words",
        "version": VERSION,
        "labels": list(EMOTIONS),
        "sense": "words",
        "training_data": ["GoEmotions (en, machine-translated ko) train", "KOTE", "training/words/practice.py"],
        "licence": "Apache-2.0 and MIT data; weights for any use that cites them",
        "width": recipe.width,
        "hidden": recipe.hidden,
        "known": 0.34,
    }
    return WordsModel(bag, vocabulary, meta)


def calibrate_on_dev(trained: WordsModel, data: Path, wanted: float) -> dict[str, Any]:
    """Offsets and temperature of each language, and the margins above which verdicts are sure."""
    found: dict[str, Any] = {"calibration": {}}
    told = []
    for language in ("en", "ko"):
        dev = corpora.goemotions(language, "dev", data)
        dev = dev[dev.single]
        logits = logits_of(trained.bag, matrix(trained.vocabulary, pieces_of(dev.texts, dev.shares, language)))
        one = found["calibration"][language] = calibrate(logits, dev.moods)
        scores = calibrated(logits, np.zeros(len(dev)), {"en": one, "ko": one})
        told.append((scores, dev.moods, np.array([_denies(text) for text in dev.texts])))
        print(
            f"dev {language}: macro-F1 {macro_f1(dev.moods, scores.argmax(1), len(EMOTIONS)):.3f}, "
            f"accuracy {accuracy(dev.moods, scores.argmax(1)):.3f}, {one}"
        )
    scores, moods, denied = (np.concatenate(part) for part in zip(*told, strict=True))
    found["margin"] = round(fit_margin(scores[~denied], moods[~denied], wanted), 4)
    # With one margin for all, verdicts on lines with a negation would be called sure too easily.
    found["margin_denied"] = round(fit_margin(scores[denied], moods[denied], wanted), 4)
    return found


def _denies(text: str) -> bool:
    try:
        return features(clean(text)).negates
    except Refusal:
        return False


def _batch(
    weighed: sparse.csr_matrix, rows: np.ndarray, dropout: float = 0.0, rng: np.random.Generator | None = None
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    part = weighed[rows]
    values = part.data
    if dropout and rng is not None:
        values = values * (rng.random(len(values), np.float32) >= dropout) / np.float32(1 - dropout)
    return (
        torch.from_numpy(part.indices.astype(np.int64)),
        torch.from_numpy(part.indptr[:-1].astype(np.int64)),
        torch.from_numpy(values.astype(np.float32)),
    )


def _log(logdir: Path | None) -> Callable[..., None]:
    if logdir is None:
        return lambda *_: None
    from torch.utils.tensorboard import SummaryWriter

    return SummaryWriter(str(logdir)).add_scalar


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.words.train", description="Train the model of words.")
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--out", type=Path, default=model.WEIGHTS)
    parser.add_argument("--logdir", type=Path, help="TensorBoard logs")
    for name in ("pieces", "width", "epochs", "practice", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Recipe(), name))
    for name in ("dropout", "rate"):
        parser.add_argument(f"--{name}", type=float, default=getattr(Recipe(), name))
    parser.add_argument("--calibrate", action="store_true", help="calibrate the weights at --out anew, train nothing")
    given = vars(parser.parse_args())
    data, out, logdir, only_calibrate = (given.pop(name) for name in ("data", "out", "logdir", "calibrate"))
    recipe = Recipe(**given)
    raw = out if only_calibrate else out.with_suffix(".uncalibrated")
    if not only_calibrate:
        model.save(train(data, recipe, logdir), raw)
    # Calibrated is what is shipped: the vectors as they come back from int8.
    trained = model.load(raw)
    trained.meta.update(calibrate_on_dev(trained, data, recipe.sure))
    model.save(trained, out)
    if raw != out:
        raw.unlink()
    if out != model.WEIGHTS:  # the app uses weights that HARU_WEIGHTS names only with their checksum
        write_checksum(out)
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB, {len(trained.vocabulary):,} pieces")


if __name__ == "__main__":
    main()
