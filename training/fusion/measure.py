"""Measures the settings of `understanding/fusion.py` and writes them to assets/weights/fusion.json.

python -m training.fusion.measure --voice WEIGHTS --cache DIR --data DATA

There are no data with voice and words of the same moment. A moment here is a clip and a comment that no model was
trained on: of the same mood (agreeing) or of two moods (contradicting). `python -m training.fusion.fit` fits
better numbers on paired recordings. The contradiction is measured on speakers left out of the training of WEIGHTS, the
temperature on corpora that the committee was not trained on.
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
"""Clips of each corpus, so that all corpora count alike."""
NEEDLESS_QUESTIONS = 0.10
"""Share of agreeing moments that the diary may ask about; each question costs the person a tap."""
RIGHT_WHEN_SURE = 0.95
CHANCE = 1 / len(EMOTIONS)

HeldOut = tuple[np.ndarray, list[Reading]]
"""Moods (indices) and readings of people and comments that no model was trained on."""


def held_out_voices(weights: Path, cache: Path, root: Path) -> HeldOut:
    recogniser = voices.load(weights)
    _, left_out = TrainingData(cache, root).train_and_test(recogniser.members[0].meta["left_out"])
    store = ClipStore(cache, root)
    clips = [index for index in left_out if store.clips[index].mood]
    # One at a time: a reading of a voice holds its sound.
    answers = ((index, recogniser.read([store.wave(int(index))[: 10 * audio.SAMPLE_RATE]])[0]) for index in clips)
    read = [(EMOTIONS.index(store.clips[i].mood), one.plain()) for i, one in answers if isinstance(one, Reading)]
    return np.array([mood for mood, _ in read]), [answer for _, answer in read]


def unseen_corpus_voices(cache: Path, root: Path) -> HeldOut:
    """Clips of corpora that the committee was not trained on."""
    data, store, rng = TrainingData(cache, root), ClipStore(cache, root), np.random.default_rng(0)
    moods, readings = [], []
    for corpus in CORPORA:
        unseen = UnseenCorpus.of(corpus, data)
        for place in rng.permutation(len(unseen.clips))[:CLIPS]:
            moods.append(int(unseen.moods[place]))
            readings.append(unseen.reading(place, store))
    return np.array(moods), readings


@dataclass(frozen=True)
class UnseenCorpus:
    """A corpus as a committee reads it that was not trained on it, softened for novelty as in the app."""

    clips: np.ndarray
    """Indices of its clips with a mood."""
    moods: np.ndarray
    scores: np.ndarray
    margin: float

    @classmethod
    def of(cls, corpus: str, data: TrainingData) -> UnseenCorpus:
        shipped = voices.load()
        if shipped.novelty is None:
            raise WeightsError("The shipped voice has no novelty file; restore assets/weights/ser from git.")
        people = fit_novelty.left_out_clips(data, f"corpus:{corpus}")
        _, test = data.train_and_test(f"corpus:{corpus}")
        clips = np.array([index for index in test if data.clips[index].mood])  # the same clips as in `people`
        scores = softmax(fit_novelty.soft(people, shipped.novelty), shipped.temperature)
        return cls(clips, people.truth, scores, shipped.margin)

    def reading(self, place: int, store: ClipStore) -> Reading:
        scores = self.scores[place]
        return Reading(
            dict(zip(EMOTIONS, scores.tolist(), strict=True)),
            sure=bool(is_sure(scores, self.margin)),
            quality={"weight": quality.measure(store.wave(int(self.clips[place]))).weight},
            source="voice",
            model="committee without this corpus",
        )


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


def remaining_skill(known: float, unseen: float) -> float:
    """The share of a model's skill above chance that is left on people and recordings unlike its training."""
    return float(np.clip((unseen - CHANCE) / (known - CHANCE), 0, 1))


@dataclass(frozen=True)
class FusedMoments:
    """Agreeing and contradicting moments, and figures of their fused readings."""

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
        contradictions = np.mean([fusion.contradict(fusion.fuse(pair, how), how) for pair in self.contradicting])
        return (
            f"voice alone {alone.mean(0)[0]:.1%}, words alone {alone.mean(0)[1]:.1%}, fused {right.mean():.1%} right; "
            f"mean top score {scores.max(1).mean():.1%} (ECE {metrics.ece(self.moods, scores):.1%})\n"
            f"  sure of {sure.mean():.1%}, right in {right[sure].mean():.1%} of these; of contradicting moments "
            f"{asked:.1%} are asked about, {contradictions:.1%} reported as a contradiction"
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
    weights = {
        source: remaining_skill(skill["known"], skill["stranger"]) for source, skill in settings["skill"].items()
    }
    plain = fusion.Settings(settings["version"], weights, contradiction=1.0, margin=0.0)
    words = held_out_words(options.data / "text")
    unseen = FusedMoments.of(unseen_corpus_voices(options.cache, options.data / "speech"), words)
    wanted = fit_temperature(np.log(unseen.scores(plain)), unseen.moods)
    # Never below 1: moments put together at random agree more than real ones.
    how = replace(plain, temperature=round(max(1.0, wanted), 4))
    known = FusedMoments.of(held_out_voices(options.voice, options.cache, options.data / "speech"), words)
    divergence = [fusion.largest_divergence(pair) for pair in known.agreeing]
    how = replace(how, contradiction=round(float(np.quantile(divergence, 1 - NEEDLESS_QUESTIONS)), 4))
    how = replace(how, margin=round(fit_margin(known.scores(how), known.moods, RIGHT_WHEN_SURE), 4))
    print(f"clips of unseen corpora need a temperature of {wanted:.2f}; with {how.temperature}: {unseen.summary(how)}")
    print(f"people left out of known corpora: {known.summary(how)}")
    measured = {name: getattr(how, name) for name in ("contradiction", "margin", "temperature")}
    print(measured)
    settings |= {"weights": weights, **measured}
    fusion.SETTINGS.write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
