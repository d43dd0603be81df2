"""Makes the colour font assets/fonts/haru-faces.woff of the seven drawings in this folder.

A font, because text is accepted everywhere: in labels of Streamlit's widgets, in charts, in custom components.
After changing a drawing: `python assets/faces/make_font.py`. Drawings may use filled circles, ellipses and paths, and
open paths with a stroke and round ends.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from fontTools.fontBuilder import FontBuilder
from fontTools.misc import bezierTools
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.svgLib.path.parser import parse_path
from fontTools.ttLib.tables._g_l_y_f import Glyph

DRAWINGS = Path(__file__).parent
FONT = DRAWINGS.parent / "fonts" / "haru-faces.woff"
FIRST_CHARACTER = 0xE6A0
"""In Unicode's private use area: screen readers pass over it, and nobody's note contains it."""

_NAMES = ("happiness", "surprise", "neutral", "fear", "disgust", "anger", "sadness")  # as in emotions.py
_UNITS, _ADVANCE = 1000, 1240
# From the drawings' 100 x 100, y down, to the font's units, y up: 1.2 times the letters, in the middle of their height.
_PLACED = (12, 0, 0, -12, 20, 950)
_STEPS = 10  # straight pieces for each curve of a stroke
_CIRCLE = 0.5522847498  # length of the handles of a quarter circle

Point = tuple[float, float]


def digest() -> str:
    """Identifies the drawings; the font's version contains it (tests/test_faces.py)."""
    content = b"".join((DRAWINGS / f"{name}.svg").read_bytes() for name in _NAMES)
    return hashlib.sha256(content).hexdigest()[:16]


def make() -> None:
    glyphs: dict[str, Glyph] = {".notdef": TTGlyphPen(None).glyph()}
    layers: dict[str, list[tuple[str, int]]] = {}
    palette: list[tuple[float, ...]] = []
    for name in _NAMES:
        layers[name] = []
        for element in ElementTree.parse(DRAWINGS / f"{name}.svg").getroot():  # noqa: S314  (our own file)
            colour = _colour(element)
            if colour not in palette:
                palette.append(colour)
            layer = f"{name}.{len(layers[name])}"
            glyphs[layer] = _glyph(element)
            layers[name].append((layer, palette.index(colour)))
        glyphs[name] = glyphs[f"{name}.0"]  # only the disc, where colour fonts are not known
    builder = FontBuilder(_UNITS, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({FIRST_CHARACTER + place: name for place, name in enumerate(_NAMES)})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({name: (_ADVANCE, getattr(glyph, "xMin", 0)) for name, glyph in glyphs.items()})
    builder.setupHorizontalHeader(ascent=950, descent=-250)
    builder.setupOS2(sTypoAscender=950, sTypoDescender=-250, usWinAscent=950, usWinDescent=250)
    builder.setupNameTable(
        {"familyName": "Haru Faces", "styleName": "Regular", "version": f"Version 1.000; drawings {digest()}"}
    )
    builder.setupPost(keepGlyphNames=False)
    builder.setupCOLR(layers, version=0)
    builder.setupCPAL([palette])
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False
    builder.font.flavor = "woff"
    builder.save(FONT)


def _colour(element: ElementTree.Element) -> tuple[float, ...]:
    """Red, green, blue and opacity, each 0…1."""
    colour = element.get("stroke") or element.attrib["fill"]
    parts = re.fullmatch("#(..)(..)(..)", colour)
    if parts is None:
        raise ValueError(f"not a colour of the form #RRGGBB: {colour}")
    return (*(int(part, 16) / 255 for part in parts.groups()), float(element.get("fill-opacity", 1)))


def _glyph(element: ElementTree.Element) -> Glyph:
    drawn = RecordingPen()
    if element.tag.endswith("path"):
        parse_path(element.attrib["d"], drawn)
        if "stroke" in element.attrib:
            drawn = _stroked(drawn, float(element.attrib["stroke-width"]))
    else:
        _ellipse(element, drawn)
    glyph = TTGlyphPen(None)
    drawn.replay(TransformPen(Cu2QuPen(glyph, max_err=1.0), _PLACED))
    return glyph.glyph()


def _ellipse(element: ElementTree.Element, pen: RecordingPen) -> None:
    x, y = float(element.attrib["cx"]), float(element.attrib["cy"])
    across, down = (float(element.get(radius) or element.attrib["r"]) for radius in ("rx", "ry"))
    quarters = [(across, 0.0), (0.0, down), (-across, 0.0), (0.0, -down), (across, 0.0)]
    pen.moveTo((x + across, y))
    for (x1, y1), (x2, y2) in pairwise(quarters):
        before = (x + x1 + _CIRCLE * x2, y + y1 + _CIRCLE * y2)
        after = (x + x2 + _CIRCLE * x1, y + y2 + _CIRCLE * y1)
        pen.curveTo(before, after, (x + x2, y + y2))
    pen.closePath()


def _stroked(path: RecordingPen, width: float) -> RecordingPen:
    """The outline of one open stroke with round ends."""
    points = _flattened(path)
    half = width / 2
    angles = [math.atan2(after[1] - before[1], after[0] - before[0]) for before, after in _neighbours(points)]
    sides = [
        [
            (x + half * math.sin(angle) * side, y - half * math.cos(angle) * side)
            for (x, y), angle in zip(points, angles, strict=True)
        ]
        for side in (1, -1)
    ]
    end, start = _half_circle(points[-1], angles[-1], half), _half_circle(points[0], angles[0] + math.pi, half)
    outline = RecordingPen()
    first, *others = [*sides[0], *end, *reversed(sides[1]), *start]
    outline.moveTo(first)
    for point in others:
        outline.lineTo(point)
    outline.closePath()
    return outline


def _half_circle(centre: Point, direction: float, radius: float) -> list[Point]:
    turns = [direction - math.pi / 2 + math.pi * step / 8 for step in range(1, 8)]
    return [(centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn)) for turn in turns]


def _neighbours(points: Sequence[Point]) -> list[tuple[Point, Point]]:
    """The points before and after each one; an end is its own neighbour."""
    return list(zip([points[0], *points[:-1]], [*points[1:], points[-1]], strict=True))


def _flattened(path: RecordingPen) -> list[Point]:
    points: list[Point] = []
    for verb, where in path.value:
        if verb in ("moveTo", "lineTo"):
            points.append(where[0])
        elif verb in ("qCurveTo", "curveTo"):
            at = bezierTools.quadraticPointAtT if verb == "qCurveTo" else bezierTools.cubicPointAtT
            curve = (points[-1], *where)
            points += [at(*curve, step / _STEPS) for step in range(1, _STEPS + 1)]
    return points


if __name__ == "__main__":
    make()
