"""Fits how the scores of each recogniser become scores for a diary, and writes assets/weights/prior.json.

    python -m training.fusion.fit_prior --data DATA --cache DIR [--only words …] [--write]

`--data` is a folder with text/, face/ and speech/. Everything is chosen on the halves to choose on
(training/fusion/held_out.py), and nothing on the diary lines of tests/data. For each recogniser:

1. **Class shares.** Words: all alike, because their own calibration is fitted with equal shares. Face: the bias under
   which the scores are right on FER+'s valid faces. Voice: likewise, on left-out people of known corpora and on corpora
   that it was not trained on: some moods are in five corpora, others in ten.
2. **How much of the shares is divided out, and the temperature**, with the smallest loss; every mood is weighted as the
   prior has it. All of the shares is right for a perfect classifier, less for one whose low scores for rare moods are
   mere noise. Words: on first-person lines as they come, for each language. Face: on FER+'s valid faces. Voice: on
   left-out speakers of known corpora, and for strange recordings on corpora that it was not trained on.
3. **Margin.** The smallest with which 94 of 100 sure readings are right; the goal is 90 on the other half.

With HARU_FREE_WEIGHTS=1, `--only words` fits the freely licensed weights, on free lines (training/words/free.py), and
writes them as `words_free`.

Speakers, authors and faces of the other half are not read here. The command also counts the moods in the diary entries
to choose on (`inference.prior.DIARIES`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

import settings
from emotions import EMOTIONS
from fer import predict as face_model
from inference import prior
from inference.calibration import fit_margin, negative_log_likelihood, softmax
from inference.prior import PRIOR, Adaptation, ForDiaries
from ser import predict as voice_model
from training.fusion import held_out
from training.fusion.held_out import HeldOut, by_class
from training.words import first_person
from training.words.calibrate import SETS
from words import predict as words_model

VERSION = "1"
RIGHT_WHEN_SURE = 0.94
"""More than the goal: lines of one set, faces of one collection and clips of one corpus are alike, and those of a
stranger are not."""
PARTS = np.round(np.arange(0, 1.01, 0.1), 1)
TEMPERATURES = np.geomspace(0.5, 5, 60)
EVEN = np.full(len(EMOTIONS), 1 / len(EMOTIONS))


def diary_shares(data: Path) -> dict[str, float]:
    """The shares of the moods in the diary entries to choose on."""
    entries = [row for row in first_person.rows(data / "lemotif_en.tsv") if first_person.is_tuning(row["text"])]
    shares = np.mean([first_person.ticked(row) for row in entries], axis=0)
    return {mood: round(float(share), 3) for mood, share in zip(EMOTIONS, shares, strict=True)}


def shares_in(scores: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, float]:
    """The class shares that scores contain, and the temperature of their evidence.

    Scores become right with a bias and a temperature (maximum likelihood); then they contain the shares of `truth`,
    and what bias and temperature changed tells which shares they contained before.
    """
    logs = np.log(np.maximum(scores, 1e-9))
    known = truth.mean(0)

    def loss(point: np.ndarray) -> float:
        ridge = 1e-4 * float(np.square(point[1:]).sum())
        return negative_log_likelihood(logs * np.exp(point[0]) + point[1:], truth) + ridge

    point = minimize(loss, np.zeros(len(EMOTIONS) + 1), method="L-BFGS-B").x
    sharpness, bias = float(np.exp(point[0])), point[1:]
    return softmax((np.log(known) - bias) / sharpness), 1 / sharpness


def best_adaptations(
    parts: Mapping[str, tuple[HeldOut, np.ndarray]], weights_of: Callable[[HeldOut], np.ndarray]
) -> dict[str, Adaptation]:
    """Of inputs with the class shares in their scores, by name: how much of the shares to divide out, one number for
    all, and the temperature of each, with the smallest loss under the prior.
    """
    found: dict[float, dict[str, tuple[float, float]]] = {}
    for part in PARTS:
        found[float(part)] = {
            name: min(
                (_loss(held, part * np.log(shares), temperature, weights), float(temperature))
                for temperature in TEMPERATURES
            )
            for name, (held, shares) in parts.items()
            for weights in [weights_of(held)]
        }
    part = min(found, key=lambda part: sum(loss for loss, _ in found[part].values()))
    print(f"  {part:.0%} of the shares divided out; loss and temperature: {found[part]}")
    return {name: _without(shares, part, round(found[part][name][1], 3)) for name, (_, shares) in parts.items()}


def _loss(held: HeldOut, log_shares: np.ndarray, temperature: float, weights: np.ndarray) -> float:
    evidence = np.log(np.maximum(held.scores, 1e-9)) - log_shares
    return negative_log_likelihood(evidence / temperature + np.log(PRIOR), held.truth, 1.0, weights)


def by_set(held: HeldOut) -> np.ndarray:
    """A weight for each line: every set counts as `SETS` says, once for each language."""
    weights = np.zeros(len(held))
    for kind in np.unique(held.kind):
        for is_korean in (False, True):
            here = (held.kind == kind) & ((held.korean > 0.5) == is_korean)
            weights[here] = SETS[str(kind)] / max(1, here.sum())
    return weights


def fit_words(held: HeldOut) -> dict[str, Any]:
    """The temperatures of English and Korean, and the margin. The scores have equal class shares: their calibration
    sees to that (training/words/calibrate.py).
    """
    lines = held.take(~np.char.startswith(held.kind, "goemotions"))
    korean = lines.korean > 0.5
    parts = {"en": (lines.take(~korean), EVEN), "ko": (lines.take(korean), EVEN)}
    adaptations = best_adaptations(parts, lambda part: np.ones(len(part)))
    scores, usable = held.adapted(ForDiaries(VERSION, adaptations, {})), held.weight > 0
    margin = fit_margin(scores[usable], held.truth[usable], RIGHT_WHEN_SURE, by_set(held)[usable])
    return _as_json(words_model.load().words_model.name, adaptations, {"all": margin})


def _without(shares: np.ndarray, part: float, temperature: float = 1.0) -> Adaptation:
    """The adaptation that divides out a part of the shares."""
    return Adaptation(tuple(softmax(part * np.log(shares)).tolist()), temperature)


def fit_face(held: HeldOut) -> dict[str, Any]:
    """One adaptation, and the margin."""
    shares, _ = shares_in(held.scores, held.truth)
    adaptations = best_adaptations({"all": (held, shares)}, lambda part: by_class(part, PRIOR))
    scores = held.adapted(ForDiaries(VERSION, adaptations, {}))
    margin = fit_margin(scores, held.truth, RIGHT_WHEN_SURE, by_class(held, PRIOR))
    recogniser = face_model.load()
    return _as_json(f"{recogniser.name} {recogniser.version}", adaptations, {"all": margin})


def fit_voice(held: HeldOut) -> dict[str, Any]:
    """The adaptations of known and of strange recordings, and the margin that holds for both."""
    kinds = {"all": held.kind == "known", "strange": held.kind != "known"}
    taken = {name: held.take(mine) for name, mine in kinds.items()}
    parts = {name: (mine, shares_in(mine.scores, mine.truth)[0]) for name, mine in taken.items()}
    for name, (_, shares) in parts.items():
        print(f"  class shares in the scores of {name}: {np.round(shares, 3).tolist()}")
    adaptations = best_adaptations(parts, lambda part: by_class(part, PRIOR))
    scores = held.adapted(ForDiaries(VERSION, adaptations, {}))
    margin = fit_margin(scores, held.truth, RIGHT_WHEN_SURE, by_class(held, PRIOR))
    return _as_json(voice_model.model_of(voice_model.load().members), adaptations, {"all": margin})


def _as_json(model: str, adaptations: Mapping[str, Adaptation], margins: Mapping[str, float]) -> dict[str, Any]:
    return {
        "model": model,
        "version": VERSION,
        "adaptations": {
            name: {
                "shares": {mood: round(share, 4) for mood, share in zip(EMOTIONS, each.shares, strict=True)},
                "temperature": each.temperature,
            }
            for name, each in adaptations.items()
        },
        "margins": {name: round(margin, 4) for name, margin in margins.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with text/, face/ and speech/")
    parser.add_argument("--cache", type=Path, required=True, help="folder for the readings")
    parser.add_argument("--only", nargs="+", choices=("words", "face", "voice"), default=("words", "face", "voice"))
    parser.add_argument("--write", action="store_true", help=f"write {prior.FILE.name}")
    options = parser.parse_args()
    print(f"moods in diary entries: {diary_shares(options.data / 'text')}")
    readers = {
        "words": lambda: fit_words(_to_choose_on(held_out.words(options.data / "text", options.cache))),
        "face": lambda: fit_face(_to_choose_on(held_out.faces(options.data / "face", options.cache))),
        "voice": lambda: fit_voice(_to_choose_on(held_out.voices(options.data / "speech", options.cache))),
    }
    found = json.loads(prior.FILE.read_text(encoding="utf-8")) if prior.FILE.is_file() else {}
    for source in options.only:
        name = f"{source}_free" if settings.FREE_WEIGHTS.get() else source
        found[name] = readers[source]()
        print(f"{name}: {json.dumps(found[name], ensure_ascii=False)}")
    if options.write:
        prior.FILE.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _to_choose_on(held: HeldOut) -> HeldOut:
    return held.take(held.tuning)


if __name__ == "__main__":
    main()
