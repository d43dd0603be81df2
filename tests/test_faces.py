"""The faces of the moods: drawings of our own, and the font that is made of them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont

import settings
from assets.faces import make_font
from emotions import SEVEN

DRAWINGS = settings.ASSETS / "faces"
FONT = TTFont(settings.ASSETS / "fonts" / "haru-faces.woff")


def test_each_mood_has_a_drawing_and_its_character_in_the_font() -> None:
    assert {file.stem for file in DRAWINGS.glob("*.svg")} == {emotion.key for emotion in SEVEN}
    characters = FONT.getBestCmap()
    assert list(characters) == [ord(emotion.face) for emotion in SEVEN]
    layers = FONT["COLR"].ColorLayers
    drawn = [layers[glyph] for glyph in characters.values()]
    assert [len(face) for face in drawn] == [_shapes(emotion.key) for emotion in SEVEN]


def test_the_font_is_made_of_the_drawings_as_they_are() -> None:
    """If it fails: python assets/faces/make_font.py"""
    assert make_font.digest() in FONT["name"].getDebugName(5)


@pytest.mark.parametrize("emotion", SEVEN, ids=lambda emotion: emotion.key)
def test_a_face_has_the_colour_of_its_mood(emotion) -> None:
    discs = [circle.get("fill") for circle in _root(emotion.key) if circle.get("r") in ("44", "48")]
    assert discs[1] == emotion.colour
    assert discs[0] != emotion.colour  # an edge in sight on a square of the same colour


def test_no_two_faces_share_a_mouth_eyes_or_brows() -> None:
    """Without their colours they must still differ: no stroke is in two of the drawings."""
    strokes = [{shape.get("d") for shape in _root(emotion.key) if shape.get("stroke")} for emotion in SEVEN]
    assert all(one.isdisjoint(other) for one in strokes for other in strokes if one is not other)


def test_every_page_gets_the_font_before_all_others() -> None:
    theme = (settings.PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert "/account/assets/fonts/haru-faces.woff" in theme
    fonts = [line for line in theme.splitlines() if line.startswith(("font =", "headingFont ="))]
    assert [line.index("'Haru Faces'") < line.index("'Gowun") for line in fonts] == [True, True]
    # On Linux the generic name means a font that draws some emoji in black.
    assert [line.index("'Noto Color Emoji'") < line.rindex("serif") for line in fonts] == [True, True]


def _root(mood: str) -> ElementTree.Element:
    return ElementTree.parse(DRAWINGS / f"{mood}.svg").getroot()  # noqa: S314  (our own file)


def _shapes(mood: str) -> int:
    return len(_root(mood))
