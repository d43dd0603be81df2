"""The sheet of a report: fonts, colours, and text cut to fit its space."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import cast

from fpdf import FPDF
from fpdf.enums import Align, MethodReturnValue
from fpdf.fonts import TTFFont

import settings
from diary.composing import composed
from emotions import BY_KEY
from language import say

# Both log the characters that they draw, which come from a diary.
for _logger in ("fontTools", "fpdf"):
    logging.getLogger(_logger).setLevel(logging.CRITICAL)

_FONTS = settings.ASSETS / "fonts" / "print"
_FACES = settings.ASSETS / "faces"
BODY, HEADING = "dodum", "batang"
_FILES = {
    BODY: "gowun-dodum.woff",  # has every Hangul syllable
    HEADING: "gowun-batang-bold.woff",
    # For hanja, kana, Greek, Cyrillic and symbols; and for emoji, drawn in one colour.
    "cjk": "noto-sans-cjk.woff",
    "emoji": "noto-emoji.woff",
}
_RARE = ("cjk", "emoji")  # loaded only for a note that needs them
_UNKNOWN = "□"
_NARROWEST = 0.6
"""Millimetres: the width of the narrowest letters of small text, about."""
# Joiners, variation selectors and skin tones only change how the character before them looks.
_INVISIBLE = re.compile(
    "[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]"
)

Ink = tuple[int, int, int]
INK, SOFT, RULE, ACCENT, WASH, PAPER = (
    (58, 50, 42),
    (122, 110, 97),
    (224, 213, 195),
    (156, 79, 46),
    (250, 246, 238),
    (255, 253, 248),
)
DARK, WHITE = (26, 21, 16), (255, 255, 255)
"""For small text on a mood's colour, where `INK` is too pale."""


def ink_of(mood: str) -> Ink:
    colour = BY_KEY[mood].colour
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def readable_on(ground: Ink) -> Ink:
    """Dark or white, by the higher contrast (WCAG)."""
    return max((DARK, WHITE), key=lambda ink: contrast(ground, ink))


def contrast(first: Ink, second: Ink) -> float:
    """The contrast ratio of WCAG, 1…21."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(ink: Ink) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (value / 255 for value in ink)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


class Sheet(FPDF):
    """One page in millimetres, in one language."""

    def __init__(self, width: float, height: float, language: str) -> None:
        super().__init__(unit="mm", format=(width, height))
        self.language = language
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0
        self.set_lang(language)
        self.set_creator(say(language, "app.name"))
        self._open_fonts(BODY, HEADING)
        self.add_page()

    def printable(self, text: str) -> str:
        """One line of characters that the fonts have. fpdf2 would log the others, which are diary text."""
        signs = " ".join(_INVISIBLE.sub("", composed(text)).split())
        if not self._drawable.issuperset(map(ord, signs)):
            self._open_fonts(*_RARE)
        return "".join(sign if ord(sign) in self._drawable else _UNKNOWN for sign in signs)

    def _open_fonts(self, *families: str) -> None:
        for family in families:
            if family not in self.fonts:
                self.add_font(family, "", _FONTS / _FILES[family])
        # The heading's font has few characters; the others come from the body's font.
        self.set_fallback_fonts([family for family in self.fonts if family != HEADING])
        self._drawable = frozenset().union(
            *(font.cmap for family, font in self.fonts.items() if family != HEADING and isinstance(font, TTFFont))
        )

    def say(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)

    def pen(self, size: float, ink: Ink = INK, family: str = BODY) -> None:
        self.set_font(family, "", size)
        self.set_text_color(*ink)

    def write_at(self, x: float, y: float, text: str, width: float = 0, align: str = "L") -> None:
        """One line with its middle at `y`, cut with an ellipsis if it is wider than `width`."""
        text = self.fitted(text, width) if width else self.printable(text)
        height = self.font_size
        self.set_xy(x, y - height / 2)
        self.cell(width or None, height, text, align=Align.coerce(align))
        # fpdf2 may stay with the font of an emoji, which has digits too: wide ones.
        self.set_font(self.font_family, "", self.font_size_pt)

    def shrink_to(self, text: str, width: float) -> None:
        """Makes the pen smaller until `text` fits, down to half."""
        least = self.font_size_pt / 2
        while self.font_size_pt > least and self.get_string_width(self.printable(text)) > width:
            self.set_font_size(self.font_size_pt - 0.5)

    def fitted(self, text: str, width: float) -> str:
        text = self.printable(text)
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(text + "…") > width:
            text = text[:-1]
        return text.rstrip() + "…"

    def lines(self, text: str, width: float, most: int) -> list[str]:
        """The text in at most so many lines; an ellipsis ends the last one if there is more."""
        # A note may have 100,000 characters; no line holds more of them than `_NARROWEST` allows.
        text = self.printable(" ".join(text.split())[: round(2 * (most + 1) * width / _NARROWEST)])
        if not text:
            return []
        broken = cast(
            list[str],
            self.multi_cell(width, text=text, align=Align.L, dry_run=True, output=MethodReturnValue.LINES),
        )
        if len(broken) <= most:
            return broken
        return [*broken[: most - 1], self.fitted(broken[most - 1] + " " + broken[most], width)]

    def block(self, x: float, y: float, width: float, height: float, inks: Sequence[Ink], radius: float = 1.4) -> None:
        """A rounded rectangle; several colours share it from left to right."""
        share = width / len(inks)
        for place, ink in enumerate(inks):
            corners = []
            if place == 0:
                corners += ["TOP_LEFT", "BOTTOM_LEFT"]
            if place == len(inks) - 1:
                corners += ["TOP_RIGHT", "BOTTOM_RIGHT"]
            self.set_fill_color(*ink)
            self.rect(
                x + place * share,
                y,
                share,
                height,
                style="F",
                round_corners=corners or False,  # pyright: ignore[reportArgumentType]  (it takes names of corners too)
                corner_radius=radius,
            )

    def face(self, x: float, y: float, size: float, mood: str) -> None:
        """The drawn face of a mood with its middle at (x, y)."""
        self.image(_FACES / f"{mood}.svg", x - size / 2, y - size / 2, size)

    def rule(self, x: float, y: float, width: float, ink: Ink = RULE, thick: float = 0.2) -> None:
        self.set_draw_color(*ink)
        self.set_line_width(thick)
        self.line(x, y, x + width, y)
