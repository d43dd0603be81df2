"""From trained ears to the weights in the repository: weighed, calibrated, made small, measured as they are shipped.

    python -m training.voice.export --trained DIR --cache DIR            writes assets/weights/ser and prints the report
    python -m training.voice.export --trained DIR --keep whisper_base …
        only the other ear is new; that file stays untouched
    python -m training.voice.fit_novelty --cache DIR               what sounds strange to them; written beside them
    python -m training.voice.export --measure --cache DIR [--write]
        the report alone, of the weights that are there; `--write`
                                                            also puts it beside them, for the Models page

The speakers left out of the training (`left_out` in the metadata) decide how the two ears are weighed, the temperature
and the margin. What is reported is cross-fitted: each speaker is scored with what the other speakers decided.
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
from ser.members import Member, log_seven
from ser.novelty import Novelty
from ser.predict import WEIGHTS
from training.voice.cache import AugmentedCopy, open_copy
from training.voice.corpora import DATA_HELP, Clip, ClipStore
from training.voice.folds import left_out
from training.voice.plots import PairCalibration, by_corpus, calibrate, percent_table, pool, reliability_table

SURE = 0.95
"""How often a verdict called sure should be right, on people never heard."""
SECONDS = 10
MOST = 300
"""Clips of one corpus that are measured, drawn by chance: nEMO's two speakers alone would be a thousand."""


def opinions(
    members: list[Ear], source: ClipStore | AugmentedCopy, test: np.ndarray, usual: Strangeness | None = None
) -> list[np.ndarray]:
    """Log-scores of the seven from each ear, by the product's own path, in fp32; of strange clips as soft as there."""
    waves = [source.wave(int(index))[: SECONDS * audio.SAMPLE_RATE] for index in test]
    heard = [[ear.forward(wave) for wave in waves] for ear in members]
    told = [log_seven(np.stack([one.logits[0].numpy() for one in each])) for each in heard]
    if usual is None:
        return told
    standard = np.concatenate([one.standard.numpy() for each in heard for one in each if one.standard is not None])
    return [one / usual.temperature_factor(usual.distance(standard))[:, None] for one in told]


class HeldOutClips:
    """The left-out clips that have one of the seven moods, and who speaks in them."""

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


def report(bench: HeldOutClips, names: list[str], told: list[np.ndarray], found: PairCalibration) -> str:
    corpora = list(dict.fromkeys(bench.corpora))
    interval = metrics.bootstrap(
        lambda i: metrics.uar(bench.truth[i], found.crossed[i].argmax(1), len(EMOTIONS)), bench.speakers.tolist()
    )
    raw = softmax(found.share * told[0] + (1 - found.share) * told[1])
    margin = fit_margin(found.crossed, bench.truth, SURE)
    sure, right = is_sure(found.crossed, margin), found.crossed.argmax(1) == bench.truth
    kept, lost = (f"{right[part].mean():.0%}" if part.any() else "none" for part in (sure, ~sure))
    lines = [
        f"left out: {bench.fold}: {len(bench.test)} clips of {len(set(bench.speakers))} speakers; UAR of seven moods",
        "",
        "| ear | " + " | ".join([*corpora, "mean of corpora", "all clips"]) + " |",
        "|---" * (len(corpora) + 3) + "|",
        *(bench.row(name, one) for name, one in zip(names, told, strict=True)),
        bench.row("together (cross-fitted)", found.crossed),
        "",
        f"all left-out speakers: UAR {interval} (95 % by speaker)",
        f"weight of {names[0]}: {found.share:.1f}; temperature {found.temperature:.3f}",
        f"ECE {metrics.ece(bench.truth, raw):.1%} before, {metrics.ece(bench.truth, found.crossed):.1%} after",
        *(
            f"  {corpus}: ECE {metrics.ece(bench.truth[mine], found.crossed[mine]):.1%}"
            for corpus in corpora
            for mine in [bench.corpora == corpus]
        ),
        f"sure: margin {margin:.3f}; {sure.mean():.0%} of clips, right in {kept} of them; the others right in {lost}",
        "",
        reliability_table(bench.truth, found.crossed),
        "",
        percent_table(metrics.confusion(bench.truth, found.crossed.argmax(1), len(EMOTIONS)), EMOTIONS),
    ]
    return "\n".join(lines)


