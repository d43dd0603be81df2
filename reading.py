"""A recogniser's answer: a `Reading`, or a `Refusal` that names the reason why there is none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from emotions import EMOTIONS


@dataclass(frozen=True)
class Reading:
    """Seven calibrated scores, the quality of the input, and the model that gave them.

    A reading describes an expression, not a feeling: the person confirms the mood.
    """

    scores: Mapping[str, float]
    """One score for each of the seven; they sum to one."""
    sure: bool
    """False where the two best scores are too close: the diary then asks the person."""
    quality: Mapping[str, float]
    """Measured facts about the input (seconds of voice, sharpness …); fusion uses `weight`, 0 to 1."""
    source: str
    """voice, face, words or fusion."""
    model: str
    """Name and version of the model, as in the metadata of its weights."""

    def __post_init__(self) -> None:
        if set(self.scores) != set(EMOTIONS):
            raise ValueError(
                f"a reading needs exactly these scores: {', '.join(EMOTIONS)}; got {', '.join(self.scores)}"
            )
        if not is_distribution(self.scores.values()):
            raise ValueError(f"scores must be a distribution, got {dict(self.scores)}")

    @property
    def label(self) -> str:
        """The emotion with the highest score."""
        return max(self.scores, key=self.scores.__getitem__)

    def plain(self) -> Reading:
        """The reading for storage: without the sound or picture of a subclass."""
        return Reading(self.scores, self.sure, self.quality, self.source, self.model)


def is_distribution(scores: Collection[float]) -> bool:
    """Whether scores sum to one and none is negative; NaN, which damaged weights give, makes it False."""
    return abs(sum(scores) - 1) <= 1e-3 and min(scores) >= 0


@dataclass(eq=False)  # exceptions compare by identity; a frozen one could not hold its traceback
class Refusal(Exception):
    """The named reason why a model cannot read an input.

    Recognisers return it in place of a reading; decoders raise it.
    """

    code: str
    """Stable and machine-readable (`too_quiet`, `no_face`); the pages have a sentence for each."""
    message: str
    """One English sentence for logs and command lines, without any of the person's content."""
    details: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message


class Recogniser(Protocol):
    """The interface of the recognisers of voice, face and words. Threads may share one.

    Each decodes its own inputs: bytes or a path of a recording or picture, or a note as text.
    """

    source: str
    """voice, face or words: the source of its readings."""
    margin: float
    """How far the best score must lead the second for a reading to be sure."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def read(self, inputs: Sequence[Any], /) -> Sequence[Reading | Refusal]:
        """One answer for each input, in order."""
        ...

    def warm_up(self) -> None:
        """Reads a blank input, so that the first person does not wait for one-time preparations."""
        ...
