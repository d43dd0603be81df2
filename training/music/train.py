"""Fits the shipped models on every rated track and writes their weights.

python -m training.music.train plane --data DIR --cache DIR      assets/weights/music/plane.safetensors
python -m training.music.train moods --data DIR --cache DIR      assets/weights/music/moods.safetensors
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
from music.place import AXES
from training.music import ridge
from training.music.cache import MeasuredTracks, open_cache
from training.music.corpora import LAYOUT
from training.music.evaluate import mood_scores, plane_guesses, r2

_META = {
    "version": "1.0",
    "training_data": "Emotify, 320 of 400 tracks (Aljanaki, Wiering & Veltkamp 2015)",
    "licence": "research data: weights for non-commercial use",
}
MOODS = "linear_listeners"
"""The candidate that is shipped: the best macro-F1 on left-out artists. MODEL_CARD.md has the table."""


def train_plane(tracks: MeasuredTracks, out: Path) -> None:
    wanted = places(tracks.shares)
    fitted = ridge.fit_ridge(tracks.features, wanted, tracks.artists)
    guesses = plane_guesses(tracks, wanted, repeat=0)
    state = {
        "mean": fitted.standardiser.mean, "std": fitted.standardiser.std, "weights": fitted.weights,
        "centre": fitted.bias, "spread": guesses.std(0),
    }  # fmt: skip
    meta = {
        **_META, "name": "music_plane", "labels": list(AXES), "features": tracks.names, "places": PLACES,
        "strengths": fitted.strengths,
    }  # fmt: skip
    weights.save(out, {name: torch.from_numpy(array) for name, array in state.items()}, meta, storage="fp32")
    scores = ", ".join(f"{name} {r2(wanted[:, at], guesses[:, at]):.2f}" for at, name in enumerate(AXES))
    print(f"{out}: strengths {fitted.strengths}; R² on left-out artists {scores}")


def train_moods(tracks: MeasuredTracks, out: Path, scores: Path) -> None:
    fitted = ridge.fit_softmax(tracks.features, four_shares(tracks.shares), tracks.artists)
    temperature = fit_temperature(np.log(mood_scores(tracks, MOODS, 0, scores)), four_labels(tracks.shares))
    model = fitted.mood_model(tracks.names, temperature, f"{MOODS} {_META['version']}")
    mood_model.save(model, out, {**_META, "name": MOODS, "labels": list(FOUR), "groups": GROUPS, "rule": RULE})
    print(f"{out}: {MOODS}, temperature {temperature:.2f}, {out.stat().st_size / 1024:.0f} KiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["plane", "moods"])
    parser.add_argument("--data", type=Path, required=True, help=LAYOUT)
    parser.add_argument("--cache", type=Path, required=True, help="folder of `python -m training.music.cache`")
    parser.add_argument("--out", type=Path, help="file to write (default: the shipped weights)")
    options = parser.parse_args()
    tracks = open_cache(options.cache, options.data)
    if options.what == "plane":
        train_plane(tracks, options.out or plane.WEIGHTS)
    else:
        train_moods(tracks, options.out or mood_model.WEIGHTS, options.cache / "scores")


if __name__ == "__main__":
    main()
