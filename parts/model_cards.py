"""Which models there are, where their weights lie, and which version of them is running."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fer.predict import WEIGHTS as FACE
from learning.weights import WeightsError, read_meta
from music.mood_model import WEIGHTS as MUSIC
from parts.models import analyst
from ser.predict import WEIGHTS as VOICE
from words.model import WEIGHTS as WORDS


@dataclass(frozen=True)
class Card:
    weights: Path
    """The folder that the measuring command writes `measured.json` into."""


CARDS = {"voice": Card(VOICE), "face": Card(FACE), "words": Card(WORDS.parent), "music": Card(MUSIC.parent)}


def running_version(name: str) -> str | None:
    """Name and version of the loaded model; None where it is missing."""
    if name == "music":  # loaded only where somebody brings a track
        return _written_in(MUSIC)
    recogniser = getattr(analyst(), name, None)
    return getattr(recogniser, "model", None) and str(_named(recogniser.model))


def _named(model: object) -> str:
    return model if isinstance(model, str) else model.name


def _written_in(weights: Path) -> str | None:
    try:
        meta = read_meta(weights)
    except WeightsError:
        return None
    return f"{meta['name']} {meta['version']}"
