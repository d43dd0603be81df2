"""Makes the shipped voice weights, and measures them on people whom their training left out.

    python -m training.voice.export --data DATA --cache DIR        trains what the cache lacks, writes the weights
    python -m training.voice.fit_novelty --data DATA --cache DIR   then writes the novelty file beside them
    python -m training.voice.export --measure --data DATA --cache DIR   only the report of the weights in use;
                                                                   --write also saves it for the Models page

Temperature and margin come from people left out in turn (`turn:1` …). The report is about the people left out of the
shipped weights themselves (`folds.SHIPPED`), who are among those people; each speaker is scored with a temperature
fitted on the others.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from emotions import EMOTIONS
from inference import measured, metrics
from inference.calibration import fit_margin, fit_temperature, is_sure, softmax
from inference.measured import Measured
from ser import audio, members, novelty, predict
from ser.frames import FramesClassifier
from ser.members import AnyMember, FramesMember, log_seven
from ser.novelty import Novelty
from ser.predict import WEIGHTS
from training.voice import fold_voices
from training.voice.cache import AugmentedCopy, open_copy
from training.voice.corpora import Clip
from training.voice.encoders import SHIPPED as ENCODER
from training.voice.encoders import load_whisper
from training.voice.fold_voices import FrameData, Recipe, fold_committee, fold_net
from training.voice.folds import SHIPPED, left_out
from training.voice.frame_cache import ByteScale
from training.voice.left_out_scores import add_data_options, data_of, joined, known_people
from training.voice.plots import by_corpus, calibrate_one, percent_table, reliability_table

VERSION = "2.0.0"
SURE = 0.95
"""How often a reading called sure should be right, on left-out people."""
SECONDS = 10
MOST = 300
"""Clips of one corpus to measure at most, drawn at random: two speakers of nEMO alone have a thousand."""


def shipped_member(data: FrameData, recipe: Recipe, encoder: Path) -> FramesMember:
    """The voice of the shipped fold, which reads raw frames and no bytes."""
    nets, scale = [fold_net(data, SHIPPED, recipe, seed) for seed in recipe.seeds], ByteScale.load(data.clips.cache)
    for net in nets:
        net.middle.copy_(torch.from_numpy(scale.middle))
        net.spread.copy_(torch.from_numpy(scale.spread))
    classifier = FramesClassifier(load_whisper(encoder), nets, fold_committee(data, SHIPPED, recipe), recipe.share)
    people = joined(known_people(data, recipe))
    temperature = fit_temperature(people.logs, people.truth, people.weights)
    margin = fit_margin(softmax(people.logs, temperature), people.truth, SURE)
    return members.frames_member(
        classifier.eval(), SHIPPED, version=VERSION, temperature=round(temperature, 4), margin=round(margin, 4),
        trained_speakers=_speakers(data, recipe),
    )  # fmt: skip


def _speakers(data: FrameData, recipe: Recipe) -> list[str]:
    """Everybody in the training: `training.fusion.fit` measures on others only."""
    train, _ = data.train_and_test(SHIPPED, recipe)
    return sorted({data.clips.clips[index].speaker for index in train})


def log_scores_of(
    member: AnyMember, source: AugmentedCopy, test: np.ndarray, fitted_novelty: Novelty | None = None
) -> np.ndarray:
    """Log-scores of the seven as the app computes them, softened for novel clips."""
    outputs = [member.forward(source.wave(int(index))[: SECONDS * audio.SAMPLE_RATE]) for index in test]
    scores = log_seven(np.stack([output.logits[0].numpy() for output in outputs]))
    standard = [output.standard.numpy() for output in outputs if output.standard is not None]
    if fitted_novelty is None or not standard:
        return scores
    return scores / fitted_novelty.temperature_factor(fitted_novelty.distance(np.concatenate(standard)))[:, None]


class HeldOutClips:
    """The clips to measure: speech of people left out of the training, with one of the seven moods."""

    def __init__(self, data: FrameData, fold: str) -> None:
        all_clips, held = data.clips.clips, data.clips.held
        usable = held & np.array([bool(clip.mood) and clip.is_speech for clip in all_clips])
        chosen = np.random.default_rng(0).permutation(np.flatnonzero(left_out(fold, all_clips) & usable))
        corpora = np.array([all_clips[index].corpus for index in chosen])
        self.test = np.sort(np.concatenate([chosen[corpora == corpus][:MOST] for corpus in np.unique(corpora)]))
        self.clips: list[Clip] = [all_clips[index] for index in self.test]
        self.truth = np.array([EMOTIONS.index(clip.mood) for clip in self.clips])
        self.speakers = np.array([clip.speaker for clip in self.clips])
        self.corpora = np.array([clip.corpus for clip in self.clips])
        self.fold = fold

    def uar(self, scores: np.ndarray, corpus: str | None = None) -> float:
        mine = self.corpora == corpus if corpus else np.ones(len(self.test), bool)
        return metrics.uar(self.truth[mine], scores[mine].argmax(1), len(EMOTIONS))

    def row(self, name: str, scores: np.ndarray) -> str:
        each = [self.uar(scores, corpus) for corpus in dict.fromkeys(self.corpora)]
        return f"| {name} | " + " | ".join(f"{value:.1%}" for value in [*each, np.mean(each), self.uar(scores)]) + " |"


def report(held_out: HeldOutClips, rows: dict[str, np.ndarray], crossed: np.ndarray, margin: float) -> str:
    corpora = list(dict.fromkeys(held_out.corpora))
    interval = metrics.bootstrap(
        lambda i: metrics.uar(held_out.truth[i], crossed[i].argmax(1), len(EMOTIONS)), held_out.speakers.tolist()
    )
    sure, right = is_sure(crossed, margin), crossed.argmax(1) == held_out.truth
    right_when_sure, right_when_not = (f"{right[part].mean():.0%}" if part.any() else "none" for part in (sure, ~sure))
    lines = [
        f"left out: {held_out.fold}: {len(held_out.test)} clips of {len(set(held_out.speakers))} speakers; UAR",
        "",
        "| model | " + " | ".join([*corpora, "mean of corpora", "all clips"]) + " |",
        "|---" * (len(corpora) + 3) + "|",
        *(held_out.row(name, one) for name, one in rows.items()),
        "",
        f"all left-out speakers: UAR {interval} (95 % by speaker)",
        f"ECE {metrics.ece(held_out.truth, crossed):.1%}",
        *(
            f"  {corpus}: ECE {metrics.ece(held_out.truth[mine], crossed[mine]):.1%}"
            for corpus in corpora
            for mine in [held_out.corpora == corpus]
        ),
        f"sure: margin {margin:.3f}; {sure.mean():.0%} of clips, right in {right_when_sure} of them; "
        f"the others right in {right_when_not}",
        "",
        reliability_table(held_out.truth, crossed),
        "",
        percent_table(metrics.confusion(held_out.truth, crossed.argmax(1), len(EMOTIONS)), EMOTIONS),
    ]
    return "\n".join(lines)


def measure(folder: Path, data: FrameData) -> tuple[str, Measured]:
    member = members.for_this_processor(members.load(members.files(folder)[0]))
    beside = folder / novelty.FILE
    fitted_novelty = novelty.load(beside) if beside.exists() else None
    held_out = HeldOutClips(data, member.meta["left_out"])
    logs = log_scores_of(member, data.clips.copies[0], held_out.test, fitted_novelty)
    _, crossed = calibrate_one(logs, held_out.truth, held_out.speakers, by_corpus(held_out.clips))
    # The same people through other microphones, rooms, noises and lines (`training.voice.augment`).
    varied = log_scores_of(member, open_copy(data.clips.cache, 1), held_out.test, fitted_novelty)
    margin = float(member.meta["margin"])
    figures = measured.of(
        "left_out_people",
        predict.load(folder).model,
        "python -m training.voice.export --measure --data DATA --cache DIR",
        held_out.truth,
        crossed,
        EMOTIONS,
        groups=held_out.speakers.tolist(),
        sure=is_sure(crossed, margin),
        parts=held_out.corpora.tolist(),
    )
    return report(held_out, {"as shipped": logs, "varied microphones and rooms": varied}, crossed, margin), figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_options(parser)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--encoder", type=Path, default=ENCODER, help="Whisper's encoder (default: the shipped one)")
    parser.add_argument("--measure", action="store_true", help="only measure what is in --out")
    parser.add_argument("--write", action="store_true", help="also write measured.json beside the weights")
    parser.add_argument("--storage", choices=["fp16", "int8"], default="fp16")
    options = parser.parse_args()
    data = data_of(options)
    if not options.measure:
        member = shipped_member(data, fold_voices.SHIPPED_RECIPE, options.encoder)
        file = options.out / f"{member.meta['name']}.safetensors"
        members.save(member, file, options.storage)
        print(f"wrote {file}: temperature {member.meta['temperature']}, margin {member.meta['margin']}")
        return
    report_of, found = measure(options.out, data)
    print(report_of)
    if options.write:
        print(f"\nwritten to {measured.write(options.out, [found])}")


if __name__ == "__main__":
    main()
