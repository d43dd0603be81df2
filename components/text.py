"""What people wrote is shown as they wrote it: never as Markdown, never as HTML."""

from __future__ import annotations

import re

from diary import surrogates

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~:$&])")


def plain(text: str) -> str:
    """`text` for a place that reads Markdown: every character that means something is escaped, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(surrogates.repaired(text).split()))
