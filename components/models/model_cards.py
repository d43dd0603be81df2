"""Facts about each model: its weights, the shares of its members, its training data, and the version that runs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.recognisers import analyst
from components.visitor import t
from fer.predict import WEIGHTS as FACE
from inference import measured, shipped
from inference.custom_weights import own_weights
from inference.weights import WeightsError, read_meta
from music import mood_model
from music.mood_model import WEIGHTS as MUSIC
from ser import members
from ser.predict import WEIGHTS as VOICE
from understanding.analyst import MODULES
from words.model import FREE_WEIGHTS
from words.model import WEIGHTS as WORDS
from words.predict import weights_in_use as words_in_use

WEIGHT_FOLDERS = {"voice": VOICE, "face": FACE, "words": WORDS.parent, "music": MUSIC.parent}
"""The folder of each model's shipped weights, where its measuring command also writes `measured.json`."""
MEMBER_NAMES = {
    "whisper_convnext": "ConvNeXt",
    "resnet50": "ResNet50",
    "vgg16": "VGG16",
    "xception": "Xception",
    "alexnet": "AlexNet",
}
COMMITTEE = "committee"
_ENSEMBLE = "ensemble.json"
_NUMBER = re.compile(r"\b\d[\d,]*\b")


@dataclass(frozen=True)
class OwnModel:
    """The metadata of an operator's own weights (`HARU_WEIGHTS`)."""

    weights: Path
    data: str
    licence: str


def own_model(name: str) -> OwnModel | None:
    try:
        weights = own_weights(name)
        meta = read_meta(weights) if weights else {}
    except WeightsError:  # logged when the model was loaded; the page says that the model is missing
        return None
    return OwnModel(weights, ", ".join(meta["training_data"]), str(meta["licence"])) if weights else None


def free_words() -> OwnModel | None:
    """The freely licensed weights of the words, if they are in use."""
    try:
        if words_in_use() != FREE_WEIGHTS:
            return None
        meta = read_meta(FREE_WEIGHTS)
    except WeightsError:
        return None
    return OwnModel(FREE_WEIGHTS, ", ".join(meta["training_data"]), str(meta["licence"]))


def is_left_out(name: str) -> bool:
    """Whether the model is here only under a licence that HARU_FREE_WEIGHTS excludes."""
    return shipped.leaves_out({"music": mood_model, **MODULES}[name].weights_in_use)


def running_version(name: str) -> str | None:
    """Name and version of the loaded model; None where it is missing."""
    if name == "music":  # loaded only when a person analyses a track
        try:
            return _version_in(mood_model.weights_in_use())
        except WeightsError:
            return None
    recogniser = getattr(analyst(), name, None)
    return recogniser.model if recogniser else None


def member_shares(name: str) -> dict[str, float]:
    """The share of each ensemble member in the result, largest first; empty for a model without members."""
    if own_model(name):
        return {}
    if name == "face":
        weights = json.loads((FACE / _ENSEMBLE).read_text(encoding="utf-8"))["weights"]
    elif name == "voice":
        weights = _voice_weights([read_meta(file) for file in members.files(VOICE)])
    else:
        return {}
    total = sum(weights.values())
    return {member: weights[member] / total for member in sorted(weights, key=weights.__getitem__, reverse=True)}


def _voice_weights(metas: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """The networks of a file over frames have a share of its weight, its committee of small classifiers the rest."""
    found: dict[str, float] = {}
    for meta in metas:
        share = float(meta.get("share", 1.0))
        found[str(meta["name"])] = share * float(meta["weight"])
        if share < 1:
            found[COMMITTEE] = (1 - share) * float(meta["weight"])
    return found


def shares_text(name: str) -> str:
    """“ConvNeXt 70%, two small classifiers 30%”; empty for a model without members."""
    try:
        shares = member_shares(name)
    except (OSError, WeightsError):  # there are no weights; the page says that the model is missing
        return ""
    names = {**MEMBER_NAMES, COMMITTEE: t("models.committee")}
    return ", ".join(f"{names.get(member, member)} {_share(share)}" for member, share in shares.items())


def training_figures(name: str) -> dict[str, str]:
    """The numbers in the sentence about a model's training data, from the files beside its weights."""
    if name == "words":
        figures = dict.fromkeys(("comments", "kote", "first_person", "practice"), "–")
        return figures | {key: f"{count:,}" for key, count in measured.training_counts(WEIGHT_FOLDERS[name]).items()}
    keys = {"face": ("count",), "music": ("count", "all")}.get(name, ())
    numbers = _NUMBER.findall(_training_data(name)) if keys else []
    return dict.fromkeys(keys, "–") | dict(zip(keys, numbers, strict=False))


def _training_data(name: str) -> str:
    try:
        if name == "face":
            return str(json.loads((FACE / _ENSEMBLE).read_text(encoding="utf-8"))["training_data"])
        return str(read_meta(MUSIC)["training_data"])
    except (OSError, WeightsError):
        return ""


def _share(share: float) -> str:
    return f"{share:.0%}" if share == 0 or share >= 0.005 else "<1%"


def _version_in(weights: Path) -> str | None:
    try:
        meta = read_meta(weights)
    except WeightsError:
        return None
    return f"{meta['name']} {meta['version']}"
