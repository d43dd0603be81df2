"""How moods compare on the same day, the day after and the day before, as one sentence each."""

from __future__ import annotations

from components.history.certainty import both_maybe
from components.moods import mood_name
from components.text import percent, signed
from components.visitor import t
from diary.patterns import Contrast

WHEN = {0: "history.lag_same", 1: "history.lag_after", -1: "history.lag_before"}
"""By the number of days by which the mood came later: the key of the words for it."""


def lag_sentence(when: str, found: Contrast, contrasts: int, of: str = "") -> str:
    """`of` is what the days were after or before, if the sentence stands alone."""
    return t(
        "history.lag_says",
        when=f"{of} · {t(when)}" if of else t(when),
        valence=signed(found.on.valence),
        days=f"{found.on.days:,}",
        other_valence=signed(found.off.valence),
        other_days=f"{found.off.days:,}",
        mood=mood_name(found.mood),
        share=percent(found.on.shares[found.mood]),
        other_share=percent(found.off.shares[found.mood]),
        **both_maybe(found, contrasts),
    )
