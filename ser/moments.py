"""Finds the moment of a recording that spoke most for a mood, and how the voice sounds there beside the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ser.describe import VoiceDescription, describe_part, voiced_share
from ser.occlusion import FRAME, Part

LEAST_FALL = 0.05
"""A moment is named if the score would fall by at least this without it: five points of a hundred."""
OUTSTANDING = 1.5
"""It is named if it counts this much more than the middle one of all moments: else the whole recording spoke alike."""
_NEIGHBOUR = 0.5
"""A neighbouring part belongs to the moment if it counts at least this share of the strongest."""
_LONGEST = 48
"""Frames, about two seconds: what is longer is no moment."""
LOOKED = 1.5
"""The model looked at a part more than at others if its frames weigh this much more than on average."""
_LEAST_STEPS = {"loudness_db": 3.0}
_LEAST_SHARES = {"syllables": 0.3, "pitch_hz": 0.09}
"""What a listener would hear (as in ser/usual.py); a second holds few syllables, so their number must differ more."""
_LEAST_SECONDS_OF_SPEED = 1.0
_LEAST_VOICED = 0.25
"""A part with a smaller share of voiced frames holds little voice; 97 of 100 half seconds of speech have more."""


@dataclass(frozen=True)
class VoiceThere:
    """How the voice sounds in a moment."""

    beside_rest: Mapping[str, bool]
    """The measures (ser/describe.py) that differ audibly from the rest of the recording: True above, False below."""
    measured: Mapping[str, float]


@dataclass(frozen=True)
class Moment:
    """The moment without which the score of the mood would fall furthest."""

    start: float
    end: float
    """Seconds in the recording."""
    score: float
    score_without: float
    voice: VoiceThere | None
    """None where the moment or the rest holds too little voice."""
    is_pause: bool = False


def strongest(parts: Sequence[Part], falls: np.ndarray, count: int) -> Part:
    """The part with the largest fall, together with its neighbours that count for much too."""
    first = last = int(falls.argmax())
    least, longest = _NEIGHBOUR * falls[first], max(parts[first][1] - parts[first][0], min(_LONGEST, count // 3))
    while True:
        beside = [place for place in (first - 1, last + 1) if 0 <= place < len(parts) and falls[place] >= least]
        place = max(beside, key=lambda place: falls[place], default=None)
        if place is None:
            break
        low, high = min(first, place), max(last, place)
        if parts[high][1] - parts[low][0] > longest:
            break
        first, last = low, high
    return parts[first][0], parts[last][1]


def over_frames(parts: Sequence[Part], values: np.ndarray, count: int) -> np.ndarray:
    """The value of each frame: the mean of the parts that hold it."""
    total, holding = np.zeros(count), np.zeros(count)
    for (first, after), value in zip(parts, values, strict=True):
        total[first:after] += value
        holding[first:after] += 1
    return total / np.maximum(holding, 1)


def stands_out(falls: np.ndarray, score: float, score_without: float) -> bool:
    """Whether the moment is worth a sentence."""
    return score - score_without >= LEAST_FALL and float(falls.max()) >= OUTSTANDING * float(np.median(falls))


def looked_most(attention: np.ndarray, parts: Sequence[Part]) -> Part | None:
    """The part with most attention; None where no part has much more than the others."""
    weights = [float(attention[first:after].mean()) * attention.size for first, after in parts]
    if not weights or max(weights) < LOOKED:
        return None
    return parts[int(np.argmax(weights))]


def voice_there(wave: np.ndarray, part: Part) -> VoiceThere | None:
    """The voice in a part of a wave beside the rest of it."""
    start, end = part[0] * FRAME, part[1] * FRAME
    there, rest = describe_part(wave, start, end)
    if there is None or rest is None:
        return None
    measured = there.as_dict()
    if end - start < _LEAST_SECONDS_OF_SPEED:
        del measured["syllables"]
    del measured["pitch_range"]  # a moment has a smaller one than any recording
    return VoiceThere(_differences(measured, rest), measured)


def is_pause(wave: np.ndarray, part: Part) -> bool:
    """Whether a part holds little voice: to say how it sounds there would be false."""
    return voiced_share(wave, part[0] * FRAME, part[1] * FRAME) < _LEAST_VOICED


def _differences(measured: Mapping[str, float], rest: VoiceDescription) -> dict[str, bool]:
    usual, found = rest.as_dict(), {}
    for name, value in measured.items():
        step = _LEAST_STEPS.get(name) or _LEAST_SHARES[name] * usual[name]
        if abs(value - usual[name]) >= step:
            found[name] = value > usual[name]
    return found
