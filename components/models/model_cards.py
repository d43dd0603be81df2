"""Which models there are, where their weights lie, and which version of them is running."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from components.recognisers import analyst
from fer.predict import WEIGHTS as FACE
from inference.custom_weights import own_weights
from inference.weights import WeightsError, read_meta
from music.mood_model import WEIGHTS as MUSIC
from ser.predict import WEIGHTS as VOICE
from words.model import WEIGHTS as WORDS


@dataclass(frozen=True)
class Card:
    weights: Path
    """The folder that the measuring command writes `measured.json` into."""


CARDS = {"voice": Card(VOICE), "face": Card(FACE), "words": Card(WORDS.parent), "music": Card(MUSIC.parent)}


@dataclass(frozen=True)
class Own:
    """What an operator's own weights (`HARU_WEIGHTS`) say of themselves; the catalogues only know the shipped ones."""

    weights: Path
    data: str
    licence: str


def own(name: str) -> Own | None:
    try:
        weights = own_weights(name)
        meta = read_meta(weights) if weights else {}
    except WeightsError:  # told in the log when the model was loaded; the page says that it is not here
        return None
    return Own(weights, ", ".join(meta["training_data"]), str(meta["licence"])) if weights else None


def running_version(name: str) -> str | None:
    """Name and version of the loaded model; None where it is missing."""
    if name == "music":  # loaded only where somebody brings a track
        mine = own(name)
        return _written_in(mine.weights if mine else MUSIC)
    recogniser = getattr(analyst(), name, None)
    return recogniser and recogniser.model


def _written_in(weights: Path) -> str | None:
    try:
        meta = read_meta(weights)
    except WeightsError:
        return None
    return f"{meta['name']} {meta['version']}"
