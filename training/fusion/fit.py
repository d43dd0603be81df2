"""Fits the fusion weights on films that hold voice and face of people whom neither model was trained on.

    python -m training.fusion.fit --data crema-d=/data/CREMA-D --out mine/fusion.json
    python -m training.fusion.fit --data ravdess=/ravdess --voice mine/voice.safetensors --face mine/face.safetensors

Every weight lies between 0 (the source is ignored) and 1 (its own calibration is used unchanged). Each person
is scored with weights fitted on the others. It writes the weights of voice and face, and contradiction and margin where
the pair needs stricter ones; the weight of the words stays. To use the result, name it in `HARU_WEIGHTS`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from emotions import EMOTIONS
from fer import predict as faces
from inference import metrics
from inference.calibration import fit_margin, negative_log_likelihood, softmax
from inference.prior import PRIOR
from inference.weights import WeightsError, read_meta
from reading import Reading, Refusal
from ser import predict as voices
from training.data_checks import check_data
from training.datasets.layouts import SOUNDS, Example, LayoutError
from training.face.crop_faces import frames_of
from training.face.datasets import LAYOUTS as FACE_LAYOUTS
from training.splits import hashed
from training.trainers import read_datasets
from training.voice.corpora import load_part
from understanding import fusion

LAYOUTS = {name: FACE_LAYOUTS[name] for name in ("crema-d", "ravdess", "aihub-actors", "aihub-dialogues")}
"""The data sets with films of both voice and face."""
NEEDLESS_QUESTIONS = 0.10
"""Share of agreeing films that the diary may ask about; each question costs the person a tap."""
RIGHT_WHEN_SURE = 0.95
GRID = np.round(np.arange(0, 1.001, 0.05), 2)
GROUPS = 5
FEWEST = 30
"""Fewest pairs to fit weights on."""


@dataclass(frozen=True)
class Pair:
    """A film, read by both models."""

    mood: int
    person: str
    voice: Reading
    face: Reading


@dataclass(frozen=True)
class FusionFit:
    """The fitted weights and limits."""

    weights: Mapping[str, float]
    crossed: np.ndarray
    """Scores of each person's films, with weights fitted on the other people."""
    contradiction: float
    margin: float


def pairs_of(
    examples: Sequence[Example], voice: voices.Recogniser, face: faces.Recogniser
) -> tuple[list[Pair], dict[str, int]]:
    """Both readings of every film; and how many were refused, by which and why."""
    pairs, refused = [], {}
    for example in examples:
        by_voice, by_face = _read_voice(example, voice), _read_face(example, face)
        for source, answer in (("voice", by_voice), ("face", by_face)):
            if isinstance(answer, Refusal):
                key = f"{source}: {answer.code}"
                refused[key] = refused.get(key, 0) + 1
        if isinstance(by_voice, Reading) and isinstance(by_face, Reading):
            pairs.append(Pair(EMOTIONS.index(example.label), example.person, by_voice.plain(), by_face.plain()))
    return pairs, refused


def _read_voice(example: Example, voice: voices.Recogniser) -> Reading | Refusal:
    try:
        wave = load_part(_sound_of(example), example.start, example.end)
    except Refusal as refusal:
        return refusal
    return voice.read([wave])[0]


def _sound_of(example: Example) -> Path:
    """The recording beside the film where there is one (the sound of CREMA-D's films is compressed), else the film."""
    beside = example.path.parent.parent / "AudioWAV"
    found = [beside / f"{example.path.stem}{suffix}" for suffix in sorted(SOUNDS)]
    return next((path for path in found if path.is_file()), example.path)


def _read_face(example: Example, face: faces.Recogniser) -> Reading | Refusal:
    """The average of the readings of several frames."""
    try:
        answers = face.read(list(frames_of(example.path, example.start, example.end)))
    except Refusal as refusal:
        return refusal
    read = [answer for answer in answers if isinstance(answer, Reading)]
    return fusion.average(read) if read else next(iter(answers))


def of_new_people(examples: Sequence[Example], meta: Mapping[str, Any]) -> list[Example]:
    """The examples of people whom weights with this metadata were not trained on."""
    trained_on, left_out_people = set(meta.get("trained_on", ())), set(meta.get("left_out_speakers", ()))
    if meta.get("sense"):  # own weights name the people left out
        return [one for one in examples if one.dataset not in trained_on or one.person in left_out_people]
    if "left_out" not in meta:  # the shipped faces were trained on FER2013 alone
        return [one for one in examples if one.dataset != "ferplus"]
    heard = set(meta.get("trained_speakers", ()))
    return [one for one in examples if one.person.replace("crema-d-", "cremad-") not in heard]


def logs_of(pairs: Sequence[Pair], source: str) -> np.ndarray:
    """(pairs, seven): the evidence of each, times the quality of its input, as `fusion.fuse` takes it."""
    readings = [getattr(pair, source) for pair in pairs]
    scores = np.array([[reading.scores[mood] for mood in EMOTIONS] for reading in readings])
    quality = np.array([np.clip(reading.quality.get("weight", 1.0), 0, 1) for reading in readings])
    return quality[:, None] * np.log(np.maximum(scores, 1e-6) / PRIOR)


