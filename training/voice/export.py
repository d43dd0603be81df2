"""Makes the shipped voice weights from two trained models: weighs, calibrates and stores them, and measures the result.

    python -m training.voice.export --trained DIR --data DATA --cache DIR   writes assets/weights/ser, prints the report
    python -m training.voice.export --trained DIR --keep whisper_base …     the shipped file of this model stays
    python -m training.voice.fit_novelty --data DATA --cache DIR            then writes the novelty file beside them
    python -m training.voice.export --measure --data DATA --cache DIR       only the report of the weights in use;
                                                                            --write also saves it for the Models page

The speakers left out of the training (`left_out` in the metadata) decide the weights of the two models, the temperature
and the margin. The report is cross-fitted: each speaker is scored with parameters fitted on the others.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from inference import measured, metrics
from inference.calibration import fit_margin, is_sure, softmax
from inference.measured import Measured
from inference.weights import Storage
from ser import audio, members, novelty, predict
from ser.members import AnyMember, log_seven
from ser.novelty import Novelty
from ser.predict import WEIGHTS
from training.voice.cache import AugmentedCopy, open_copy
from training.voice.corpora import DATA_HELP, Clip, ClipStore
from training.voice.folds import left_out
from training.voice.plots import PairCalibration, by_corpus, calibrate, percent_table, pool, reliability_table

SURE = 0.95
"""How often a reading called sure should be right, on left-out people."""
SECONDS = 10
MOST = 300
"""Clips of one corpus to measure at most, drawn at random: two speakers of nEMO alone have a thousand."""


def log_scores_of(
    pair: list[AnyMember], source: ClipStore | AugmentedCopy, test: np.ndarray, fitted_novelty: Novelty | None = None
) -> list[np.ndarray]:
    """Log-scores of the seven from each model as the app computes them, softened for novel clips."""
    waves = [source.wave(int(index))[: SECONDS * audio.SAMPLE_RATE] for index in test]
    outputs = [[model.forward(wave) for wave in waves] for model in pair]
    scores = [log_seven(np.stack([output.logits[0].numpy() for output in each])) for each in outputs]
    if fitted_novelty is None:
        return scores
    standard = np.concatenate([out.standard.numpy() for each in outputs for out in each if out.standard is not None])
    return [each / fitted_novelty.temperature_factor(fitted_novelty.distance(standard))[:, None] for each in scores]


class HeldOutClips:
    """The clips to measure: left out of the training, with one of the seven moods; and their speakers."""

    def __init__(self, store: ClipStore, fold: str) -> None:
        out = np.flatnonzero(left_out(fold, store.clips))
        chosen = np.random.default_rng(0).permutation([index for index in out if store.clips[index].mood])
        corpora = np.array([store.clips[index].corpus for index in chosen])
        self.test = np.sort(np.concatenate([chosen[corpora == corpus][:MOST] for corpus in np.unique(corpora)]))
        self.clips: list[Clip] = [store.clips[index] for index in self.test]
        self.truth = np.array([EMOTIONS.index(clip.mood) for clip in self.clips])
        self.speakers = np.array([clip.speaker for clip in self.clips])
        self.corpora = np.array([clip.corpus for clip in self.clips])
        self.fold = fold

    def uar(self, scores: np.ndarray, corpus: str | None = None) -> float:
        mine = self.corpora == corpus if corpus else np.ones(len(self.test), bool)
        return metrics.uar(self.truth[mine], scores[mine].argmax(1), len(EMOTIONS))

    def row(self, name: str, scores: np.ndarray) -> str:
        corpora = list(dict.fromkeys(self.corpora))
        each = [self.uar(scores, corpus) for corpus in corpora]
        return f"| {name} | " + " | ".join(f"{value:.1%}" for value in [*each, np.mean(each), self.uar(scores)]) + " |"


def report(held_out: HeldOutClips, names: list[str], scores: list[np.ndarray], found: PairCalibration) -> str:
    corpora = list(dict.fromkeys(held_out.corpora))
    interval = metrics.bootstrap(
        lambda i: metrics.uar(held_out.truth[i], found.crossed[i].argmax(1), len(EMOTIONS)), held_out.speakers.tolist()
    )
    raw = softmax(found.share * scores[0] + (1 - found.share) * scores[1])
    margin = fit_margin(found.crossed, held_out.truth, SURE)
    sure, right = is_sure(found.crossed, margin), found.crossed.argmax(1) == held_out.truth
    right_when_sure, right_when_not = (f"{right[part].mean():.0%}" if part.any() else "none" for part in (sure, ~sure))
    lines = [
        f"left out: {held_out.fold}: {len(held_out.test)} clips of {len(set(held_out.speakers))} speakers; UAR",
        "",
        "| model | " + " | ".join([*corpora, "mean of corpora", "all clips"]) + " |",
        "|---" * (len(corpora) + 3) + "|",
        *(held_out.row(name, one) for name, one in zip(names, scores, strict=True)),
        held_out.row("together (cross-fitted)", found.crossed),
        "",
        f"all left-out speakers: UAR {interval} (95 % by speaker)",
        f"weight of {names[0]}: {found.share:.1f}; temperature {found.temperature:.3f}",
        f"ECE {metrics.ece(held_out.truth, raw):.1%} before, {metrics.ece(held_out.truth, found.crossed):.1%} after",
        *(
            f"  {corpus}: ECE {metrics.ece(held_out.truth[mine], found.crossed[mine]):.1%}"
            for corpus in corpora
            for mine in [held_out.corpora == corpus]
        ),
        f"sure: margin {margin:.3f}; {sure.mean():.0%} of clips, right in {right_when_sure} of them; "
        f"the others right in {right_when_not}",
        "",
        reliability_table(held_out.truth, found.crossed),
        "",
        percent_table(metrics.confusion(held_out.truth, found.crossed.argmax(1), len(EMOTIONS)), EMOTIONS),
    ]
    return "\n".join(lines)


def ship(trained: Path, out: Path, store: ClipStore, storage: Storage, version: str, keep: str | None = None) -> None:
    """Writes the two models in `storage` with their weights, temperature and margin; the file of `keep` stays.

    The app reads temperature and margin from the first file, and weights are relative: the image network can be
    replaced without writing the transformer's fifty megabytes again.
    """
    pair = _members(trained)
    held_out = HeldOutClips(store, pair[0].meta["left_out"])
    full = log_scores_of(pair, store, held_out.test)
    found = calibrate(full[0], full[1], held_out.truth, held_out.speakers, by_corpus(held_out.clips))
    margin = fit_margin(found.crossed, held_out.truth, SURE)
    shares = {model.meta["name"]: share for model, share in zip(pair, (found.share, 1 - found.share), strict=True)}
    scale = pair[1].meta["weight"] / shares[keep] if keep else 1.0
    for model in pair:
        name = model.meta["name"]
        if name != keep:
            members.save(
                model, out / f"{name}.safetensors", storage,
                weight=round(scale * shares[name], 4), temperature=round(found.temperature, 4), margin=round(margin, 4),
                version=version,
            )  # fmt: skip
    small = log_scores_of(_members(out), store, held_out.test)
    whole, shrunk = (softmax(found.share * a + (1 - found.share) * b, found.temperature) for a, b in (full, small))
    print(f"{storage} costs {held_out.uar(whole) - held_out.uar(shrunk):+.2%} UAR (all clips), ", end="")
    print(f"{np.mean(whole.argmax(1) != shrunk.argmax(1)):.2%} of readings change\n")


def as_shipped(held_out: HeldOutClips, pair: list[AnyMember], found: list[np.ndarray]) -> str:
    """Figures with the weights and temperature in the files, which were fitted on these people: a little too good."""
    weights, temperature = [model.meta["weight"] for model in pair], pair[0].meta["temperature"]
    share = round(weights[0] / sum(weights), 3)
    scores = softmax(pool(found[0], found[1], share), temperature)
    return (
        f"as shipped (weight {share}, temperature {temperature:.2f}, fitted on these people): "
        f"UAR {held_out.uar(scores):.1%}, ECE {metrics.ece(held_out.truth, scores):.1%}\n"
    )


def measure(folder: Path, store: ClipStore, cache: Path) -> tuple[str, Measured]:
    pair, beside = _members(folder), folder / novelty.FILE
    fitted_novelty = novelty.load(beside) if beside.exists() else None
    held_out = HeldOutClips(store, pair[0].meta["left_out"])
    scores = log_scores_of(pair, store, held_out.test, fitted_novelty)
    found = calibrate(scores[0], scores[1], held_out.truth, held_out.speakers, by_corpus(held_out.clips))
    lines = [report(held_out, [model.meta["name"] for model in pair], scores, found), ""]
    lines.append(as_shipped(held_out, pair, scores))
    # The same people through other microphones, rooms, noises and lines (`training.voice.augment`).
    first, second = log_scores_of(pair, open_copy(cache, 1), held_out.test, fitted_novelty)
    lines.append(held_out.row("together, varied microphones and rooms", pool(first, second, found.share)))
    figures = measured.of(
        "left_out_people",
        predict.load(folder).model,
        "python -m training.voice.export --measure --data DATA --cache DIR",
        held_out.truth,
        found.crossed,
        EMOTIONS,
        groups=held_out.speakers.tolist(),
        sure=is_sure(found.crossed, fit_margin(found.crossed, held_out.truth, SURE)),
        parts=held_out.corpora.tolist(),
    )
    return "\n".join(lines), figures


def _members(folder: Path) -> list[AnyMember]:
    """The image network first, then the transformer; both trained on the same people."""
    pair = sorted((members.load(file) for file in members.files(folder)), key=lambda model: model.meta["kind"])
    if [model.meta["kind"] for model in pair] != ["mel", "whisper"]:
        raise SystemExit(f"{folder} needs one image network and one transformer, as training.voice.train writes them.")
    if len({model.meta["left_out"] for model in pair}) != 1:
        raise SystemExit("The two models were trained on different people; measure them on people left out of both.")
    return pair


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trained", type=Path, help="folder with the two trained models")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--version", default=members.VERSION, help="of the models that are written")
    parser.add_argument("--keep", choices=["whisper_base"], help="a model in --trained that is not written again")
    parser.add_argument("--measure", action="store_true", help="only measure what is in --out")
    parser.add_argument("--write", action="store_true", help="also write measured.json beside the weights")
    parser.add_argument("--storage", choices=["fp16", "int8"], default="fp16")
    parser.add_argument("--cache", type=Path, required=True, help="folder made by `python -m training.voice.cache`")
    parser.add_argument("--data", type=Path, required=True, help=DATA_HELP)
    options = parser.parse_args()
    store = ClipStore(options.cache, options.data)
    if not options.measure:
        ship(options.trained, options.out, store, options.storage, options.version, options.keep)
    report_of, found = measure(options.out, store, options.cache)
    print(report_of)
    if options.write:
        print(f"\nwritten to {measured.write(options.out, [found])}")


if __name__ == "__main__":
    main()
