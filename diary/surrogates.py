"""Repairs lone surrogates, halves of a character that JSON can contain, but UTF-8 and pages cannot."""

from __future__ import annotations

import json
import re
from typing import Any

_IN_UTF_16 = ("utf-16-le", "surrogatepass")
_ESCAPED = re.compile(r"\\u[dD][89a-fA-F]")


def repaired(text: str) -> str:
    """The text with matching surrogates joined, and each lone one replaced by �."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(*_IN_UTF_16).decode("utf-16-le", errors="replace")
    return text


def decoded(content: bytes) -> str:
    """The repaired text of UTF-8 bytes that may contain surrogates, as earlier versions of Haru stored them."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return repaired(content.decode(errors="surrogatepass"))


def read_json(text: str) -> tuple[Any, int]:
    """The content of JSON, and the number of lone surrogates replaced in it."""
    content = json.loads(text)
    if not _ESCAPED.search(text):
        return content, 0
    # In unescaped JSON, one pass repairs all texts.
    plain = json.dumps(content, ensure_ascii=False)
    repaired_text = repaired(plain)
    if repaired_text == plain:
        return content, 0
    return json.loads(repaired_text), repaired_text.count("\ufffd") - plain.count("\ufffd")
