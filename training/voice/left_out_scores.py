"""Scores and novelty of people left out of a training: everything about the voice that is fitted is fitted on these.

    python -m training.voice.left_out_scores --data DATA --cache DIR --out FILE.npz

`known` people are left out in turn while others of their corpus are trained on; of an `unheard` corpus nobody is. The
command writes the scores as the shipped voice softens them, for `training.fusion` and `training.voice.fit_strangers`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from inference.calibration import softmax
from inference.weights import WeightsError
from ser import predict
from ser.model import Committee, StatisticsHead
from ser.novelty import Novelty
from training.voice import fold_voices, teacher
from training.voice.cache import AugmentedCopy
from training.voice.corpora import DATA_HELP
from training.voice.fold_voices import FrameData, Recipe, fold_committee, net_name, predictions
from training.voice.folds import TURNS
from training.voice.frame_cache import COPIES
from training.voice.known_corpora import SET, SETS_HELP
from training.voice.training_data import TrainingData

UNHEARD = ("ravdess", "emodb", "nemo", "tess", "korean", "ased", "emovo", "emotale")
"""The corpora that are left out in turn: those of speech with four moods or more."""
KNOWN_FOLDS = tuple(f"turn:{number + 1}" for number in range(TURNS))
DIRECTIONS = 64
CLIPS_OF_A_COPY = 900
"""Clips of each copy, drawn at random, to find the directions from."""


@dataclass(frozen=True)
class LeftOutClips:
    """Clips of people left out of a training."""

    truth: np.ndarray
    logs: np.ndarray
    """(clips, seven): log-scores before any temperature."""
    far: np.ndarray
    """The novelty of each."""
    weights: np.ndarray
    """They make every corpus count alike."""
    index: np.ndarray
    """Their places in the cache."""


def left_out_clips(data: FrameData, fold: str, recipe: Recipe) -> LeftOutClips:
    """The clips of speech of a fold's left-out people, with the voice and the directions of that fold."""
    file = data.clips.cache / "folds" / net_name(data, recipe) / f"left-out-{recipe.share}-{fold}.npz"
    if not file.exists():
        np.savez(file, **vars(_left_out_clips(data, fold, recipe)))
    with np.load(file) as stored:
        return LeftOutClips(**{name: stored[name] for name in LeftOutClips.__annotations__})


def _left_out_clips(data: FrameData, fold: str, recipe: Recipe) -> LeftOutClips:
    train, test = data.train_and_test(fold, recipe)
    truth, logs = predictions(data, fold, recipe).in_seven()
    clips = data.clips.clips
    with_mood = np.array([index for index in test if clips[index].mood])
    heads = fold_committee(data, fold, recipe)
    far = training_directions(data.clips.copies, heads, train).distance(
        standard(heads, data.clips.copies[0], with_mood)
    )
    speech = np.array([clips[index].is_speech for index in with_mood])
    return LeftOutClips(
        truth[speech], logs[speech], far[speech], alike([clips[i].corpus for i in with_mood[speech]]), with_mood[speech]
    )


def alike(groups: Sequence[str]) -> np.ndarray:
    """A weight for each clip, so that every group counts alike."""
    _, member, counts = np.unique(groups, return_inverse=True, return_counts=True)
    return 1.0 / counts[member]


def joined(people: Sequence[LeftOutClips]) -> LeftOutClips:
    return LeftOutClips(
        *(np.concatenate([getattr(one, name) for one in people]) for name in LeftOutClips.__annotations__)
    )


def known_people(data: FrameData, recipe: Recipe) -> list[LeftOutClips]:
    return [left_out_clips(data, fold, recipe) for fold in KNOWN_FOLDS]


def unheard(data: FrameData, recipe: Recipe) -> dict[str, LeftOutClips]:
    return {corpus: left_out_clips(data, f"corpus:{corpus}", recipe) for corpus in UNHEARD}


def soft(people: LeftOutClips, found: Novelty | None) -> np.ndarray:
    """Log-scores, softened where the recording is unlike the training data."""
    return people.logs / found.temperature_factor(people.far)[:, None] if found else people.logs


def standard(committee: nn.Module, copy: AugmentedCopy, clips: np.ndarray) -> np.ndarray:
    """(clips, features), standardised as the first head does it."""
    head = committee.heads[0] if isinstance(committee, Committee) else committee
    if not isinstance(head, StatisticsHead):
        raise WeightsError("The novelty is measured on the statistics of a transformer; these weights have none.")
    with torch.inference_mode():
        return head.standardised(teacher.head_input(copy)[torch.from_numpy(clips)]).numpy()


def training_directions(copies: Sequence[AugmentedCopy], heads: nn.Module, train: np.ndarray) -> Novelty:
    """Where the training clips lie; limits and growth are still to be fitted."""
    rng = np.random.default_rng(0)
    features = np.concatenate([standard(heads, copy, rng.permutation(train)[:CLIPS_OF_A_COPY]) for copy in copies])
    middle = features.mean(0)
    torch.manual_seed(0)
    _, _, directions = torch.svd_lowrank(torch.from_numpy(features - middle), q=DIRECTIONS + 16, niter=4)
    return Novelty(middle, directions[:, :DIRECTIONS].T.contiguous().numpy(), 0.0, 1.0, 0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_options(parser)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    data, shipped = data_of(options), predict.load(predict.WEIGHTS)
    recipe = fold_voices.SHIPPED_RECIPE
    kinds = {"known": joined(known_people(data, recipe)), "unheard": joined(list(unheard(data, recipe).values()))}
    names = ("path", "corpus", "speaker", "mood", "kind", "scores", "distance", "logs")
    found: dict[str, list] = {name: [] for name in names}
    for kind, people in kinds.items():
        scores = softmax(soft(people, shipped.novelty), shipped.temperature)
        for place, index in enumerate(people.index):
            clip = data.clips.clips[index]
            values = (clip.path, clip.corpus, clip.speaker, people.truth[place], kind, scores[place],
                      people.far[place], people.logs[place])  # fmt: skip
            for column, value in zip(found.values(), values, strict=True):
                column.append(value)
    np.savez(options.out, allow_pickle=False, **{name: np.array(column) for name, column in found.items()})
    print(f"wrote {len(found['path'])} readings to {options.out}")


def add_data_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cache", type=Path, required=True, help="made by `python -m training.voice.frame_cache`")
    parser.add_argument("--data", type=Path, required=True, help=DATA_HELP)
    parser.add_argument("--copies", type=int, default=COPIES, help="variations of each clip in the training")
    parser.add_argument("--corpora", default=SET, help=f"{SETS_HELP} (default: {SET})")


def data_of(options: argparse.Namespace) -> FrameData:
    return FrameData(TrainingData(options.cache, options.data, 1 + options.copies, which=options.corpora))


if __name__ == "__main__":
    main()
