"""Diary sentences about events, from templates: most name no feeling, so that a model must know what an event means.

`events_ko.tsv` and `events_en.tsv` hold a template a row, with the shares of the moods of a person to whom it happens.
`{boss|manager}` stands for any one of its parts. No template was taken from a corpus or from a line of `tests/data`
(tests/training/words/test_events.py).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import prod
from pathlib import Path

from training.words.labels import Shares, parse_shares

FOLDER = Path(__file__).parent
_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Template:
    """A sentence with parts to choose from."""

    text: str
    shares: Shares

    @cached_property
    def choices(self) -> list[list[str]]:
        return [found.split("|") for found in _CHOICE.findall(self.text)]

    @property
    def is_plain(self) -> bool:
        """Whether it tells of nothing that brings a feeling."""
        return self.shares.get("neutral", 0) > 0.5

    @property
    def size(self) -> int:
        """How many sentences it stands for."""
        return prod(map(len, self.choices))

    def sentence(self, rng: random.Random) -> str:
        """One of its sentences."""
        return _CHOICE.sub(lambda found: rng.choice(found[1].split("|")), self.text)

    def sentences(self, most: int, rng: random.Random) -> set[str]:
        """Up to `most` different sentences."""
        return {self.sentence(rng) for _ in range(min(most, self.size))}


def templates(language: str) -> Iterator[Template]:
    """The templates of `ko` or `en`."""
    for row in (FOLDER / f"events_{language}.tsv").read_text(encoding="utf-8").splitlines():
        shares, text = row.split("\t")
        yield Template(text, parse_shares(shares))
