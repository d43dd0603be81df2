"""The words that stand beside a number about which chance alone may decide, and how many numbers were looked at."""

from __future__ import annotations

from components.visitor import t
from diary import certainty
from diary.patterns import Contrast


def maybe(p: float, looked_at: int) -> str:
    """The words to write right after a difference: empty if it is more than chance."""
    return "" if certainty.is_clear(p, looked_at) else f" ({t('certainty.chance')})"


def both_maybe(found: Contrast, contrasts: int) -> dict[str, str]:
    """The words for each of the two numbers of a contrast, which is one of several."""
    looked_at = contrasts * Contrast.LOOKED_AT
    return {"maybe": maybe(found.valence_p, looked_at), "mood_maybe": maybe(found.mood_p, looked_at)}


def looked_at(contrasts: int) -> str:
    """How many differences a section looked at."""
    return t("certainty.looked_at", count=contrasts * Contrast.LOOKED_AT)
