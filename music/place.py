"""A place on the valence/arousal plane and the emotion word for its direction. Imports no model."""

from __future__ import annotations

import math
from dataclasses import dataclass

AXES = ("valence", "arousal")
EIGHT = ("joy", "excitement", "tension", "anger", "sadness", "melancholy", "calm", "tenderness")
"""Counter-clockwise from the right, an eighth of the circle each. Of the two in a quadrant, the one with more extreme
arousal lies nearer to the vertical axis. Tenderness closes the circle between calm and joy."""
UNDECIDED = "undecided"
UNDECIDED_RADIUS = 0.2
"""Nearer to the middle than this, a small change of a feature would reverse the direction."""


@dataclass(frozen=True)
class Place:
    """A point on the plane, both axes -1…1."""

    valence: float
    arousal: float

    @property
    def radius(self) -> float:
        return math.hypot(self.valence, self.arousal)

    @property
    def angle(self) -> float:
        """Degrees counter-clockwise from pleasant, 0…360."""
        return math.degrees(math.atan2(self.arousal, self.valence)) % 360

    @property
    def emotion(self) -> str:
        """One of `EIGHT`, or `UNDECIDED` near the middle."""
        return UNDECIDED if self.radius < UNDECIDED_RADIUS else EIGHT[int(self.angle // 45) % 8]
