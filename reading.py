"""The one value that travels through the house: what a model understood of a clip, a face or a line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from emotions import EMOTIONS


@dataclass(frozen=True)
class Reading:
    """Seven calibrated scores, how good the input was, and which model said so.

    A reading speaks of an expression, never of a feeling: the person who made it has the last word.
    """

    scores: Mapping[str, float]
    """One score for each of the seven, summing to one."""
    sure: bool
    """False where the calibrated scores are too close to call: ask, do not decide."""
    quality: Mapping[str, float]
    """Measured facts about the input (seconds of voice, sharpness …); `weight` in 0…1 is what fusion uses."""
    source: str
    """voice, face, words or fusion."""
    model: str
    """Name and version of the model, as in its weights' metadata."""

    def __post_init__(self) -> None:
        if set(self.scores) != set(EMOTIONS):
            raise ValueError(
                f"a reading needs exactly these scores: {', '.join(EMOTIONS)}; got {', '.join(self.scores)}"
            )
        if not is_distribution(self.scores.values()):
            raise ValueError(f"scores must be a distribution, got {dict(self.scores)}")

    @property
    def label(self) -> str:
        return max(self.scores, key=self.scores.__getitem__)


def is_distribution(scores: Collection[float]) -> bool:
    """Not-a-number, which damaged weights give, makes none."""
    return abs(sum(scores) - 1) <= 1e-3 and min(scores) >= 0


@dataclass(eq=False)  # an exception is itself and nothing else, and Python must be able to give it a traceback
class Refusal(Exception):
    """Why an input could not be read: a named reason in place of a guess.

    Recognisers return it in the batch, at the place of the input; decoders raise it.
    """

    code: str
    """Stable and machine-readable (`too_quiet`, `no_face`); the pages have a kind sentence for each."""
    message: str
    """One English sentence for a log or a command line, without any of the person's content."""
    details: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message