def best_weights(voice: np.ndarray, face: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """The two weights with the lowest negative log-likelihood."""
    log_prior = np.log(PRIOR)
    tried = [(negative_log_likelihood(log_prior + v * voice + f * face, truth), -f, v) for v in GRID for f in GRID]
    _, minus_face, of_voice = min(tried)
    return float(of_voice), float(-minus_face)


def fit(pairs: Sequence[Pair]) -> FusionFit:
    voice, face = logs_of(pairs, "voice"), logs_of(pairs, "face")
    truth = np.array([pair.mood for pair in pairs])
    people = sorted({pair.person for pair in pairs}, key=hashed)
    if len(people) < 2 or len(pairs) < FEWEST:
        raise LayoutError(
            f"{len(pairs)} films of {len(people)} people, new to both models: too few to fit on. At least "
            f"{FEWEST} of two people are needed."
        )
    group = np.array([people.index(pair.person) % min(GROUPS, len(people)) for pair in pairs])
    crossed = np.empty_like(voice)
    for number in range(group.max() + 1):
        mine = group == number
        of_voice, of_face = best_weights(voice[~mine], face[~mine], truth[~mine])
        crossed[mine] = _scores(of_voice * voice[mine] + of_face * face[mine])
    of_voice, of_face = best_weights(voice, face, truth)
    opinions = zip(_scores(of_voice * voice), _scores(of_face * face), strict=True)
    apart = [fusion.disagreement(by_voice, by_face) for by_voice, by_face in opinions]
    return FusionFit(
        {"voice": of_voice, "face": of_face},
        crossed,
        float(np.quantile(apart, 1 - NEEDLESS_QUESTIONS)),
        fit_margin(crossed, truth, RIGHT_WHEN_SURE),
    )


def _scores(evidence: np.ndarray) -> np.ndarray:
    return softmax(np.log(PRIOR) + evidence)


def table(pairs: Sequence[Pair], found: FusionFit, before: Mapping[str, float]) -> str:
    """A row for each way of fusing, on the same films."""
    truth = np.array([pair.mood for pair in pairs])
    people = [pair.person for pair in pairs]
    voice, face = logs_of(pairs, "voice"), logs_of(pairs, "face")
    ways = {
        "voice alone": _scores(voice),
        "face alone": _scores(face),
        "half and half": _scores(0.5 * voice + 0.5 * face),
        "previous weights": _scores(before.get("voice", 0.0) * voice + before.get("face", 0.0) * face),
        "fitted (cross-fitted by person)": found.crossed,
    }
    rows = ["| fusion | accuracy | UAR [95 % by person] | NLL |", "|---|---|---|---|"]
    for name, scores in ways.items():
        guess = scores.argmax(1)
        uar = metrics.bootstrap(lambda i, guess=guess: metrics.uar(truth[i], guess[i], len(EMOTIONS)), people)
        loss = negative_log_likelihood(np.log(np.maximum(scores, 1e-12)), truth)
        rows.append(f"| {name} | {metrics.accuracy(truth, guess):.1%} | {uar} | {loss:.3f} |")
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.fusion.fit", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", nargs="+", required=True, metavar="NAME=PATH", help=f"one of {', '.join(LAYOUTS)}")
    parser.add_argument("--voice", type=Path, help="weights (default: those in use)")
    parser.add_argument("--face", type=Path, help="weights (default: those in use)")
    parser.add_argument("--out", type=Path, default=fusion.SETTINGS)
    parser.add_argument("--most", type=int, default=3000, help="films at most, drawn at random")
    options = parser.parse_args(arguments)
    try:
        return _run(options)
    except (LayoutError, WeightsError) as error:
        print(error, file=sys.stderr)
        return 2


def _run(options: argparse.Namespace) -> int:
    voice, face = voices.load(options.voice), faces.load(options.face)
    data = check_data(read_datasets(options.data, LAYOUTS))
    metas = [voice.members[0].meta, _meta_of(options.face or faces.weights_in_use())]
    usable = [example for example in data.examples if example.label in EMOTIONS]
    for meta in metas:
        usable = of_new_people(usable, meta)
    order = np.random.default_rng(0).permutation(len(usable))[: options.most]
    pairs, refused = pairs_of([usable[place] for place in np.sort(order)], voice, face)
    reasons = ", ".join(f"{key} {count}" for key, count in sorted(refused.items())) or "none"
    print(f"{len(order)} films of people new to both models; {len(pairs)} read by both; refused: {reasons}")
    settings = json.loads(fusion.SETTINGS.read_text(encoding="utf-8"))
    fitted = fit(pairs)
    print(table(pairs, fitted, settings["weights"]))
    # `fusion.fuse` divides by the temperature, which is fitted for the words as well.
    temperature = float(settings.get("temperature", 1.0))
    settings["weights"] |= {source: round(weight * temperature, 4) for source, weight in fitted.weights.items()}
    settings["contradiction"] = round(max(settings["contradiction"], fitted.contradiction), 4)
    settings["margin"] = round(max(settings["margin"], fitted.margin), 4)
    settings["paired"] = {
        "data": sorted({example.dataset for example in usable}),
        "moments": len(pairs),
        "people": len({pair.person for pair in pairs}),
        "voice": voice.model,
        "face": face.model,
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    weights = ", ".join(f"{source} {weight:.2f}" for source, weight in fitted.weights.items())
    print(f"{weights}; contradiction {settings['contradiction']}, margin {settings['margin']}: wrote {options.out}")
    return 0


def _meta_of(path: Path) -> Mapping[str, Any]:
    return read_meta(path) if path.suffix == ".safetensors" else {}


if __name__ == "__main__":
    sys.exit(main())
