"""Draws the icons of the installed app, after the favicon: `python assets/images/draw_icons.py`.

A maskable icon fills its square, because a phone cuts it to a shape of its own; what counts stands in the middle.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

HERE = Path(__file__).resolve().parent
PAPER, EDGE, SUN, RAY, LINE = "#FDF1DD", "#9C4F2E", "#F2C230", "#E0813E", "#D9B38F"
FINE = 4
"""Drawn larger by this factor and then reduced, so that edges are smooth."""


def sunrise(size: int, *, scale: float, framed: bool) -> Image.Image:
    """The sun over its horizon; `scale` is the width of the drawing beside that of the icon."""
    whole = size * FINE
    icon = Image.new("RGBA", (whole, whole), (0, 0, 0, 0) if framed else PAPER)
    draw = ImageDraw.Draw(icon)
    if framed:
        draw.rounded_rectangle((0, 0, whole - 1, whole - 1), radius=whole * 0.22, fill=EDGE)
        inner = whole * 0.045
        draw.rounded_rectangle((inner, inner, whole - 1 - inner, whole - 1 - inner), radius=whole * 0.18, fill=PAPER)

    def at(x: float, y: float) -> tuple[float, float]:
        """A point of the drawing, whose places go from -1 to 1."""
        return whole / 2 * (1 + x * scale), whole / 2 * (1 + y * scale)

    def bar(start: tuple[float, float], end: tuple[float, float], width: float, colour: str) -> None:
        thick = width * scale * whole / 2
        points = (at(*start), at(*end))
        draw.line(points, fill=colour, width=round(thick))
        for x, y in points:
            draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=colour)

    draw.pieslice((*at(-0.62, -0.44), *at(0.62, 0.8)), 180, 360, fill=SUN)
    bar((0, -0.86), (0, -0.68), 0.13, RAY)
    for side in (-1, 1):
        bar((side * 0.7, -0.58), (side * 0.58, -0.46), 0.13, RAY)
    bar((-0.88, 0.22), (0.88, 0.22), 0.15, EDGE)
    bar((-0.6, 0.56), (0.6, 0.56), 0.13, LINE)
    return icon.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    for size in (192, 512):
        sunrise(size, scale=0.72, framed=True).save(HERE / f"icon-{size}.png", optimize=True)
    sunrise(512, scale=0.64, framed=False).save(HERE / "icon-maskable.png", optimize=True)
    sunrise(180, scale=0.7, framed=False).convert("RGB").save(HERE / "icon-apple.png", optimize=True)


if __name__ == "__main__":
    main()
