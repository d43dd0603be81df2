"""What is usual for a voice: the person's own range, or that of most people; and what of a recording lies outside it.

A difference is no proof of a mood: the models hear the whole sound, and a cold changes a voice too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import settings
from ser.describe import MEASURES

MOST_PEOPLE = settings.ASSETS / "weights" / "ser" / "usual_voices.json"
"""Ranges that `python -m training.voice.usual_voices` measured. The level is not among them: it depends more on the
microphone than on the person. Nor does it compare the pitch of men and women."""
OWN_READINGS = 10
"""Earlier recordings without which nothing is known about a person's own voice."""
MIDDLE = (0.16, 0.84)
"""Quantiles: outside lies what differs by more than one standard deviation, on either side."""
_LEAST_SHARE = {"syllables": 0.12, "pitch_hz": 0.09}
_LEAST_STEP = {"loudness_db": 3.0, "pitch_range": 2.0}
"""What a listener would hear; smaller differences are not named, however even a voice is. 9 % are 1.5 semitones."""


@dataclass(frozen=True)
class Usual:
    """The usual range of each measure (ser/describe.py)."""

    ranges: Mapping[str, tuple[float, float]]
    is_own: bool
    """Whether it is the range of this person, not that of most people."""

    def differences(self, measured: Mapping[str, float]) -> dict[str, bool]:
        """The measures outside their range: True above, False below."""
        outside = {
            name: measured[name] > high
            for name, (low, high) in self.ranges.items()
            if name in measured and not low <= measured[name] <= high
        }
        return {name: outside[name] for name in MEASURES if name in outside}


def usual(earlier: Sequence[Mapping[str, float]]) -> Usual:
    """The usual of a person with these `earlier` readings' qualities; that of most people where they are too few."""
    complete = [quality for quality in earlier if all(name in quality for name in MEASURES)]
    if len(complete) < OWN_READINGS:
        return most_people()
    return Usual({name: _own_range(name, [quality[name] for quality in complete]) for name in MEASURES}, is_own=True)


@cache
def most_people(file: Path = MOST_PEOPLE) -> Usual:
    found = json.loads(file.read_text(encoding="utf-8"))
    return Usual({name: (low, high) for name, (low, high) in found["ranges"].items()}, is_own=False)


def _own_range(name: str, values: Sequence[float]) -> tuple[float, float]:
    middle = float(np.median(values))
    least = _LEAST_STEP[name] if name in _LEAST_STEP else _LEAST_SHARE[name] * middle
    low, high = np.quantile(values, MIDDLE)
    return min(float(low), middle - least), max(float(high), middle + least)
