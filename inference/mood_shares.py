"""How often one person has each mood: the prior of their own diary, in place of that of all diaries.

The shares are Dirichlet distributed around PRIOR (inference/prior.py), which counts like `ALPHA` entries; each entry
whose mood the person confirmed counts as one. The fusion uses them once, however many sources speak.

**Bound.** A diary of one repeated mood must not make every later reading that mood. So no mood counts as more than
`MOST` times, or less than 1/`MOST` times, as likely as for a person about whom nothing is known. The odds of two moods
change at most `MOST`² = 4 times: what a reading says with odds of more than four to one always prevails.

`python -m training.fusion.measure_mood_shares` measures what it gains, also for people whose moods are spread evenly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from emotions import EMOTIONS
from inference.personalise import FEWEST
from inference.prior import PRIOR

ALPHA = 8.0
"""4 and 16 were within two points of it on average, and some corpora lost with them: people whom no training used."""
MOST = 2.0
LAST = 64
"""Only the latest entries count: a hard winter should not be expected for ever."""


@dataclass(frozen=True, eq=False)
class MoodShares:
    """A person's prior; the default knows nothing of the person."""

    prior: np.ndarray = field(default_factory=lambda: PRIOR)
    entries: int = 0
    """From how many entries it is learnt."""


NOTHING_KNOWN = MoodShares()


def learn(moods: Sequence[str]) -> MoodShares:
    """From the moods that the person confirmed, oldest first."""
    latest = moods[-LAST:]
    if len(latest) < FEWEST:
        return NOTHING_KNOWN
    counts = np.array([latest.count(mood) for mood in EMOTIONS])
    shares = (counts + ALPHA * PRIOR) / (len(latest) + ALPHA)
    bounded = PRIOR * np.clip(shares / PRIOR, 1 / MOST, MOST)
    return MoodShares(bounded / bounded.sum(), len(latest))
