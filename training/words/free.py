"""What the free weights of the words learn from: only lines that anybody may use, change, share and sell.

Korean posts are not among these lines. In their place, a fifth of the short Korean lines (`chatbot`) does not train:
the calibration of Korean is fitted on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from training.words import first_person, sources
from training.words.first_person import FirstPersonLine

NAME = "haru-words-free"
VERSION = "1.0.0"
LICENCE = "CC BY 4.0, as the film subtitles; the other data are under Apache-2.0, MIT and CC BY 4.0 (docs/licences.md)"


def lines_to_choose_on(data: Path, name: str) -> Sequence[FirstPersonLine]:
    """The first-person lines on which weights of this name are chosen and calibrated."""
    if name != NAME:
        return [line for line in first_person.read(data) if line.part == "choose"]
    found = [line for line in first_person.read(data, sources.FREE) if line.part == "choose"]
    return [*found, *(line for line in sources.chatbot_lines(data) if line.part == "choose")]