def ship(trained: Path, out: Path, store: ClipStore, storage: Storage, version: str, keep: str | None = None) -> None:
    """Write the two ears, small, with their weights, temperature and margin; of `keep` the shipped file stays.

    Weights count relative to each other, and temperature and margin are read from the first ear's file: so the image
    network can be replaced without writing the transformer's fifty megabytes again.
    """
    pair = _members(trained)
    bench = HeldOutClips(store, pair[0].meta["left_out"])
    full = opinions(pair, store, bench.test)
    found = calibrate(*full, bench.truth, bench.speakers, by_corpus(bench.clips))
    margin = fit_margin(found.crossed, bench.truth, SURE)
    shares = {ear.meta["name"]: share for ear, share in zip(pair, (found.share, 1 - found.share), strict=True)}
    scale = pair[1].meta["weight"] / shares[keep] if keep else 1.0
    for ear in pair:
        name = ear.meta["name"]
        if name != keep:
            members.save(
                ear, out / f"{name}.safetensors", storage,
                weight=round(scale * shares[name], 4), temperature=round(found.temperature, 4), margin=round(margin, 4),
                version=version,
            )  # fmt: skip
    small = opinions(_members(out), store, bench.test)
    whole, shrunk = (softmax(found.share * a + (1 - found.share) * b, found.temperature) for a, b in (full, small))
    print(f"{storage} costs {bench.uar(whole) - bench.uar(shrunk):+.2%} UAR (all clips), ", end="")
    print(f"{np.mean(whole.argmax(1) != shrunk.argmax(1)):.2%} of verdicts change\n")


def as_shipped(bench: HeldOutClips, members: list[Ear], told: list[np.ndarray]) -> str:
    """With the very weights and temperature in the files, which these people decided: a little too favourable."""
    weights, temperature = [ear.meta["weight"] for ear in members], members[0].meta["temperature"]
    share = round(weights[0] / sum(weights), 3)
    scores = softmax(pool(*told, share), temperature)
    return (
        f"as shipped (weight {share}, temperature {temperature:.2f}, fitted on these very people): "
        f"UAR {bench.uar(scores):.1%}, ECE {metrics.ece(bench.truth, scores):.1%}\n"
    )


def measure(folder: Path, store: ClipStore, cache: Path) -> tuple[str, Measured]:
    pair, beside = _members(folder), folder / novelty.FILE
    usual = novelty.load(beside) if beside.exists() else None
    bench = HeldOutClips(store, pair[0].meta["left_out"])
    told = opinions(pair, store, bench.test, usual)
    found = calibrate(*told, bench.truth, bench.speakers, by_corpus(bench.clips))
    lines = [report(bench, [ear.meta["name"] for ear in pair], told, found), ""]
    lines.append(as_shipped(bench, pair, told))
    # The same people through other microphones, rooms, noises and lines (`training.voice.augment`), never trained on
    # either.
    first, second = opinions(pair, open_copy(cache, 1), bench.test, usual)
    lines.append(bench.row("together, varied microphones and rooms", pool(first, second, found.share)))
    found = measured.of(
        "left_out_people",
        predict.load(folder).model,
        "python -m training.voice.export --measure",
        bench.truth,
        found.crossed,
        EMOTIONS,
        groups=bench.speakers,
        sure=is_sure(found.crossed, fit_margin(found.crossed, bench.truth, SURE)),
        parts=bench.corpora,
    )
    return "\n".join(lines), found


def _members(folder: Path) -> list[Member]:
    """The image network first, then the transformer; both trained on the same people."""
    pair = sorted((members.load(file) for file in members.files(folder)), key=lambda ear: ear.meta["kind"])
    if [ear.meta["kind"] for ear in pair] != ["mel", "whisper"]:
        raise SystemExit(f"{folder} needs one image network and one transformer, as training.voice.train writes them.")
    if len({ear.meta["left_out"] for ear in pair}) != 1:
        raise SystemExit("The two ears were trained on different people; their figures would not be honest.")
    return pair


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trained", type=Path, help="folder with the two trained ears")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--version", default=members.VERSION, help="of the ears that are written")
    parser.add_argument("--keep", choices=["whisper_base"], help="an ear that is in --trained as it was shipped")
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
