"""Text on a page: escapes what people wrote, and formats numbers."""

from __future__ import annotations

import re

from diary import surrogates

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~:$&])")


def plain(text: str) -> str:
    """`text` for a place that reads Markdown: on one line, with every character escaped that Markdown interprets.

    So is a date at the beginning of a caption or of a table's cell: "2026. 3. 1." would become an item of a list.
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(surrogates.repaired(text).split()))


def percent(share: float) -> str:
    return f"{share:.0%}"


def score_percent(score: float) -> int:
    """A model's score in percent, at most 99: no model is certain."""
    return min(99, round(100 * score))


def signed(value: float) -> str:
    """Valence or arousal with its sign (a true minus); empty for NaN."""
    return "" if value != value else f"{value:+.2f}".replace("-", "−")
