"""Composes Unicode (NFC) in linear time, whatever the text is.

Python sorts the accents of one letter by insertion, so a letter with 100,000 of them stops every thread for half a
minute. This module sorts them first; Unicode defines the result as the same text.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

_LONG_RUN = 30
"""Accents on one letter: more than any writing has, few enough to be sorted by insertion."""
# These ranges contain every accent, other characters too, but no Hangul.
_MAYBE_ACCENTS = re.compile(
    "[\u0300-\u10ff\u1200-\u1dff\u20d0-\u20ff\u2ce0-\u2dff\u302a-\u302f\u3099\u309a\ua660-\uabff\ufb1e\ufe20-\ufe2f"
    f"\U000101fd-\U0001ffff]{{{_LONG_RUN},}}"
)
# Not accents by their class, but they consist of accents.
_MADE_OF_ACCENTS = {ord(sign): unicodedata.normalize("NFD", sign) for sign in "\u0f73\u0f75\u0f81"}


def composed(text: str) -> str:
    """Exactly `unicodedata.normalize("NFC", text)`."""
    return unicodedata.normalize("NFC", _MAYBE_ACCENTS.sub(_sorted, text))


def _sorted(found: re.Match[str]) -> str:
    signs = found[0].translate(_MADE_OF_ACCENTS)
    runs = groupby(signs, key=lambda sign: unicodedata.combining(sign) > 0)
    return "".join("".join(sorted(run, key=unicodedata.combining) if accents else run) for accents, run in runs)
