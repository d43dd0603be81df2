"""Measures what `diary/fusion.py` goes by, and writes it to assets/weights/fusion.json.

python -m diary.measure_fusion --voice WEIGHTS --cache DIR [--data ../shared/data]

Nobody here recorded voice and words of the same moment, so moments are put together from what no model was trained
on: a clip of a speaker left out of WEIGHTS' training, and a comment of the dev split, of the same mood (a moment that
agrees) or of two moods (one that contradicts itself). It is a stand-in, and says so in the file; people who bring
paired recordings will fit better weights. Never imported by the app.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from diary import fusion
from emotions import EMOTIONS
from learning.calibration import fit_margin
from reading import Reading
from ser import audio
from ser import predict as voices
from ser.corpora import Store
from ser.train import Room
from words import corpora as comments
from words import predict as lines

PAIRS = 5_000
ASKED_WITHOUT_NEED = 0.10
"""Of moments that agree, the share that may be asked about: each question costs the person a tap."""
RIGHT_WHEN_SURE = 0.95
CHANCE = 1 / len(EMOTIONS)

HeldOut = tuple[np.ndarray, list[Reading]]
"""Moods (numbers) and readings of people and comments that no training saw."""


def held_out_voices(weights: Path, cache: Path, data: Path) -> HeldOut:
    recogniser = voices.load(weights)
    _, left_out = Room(cache, data).train_and_test(recogniser.members[0].meta["left_out"])
    store = Store(cache, data)
    heard = [index for index in left_out if store.clips[index].mood]
    answers = recogniser.read([store.wave(int(index))[: 10 * audio.SAMPLE_RATE] for index in heard])
    told = zip(heard, answers, strict=True)
    read = [(EMOTIONS.index(store.clips[i].mood), answer) for i, answer in told if isinstance(answer, Reading)]
    return np.array([mood for mood, _ in read]), [answer for _, answer in read]


def held_out_words(data: Path) -> HeldOut:
    recogniser, moods, readings = lines.load(), [], []
    for language in ("en", "ko"):
        dev = comments.goemotions(language, "dev", data)
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", type=Path, required=True, help="weights of a fold (`python -m ser.train`)")
    parser.add_argument("--cache", type=Path, required=True, help="folder made by `python -m ser.cache`")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args()
    settings = json.loads(fusion.SETTINGS.read_text(encoding="utf-8"))
    weights = {source: kept_skill(told["known"], told["stranger"]) for source, told in settings["skill"].items()}
    rng = np.random.default_rng(0)
    voice = held_out_voices(options.voice, options.cache, options.data / "speech")
    words = held_out_words(options.data / "text")
    moods, agreeing = moments(voice, words, agree=True, rng=rng)
    _, disagreeing = moments(voice, words, agree=False, rng=rng)
    divergence = np.array([fusion.largest_divergence(pair) for pair in agreeing])
    contradiction = float(np.quantile(divergence, 1 - ASKED_WITHOUT_NEED))
    noticed = np.mean([fusion.largest_divergence(pair) > contradiction for pair in disagreeing])
    how = fusion.Settings(settings["version"], weights, contradiction, margin=0.0)
    fused = np.array([list(fusion.fuse(pair, how).scores.values()) for pair in agreeing])
    margin = fit_margin(fused, moods, RIGHT_WHEN_SURE)
    right = fused.argmax(1) == moods
    labels = np.array([[EMOTIONS.index(reading.label) for reading in pair] for pair in agreeing])
    alone = (labels == moods[:, None]).mean(0)
    print(f"moments that agree: voice alone {alone[0]:.1%}, words alone {alone[1]:.1%}, fused {right.mean():.1%} right")
    print(
        f"contradiction above {contradiction:.3f}: {ASKED_WITHOUT_NEED:.0%} of them, {noticed:.1%} of the others asked"
    )
    print(f"margin {margin:.3f}: right in {RIGHT_WHEN_SURE:.0%} or more of verdicts called sure")
    settings |= {"weights": weights, "contradiction": round(contradiction, 4), "margin": round(margin, 4)}
    fusion.SETTINGS.write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
