"""Halves of a character (lone surrogates): JSON can write them, UTF-8 cannot, and no page can show them."""

from __future__ import annotations

import json
import re
from typing import Any

_IN_UTF_16 = ("utf-16-le", "surrogatepass")
_ESCAPED = re.compile(r"\\u[dD][89a-fA-F]")


def repaired(text: str) -> str:
    """The text with two halves that belong together joined, and each other half replaced by �."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(*_IN_UTF_16).decode("utf-16-le", errors="replace")
    return text


def decoded(content: bytes) -> str:
    """UTF-8 that may hold halves, as the diary once stored them; without them afterwards."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return repaired(content.decode(errors="surrogatepass"))


def read_json(text: str) -> tuple[Any, int]:
    """What the JSON says, and how many halves were replaced in it."""
    content = json.loads(text)
    if not _ESCAPED.search(text):
        return content, 0
    # Written out unescaped, every text in it can be repaired at once.
    plain = json.dumps(content, ensure_ascii=False)
    sound = repaired(plain)
    if sound == plain:
        return content, 0
    return json.loads(sound), sound.count("\ufffd") - plain.count("\ufffd")
