"""Draws a cover for a track: before the person asks for it, the page must fetch nothing from other servers.

The track's valence and arousal choose the colours and the height of the waves; its `work` seeds their shape.
"""

from __future__ import annotations

import random
from base64 import b64encode
from math import dist, pi, sin

from emotions import SEVEN
from music.track import Track

_WIDTH, _HEIGHT = 480, 270
_PAPER = "#F6EEDF"


def cover(track: Track) -> str:
    """An SVG of 16 by 9 as a data URL."""
    return "data:image/svg+xml;base64," + b64encode(_svg(track).encode()).decode()


def _svg(track: Track) -> str:
    near, second = (
        emotion.colour for emotion in sorted(SEVEN, key=lambda e: dist(track.place, (e.valence, e.arousal)))[:2]
    )
    rng = random.Random(track.work)
    waves = "".join(_wave(track, rng, layer) for layer in range(4))
    sun_x, sun_y = 90 + rng.random() * 300, 135 - 60 * track.valence
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}">'
        f'<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="{near}" stop-opacity=".55"/>'
        f'<stop offset="1" stop-color="{second}" stop-opacity=".35"/></linearGradient></defs>'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="{_PAPER}"/>'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="url(#sky)"/>'
        f'<circle cx="{sun_x:.0f}" cy="{sun_y:.0f}" r="{34 + 14 * track.valence:.0f}" fill="{_PAPER}" opacity=".75"/>'
        f'<g fill="{near}">{waves}</g></svg>'
    )


def _wave(track: Track, rng: random.Random, layer: int) -> str:
    """A wave: more arousal makes it higher and shorter."""
    energy = (track.arousal + 1) / 2
    height, turns, shift = 8 + 30 * energy, 1 + 3.5 * energy + rng.random(), rng.random() * 2 * pi
    base = 140 + 34 * layer
    points = " ".join(
        f"{x},{base + height * sin(shift + turns * 2 * pi * x / _WIDTH):.1f}" for x in range(0, _WIDTH + 1, 12)
    )
    return f'<polygon points="0,{_HEIGHT} {points} {_WIDTH},{_HEIGHT}" opacity=".{22 + 10 * layer}"/>'
