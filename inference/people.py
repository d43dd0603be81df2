"""How often people name the mood that an actor meant, in `assets/weights/people.json`; the Models page shows it.

`python -m training.people VOTES --write` computes it from CREMA-D's published votes. Without that table, the file holds
the rates that the paper about these votes states, with `command` empty.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from settings import ASSETS

FILE = ASSETS / "weights" / "people.json"


@dataclass(frozen=True)
class People:
    """The share of answers that named the intended mood."""

    voice: float
    """Of people who only heard the recording."""
    face: float
    """Of people who saw the film without its sound."""
    both: float
    """Of people who heard and saw it."""
    moods: int
    clips: int
    actors: int
    source: str
    licence: str
    command: str | None = None
    """The command that computed the shares; None where they are the paper's."""


def read(file: Path | None = None) -> People:
    return People(**json.loads((file or FILE).read_text(encoding="utf-8")))


def write(people: People, file: Path | None = None) -> None:
    rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(people).items()}
    (file or FILE).write_text(json.dumps(rounded, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
