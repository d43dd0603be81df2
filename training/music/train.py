"""Fits what is shipped on every rated track, and writes it with its statistics.

python -m training.music.train plane --cache DIR      assets/weights/music/plane.safetensors
python -m training.music.train moods --cache DIR
    assets/weights/music/moods.safetensors: the winner of `training.music.evaluate`
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from inference import weights
from inference.calibration import fit_temperature
from music import mood_model, plane
from music.emotion_groups import FOUR, GROUPS, PLACES, RULE, four_labels, four_shares, places
from music.mood_model import Linear, MoodModel
from music.place import AXES
from training.music import cnn, ridge
from training.music.cache import Cached, open_cache
from training.music.candidates import TOGETHER
from training.music.corpora import DATA
from training.music.evaluate import mood_scores, plane_guesses, r2

_ABOUT = {
    "version": "1.0",
    "training_data": "Emotify, 320 of 400 tracks (Aljanaki, Wiering & Veltkamp 2015)",
    "licence": "research data: weights for non-commercial use",
}
WINNER = "linear_listeners"
"""By macro-F1 on unheard artists; MODEL_CARD.md has the table."""


def train_plane(cached: Cached, out: Path) -> None:
    wanted = places(cached.shares)
    fitted = ridge.fit_ridge(cached.features, wanted, cached.artists)
    guesses = plane_guesses(cached, wanted, repeat=0)
    state = {
        "mean": fitted.standard.mean, "std": fitted.standard.std, "weights": fitted.weights,
        "centre": fitted.bias, "spread": guesses.std(0),
    }  # fmt: skip
    meta = {
        **_ABOUT, "name": "music_plane", "labels": list(AXES), "features": cached.names, "places": PLACES,
        "strengths": fitted.strengths,
    }  # fmt: skip
    weights.save(out, {name: torch.from_numpy(array) for name, array in state.items()}, meta, storage="fp32")
    found = ", ".join(f"{name} {r2(wanted[:, at], guesses[:, at]):.2f}" for at, name in enumerate(AXES))
    print(f"{out}: strengths {fitted.strengths}; R² on unheard artists {found}")


def train_moods(cached: Cached, out: Path, store: Path, members: int = 3) -> None:
    parts = TOGETHER.get(WINNER, (WINNER,))
    linear, nets = None, ()
    for part in parts:
        if part in cnn.RECIPES:
            rows = np.arange(len(cached.tracks))
            nets = tuple(cnn.train(cached, rows, cnn.RECIPES[part], seed) for seed in range(members))
        else:
            said = four_shares(cached.shares)
            said = said if part == "linear_listeners" else np.eye(len(FOUR))[said.argmax(1)]
            fitted = ridge.fit_softmax(cached.features, said, cached.artists)
            standard = fitted.standard
            linear = Linear(tuple(cached.names), standard.mean, standard.std, fitted.weights, fitted.bias)
    share = 0.5 if linear and nets else 1.0 if linear else 0.0
    crossed = mood_scores(cached, WINNER, 0, store)
    temperature = fit_temperature(np.log(crossed), four_labels(cached.shares))
    model = MoodModel(linear, nets, share, temperature, f"{WINNER} {_ABOUT['version']}")
    meta = {**_ABOUT, "name": WINNER, "labels": list(FOUR), "groups": GROUPS, "rule": RULE}
    mood_model.save(model, out, meta)
    print(f"{out}: {WINNER}, temperature {temperature:.2f}, {out.stat().st_size / 1024:.0f} KiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["plane", "moods"])
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    cached = open_cache(options.cache, options.data)
    if options.what == "plane":
        train_plane(cached, options.out or plane.WEIGHTS)
    else:
        train_moods(cached, options.out or mood_model.WEIGHTS, options.cache / "scores")


if __name__ == "__main__":
    main()
