"""Turns the HTML and the Markdown of other diaries' notes into plain text.

Python's html.parser takes minutes for pages made of unclosed tags, so this reads tags by a pattern that no page slows
down: it stops at the next "<".
"""

from __future__ import annotations

import html
import re

HTML_MAX = 2 * 2**20
"""Characters of one HTML text; longer ones hold no note that Haru would store."""
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>|<[!?][^<>]*>""")
_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_BLOCKS = {"p", "div", "ul", "ol", "blockquote", "pre", "section", "article", *(f"h{level}" for level in range(1, 7))}
_UNSEEN = {"script", "style", "title", "head", "template"}
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_EMBEDDED = re.compile(r"!\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)")
_SPACES = re.compile(r"[ \t\r\n\f]+")


def from_html(text: str) -> str:
    """The words of HTML, a line for each paragraph, with a bullet before each item of a list."""
    reader = TextOfHtml()
    reader.feed(text)
    return reader.text()


def from_markdown(text: str) -> str:
    """Markdown as people typed it: without backslashes before punctuation, and without embedded pictures."""
    without = _EMBEDDED.sub("", text.replace("\r\n", "\n").replace("\u2028", "\n"))
    return tidied(_ESCAPED.sub(r"\1", without))


def tidied(text: str) -> str:
    """Without zero-width spaces, spaces at the ends of lines, and more than one empty line in a row."""
    lines = (line.rstrip() for line in text.replace("\u200b", "").replace("\xa0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class TextOfHtml:
    """Collects the visible text of a page. A subclass may look at tags and words first."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._hidden = 0

    def feed(self, page: str) -> None:
        """Reads a whole page; raises ValueError for a numeric character reference that is no number."""
        page = _without_comments(page[:HTML_MAX])
        end = 0
        for tag in _TAG.finditer(page):
            self.on_words(html.unescape(page[end : tag.start()]))
            end = tag.end()
            if tag[2] and tag[1]:
                self.on_end(tag[2].lower())
            elif tag[2]:
                self.on_start(tag[2].lower(), _attributes(tag[3]))
        self.on_words(html.unescape(page[end:]))

    def text(self) -> str:
        return tidied("".join(self._parts))

    def on_start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _UNSEEN:
            self._hidden += 1
        elif tag == "br":
            self._parts.append("\n")
        elif tag == "li":
            self._begin_line()
            self._parts.append("• ")
        elif tag in _BLOCKS:
            self._begin_line()

    def on_end(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._hidden = max(self._hidden - 1, 0)
        elif tag in _BLOCKS:
            self._parts.append("\n")

    def on_words(self, words: str) -> None:
        if self._hidden:
            return
        words = _SPACES.sub(" ", words)
        if not self._parts or self._parts[-1].endswith("\n"):
            words = words.lstrip(" ")
        if words:
            self._parts.append(words)

    def _begin_line(self) -> None:
        if self._parts and not self._parts[-1].endswith("\n"):
            self._parts.append("\n")


def _attributes(text: str) -> dict[str, str]:
    return {
        found[1].lower(): html.unescape(found[2] or found[3] or found[4] or "") for found in _ATTRIBUTE.finditer(text)
    }


def _without_comments(page: str) -> str:
    kept, end = [], 0
    while (start := page.find("<!--", end)) >= 0:
        kept.append(page[end:start])
        closed = page.find("-->", start)
        if closed < 0:
            return "".join(kept)
        end = closed + len("-->")
    return "".join([*kept, page[end:]])
