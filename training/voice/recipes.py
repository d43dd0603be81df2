"""Compares ways to train the networks over frames, on corpora that are left out in turn.

    python -m training.voice.recipes --data DATA --cache DIR [--steps 60] [--only adversary …]

Each row is the mean of three seeds, every seed judged alone among the corpus's own classes. A row needs 24 trainings,
so these are short; the shipped networks train longer.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from training.voice.evaluate import row, uar_of
from training.voice.fold_voices import FrameData, Recipe, predictions
from training.voice.frame_training import FrameOptions
from training.voice.left_out_scores import UNHEARD, add_data_options, data_of

SEEDS = (0, 1, 2)

Change = Callable[[Recipe], Recipe]


def _frames(**changes: float) -> Change:
    return lambda recipe: replace(recipe, frames=replace(recipe.frames, **changes))


def _recipe(**changes: object) -> Change:
    return lambda recipe: replace(recipe, **changes)


CHANGES: dict[str, Change] = {
    "shipped": lambda recipe: recipe,
    "adversary": _frames(adversary=0.1),
    "unrated": _frames(rated=0.0),
    "no-bursts": _recipe(bursts=False),
    "people-alike": _recipe(balance="person"),
    "as-they-come": _recipe(balance="none"),
    "absent-is-never": _recipe(absent=1.0),
    "unmixed": _frames(mixed=0.0),
    "unmasked": _frames(frames_lost=0.0, channels_lost=0.0),
}
"""Each differs from the shipped recipe in one thing."""


def means(data: FrameData, recipe: Recipe) -> list[float]:
    """The UAR on each corpus left out, the mean of seeds."""

    def uar(corpus: str, seed: int) -> float:
        alone = replace(recipe, seeds=(seed,), share=1.0)
        return uar_of(predictions(data, f"corpus:{corpus}", alone), shared_only=True)

    return [float(np.mean([uar(corpus, seed) for seed in SEEDS])) for corpus in UNHEARD]


def start_of(steps: int) -> Recipe:
    return Recipe(frames=FrameOptions(steps=steps))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_options(parser)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--only", nargs="+", choices=list(CHANGES), default=list(CHANGES))
    options = parser.parse_args()
    data, start = data_of(options), start_of(options.steps)
    print("| recipe | " + " | ".join(UNHEARD) + " | mean |\n" + "|---" * (len(UNHEARD) + 2) + "|")
    for name in options.only:
        print(row(name, means(data, CHANGES[name](start))), flush=True)


if __name__ == "__main__":
    main()
