"""Measures what `understanding/fusion.py` goes by, and writes it to assets/weights/fusion.json.

python -m training.fusion.measure --voice WEIGHTS --cache DIR --data DATA

Nobody here recorded voice and words of the same moment, so moments are put together from what no model was trained
on: a clip and a comment of the dev split, of the same mood (a moment that agrees) or of two moods (one that contradicts
itself). It is a stand-in; people who bring paired recordings fit better numbers (`python -m training.fusion.fit`). What
the diary asks about is measured on speakers left out of WEIGHTS' training; how sure it may be, on strangers with
microphones of their own: corpora that the committee was not trained on. Never imported by the app.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from inference import metrics
from inference.calibration import fit_margin, fit_temperature, is_sure, softmax
from inference.weights import WeightsError
from reading import Reading
from ser import audio, quality
from ser import predict as voices
from training.voice import fit_novelty
from training.voice.corpora import ClipStore
from training.voice.evaluate import CORPORA
from training.voice.training_data import TrainingData
from training.words import corpora as comments
from understanding import fusion
from words import predict as lines

PAIRS = 5_000
CLIPS = 400
"""Of each corpus, so that the largest does not speak for all."""
ASKED_WITHOUT_NEED = 0.10
"""Of moments that agree, the share that may be asked about: each question costs the person a tap."""
RIGHT_WHEN_SURE = 0.95
CHANCE = 1 / len(EMOTIONS)

HeldOut = tuple[np.ndarray, list[Reading]]
"""Moods (numbers) and readings of people and comments that no training saw."""


def held_out_voices(weights: Path, cache: Path, root: Path) -> HeldOut:
    recogniser = voices.load(weights)
    _, left_out = TrainingData(cache, root).train_and_test(recogniser.members[0].meta["left_out"])
    store = ClipStore(cache, root)
    heard = [index for index in left_out if store.clips[index].mood]
    # One at a time: a reading of a voice holds its sound.
    told = ((index, recogniser.read([store.wave(int(index))[: 10 * audio.SAMPLE_RATE]])[0]) for index in heard)
    read = [(EMOTIONS.index(store.clips[i].mood), answer.plain()) for i, answer in told if isinstance(answer, Reading)]
    return np.array([mood for mood, _ in read]), [answer for _, answer in read]


def stranger_voices(cache: Path, root: Path) -> HeldOut:
    """Clips of corpora that the committee never heard: doubted for their strangeness as the shipped voice would be."""
    data, store, rng = TrainingData(cache, root), ClipStore(cache, root), np.random.default_rng(0)
    shipped = voices.load()
    if shipped.usual is None:
        raise WeightsError("The shipped voice has no novelty file; restore assets/weights/ser from git.")
    moods, readings = [], []
    for corpus in CORPORA:
        people = fit_novelty.left_out_clips(data, f"corpus:{corpus}")
        scores = softmax(fit_novelty.soft(people, shipped.usual), shipped.temperature)
        _, test = data.train_and_test(f"corpus:{corpus}")
        clips = [index for index in test if data.clips[index].mood]  # as `people` are kept
        for index in rng.permutation(len(clips))[:CLIPS]:
            moods.append(int(people.truth[index]))
            readings.append(
                Reading(
                    dict(zip(EMOTIONS, scores[index].tolist(), strict=True)),
                    sure=bool(is_sure(scores[index], shipped.margin)),
                    quality={"weight": quality.measure(store.wave(int(clips[index]))).weight},
                    source="voice",
                    model="committee without this corpus",
                )
            )
    return np.array(moods), readings


def held_out_words(root: Path) -> HeldOut:
    recogniser, moods, readings = lines.load(), [], []
    for language in ("en", "ko"):
        dev = comments.goemotions(language, "dev", root)
        dev = dev[dev.single]
        for mood, answer in zip(dev.moods, recogniser.read(dev.texts), strict=True):
            if isinstance(answer, Reading):
                moods.append(int(mood))
                readings.append(answer)
    return np.array(moods), readings


def moments(voice: HeldOut, words: HeldOut, agree: bool, rng: np.random.Generator) -> tuple[np.ndarray, list]:
    """Pairs of one mood, or of two, every mood (and pair of moods) as often as any other."""
    moods, pairs = [], []
    for _ in range(PAIRS):
        first = int(rng.integers(len(EMOTIONS)))
        second = first if agree else int((first + rng.integers(1, len(EMOTIONS))) % len(EMOTIONS))
        pairs.append(
            [
                voice[1][rng.choice(np.flatnonzero(voice[0] == first))],
                words[1][rng.choice(np.flatnonzero(words[0] == second))],
            ]
        )
        moods.append(first)
    return np.array(moods), pairs


def kept_skill(known: float, stranger: float) -> float:
    """How much of a model's skill above chance is left where people and recordings are unlike its training's."""
    return float(np.clip((stranger - CHANCE) / (known - CHANCE), 0, 1))


@dataclass(frozen=True)
class FusedMoments:
    """How fused readings of moments did."""

    moods: np.ndarray
    agreeing: list[list[Reading]]
    contradicting: list[list[Reading]]

    @classmethod
    def of(cls, voice: HeldOut, words: HeldOut) -> FusedMoments:
        moods, agreeing = moments(voice, words, agree=True, rng=np.random.default_rng(0))
        return cls(moods, agreeing, moments(voice, words, agree=False, rng=np.random.default_rng(1))[1])

    def scores(self, how: fusion.Settings) -> np.ndarray:
        return np.array([list(fusion.fuse(pair, how).scores.values()) for pair in self.agreeing])

    def summary(self, how: fusion.Settings) -> str:
        scores = self.scores(how)
        right = scores.argmax(1) == self.moods
        alone = np.array([[EMOTIONS.index(r.label) for r in pair] for pair in self.agreeing]) == self.moods[:, None]
        sure = np.array([fusion.fuse(pair, how).sure for pair in self.agreeing])
        asked = np.mean([not fusion.fuse(pair, how).sure for pair in self.contradicting])
        said = np.mean([fusion.contradict(fusion.fuse(pair, how), how) for pair in self.contradicting])
        return (
            f"voice alone {alone.mean(0)[0]:.1%}, words alone {alone.mean(0)[1]:.1%}, fused {right.mean():.1%} right; "
            f"says {scores.max(1).mean():.1%} (ECE {metrics.ece(self.moods, scores):.1%})\n"
            f"  sure of {sure.mean():.1%}, right in {right[sure].mean():.1%} of these; of moments that contradict "
            f"themselves {asked:.1%} are asked about, {said:.1%} called a contradiction"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--voice", type=Path, required=True, help="weights of a fold (`python -m training.voice.train`)"
    )
    parser.add_argument("--cache", type=Path, required=True, help="folder made by `python -m training.voice.cache`")
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with speech/ (labels.csv and its clips) and text/ (GoEmotions)"
    )
    options = parser.parse_args()
    settings = json.loads(fusion.SETTINGS.read_text(encoding="utf-8"))
    weights = {source: kept_skill(told["known"], told["stranger"]) for source, told in settings["skill"].items()}
    plain = fusion.Settings(settings["version"], weights, contradiction=1.0, margin=0.0)
    words = held_out_words(options.data / "text")
    strangers = FusedMoments.of(stranger_voices(options.cache, options.data / "speech"), words)
    asked_for = fit_temperature(np.log(strangers.scores(plain)), strangers.moods)
    # Made less sure where that is earned, never surer: moments put together by chance agree more than life does.
    how = replace(plain, temperature=round(max(1.0, asked_for), 4))
    known = FusedMoments.of(held_out_voices(options.voice, options.cache, options.data / "speech"), words)
    divergence = [fusion.largest_divergence(pair) for pair in known.agreeing]
    how = replace(how, contradiction=round(float(np.quantile(divergence, 1 - ASKED_WITHOUT_NEED)), 4))
    how = replace(how, margin=round(fit_margin(known.scores(how), known.moods, RIGHT_WHEN_SURE), 4))
    print(f"strangers ask for a temperature of {asked_for:.2f}; with {how.temperature}: {strangers.summary(how)}")
    print(f"people left out of known corpora: {known.summary(how)}")
    measured = {name: getattr(how, name) for name in ("contradiction", "margin", "temperature")}
    print(measured)
    settings |= {"weights": weights, **measured}
    fusion.SETTINGS.write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
