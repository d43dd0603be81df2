"""Escapes text for Markdown and for YAML, so that it reads as it was written."""

from __future__ import annotations

import json
import re

# Every ASCII punctuation that CommonMark or Obsidian gives a meaning inside a line: emphasis, links, code, math,
# highlights, comments, tags, tables, HTML and character references.
_INLINE = re.compile(r"([\\`*_\[\]<>&~=$%|#^!{}])")
# At the beginning of a line: lists and lines under headings.
_LIST = re.compile(r"^(\s*)([-+:])")
_NUMBERED = re.compile(r"^(\s*\d{1,9})([.)])")
_LEADING = re.compile(r"^[ \t]+")
_SPACE = "&nbsp;"
_TAB = 4 * _SPACE
_HARD_BREAK = "  "
# What a YAML document may not contain as it is: control characters and line separators.
_NOT_PRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_NOT_IN_TAG = re.compile(r"[\s,#\[\]{}\"'`:;.!?()<>|&*%@=+^~$\\]+")


def as_written(note: str) -> str:
    """The note in Markdown. Every line stays a line, and nothing in it becomes a heading, a list or a link."""
    lines = note.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    made: list[str] = []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if not line.strip():
            # One empty line ends a paragraph; Markdown would lose further ones.
            made.append("" if not made or made[-1] else _SPACE + "\n")
        else:
            made.append(_line(line) + (_HARD_BREAK if following.strip() else ""))
    return "\n".join(made)


def _line(line: str) -> str:
    leading = _LEADING.match(line)
    rest = line[leading.end() :] if leading else line
    escaped = _INLINE.sub(r"\\\1", rest.rstrip())
    escaped = _NUMBERED.sub(r"\1\\\2", _LIST.sub(r"\1\\\2", escaped))
    # Spaces at the beginning would make a line a code block.
    return (leading[0].replace("\t", _TAB).replace(" ", _SPACE) if leading else "") + escaped


def quoted(text: str) -> str:
    """The text as a scalar of YAML: JSON's quoting, with everything escaped that YAML cannot hold."""
    return _NOT_PRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def as_tag(tag: str) -> str:
    """The tag as Obsidian accepts it: without spaces and punctuation."""
    return _NOT_IN_TAG.sub("-", tag).strip("-")
