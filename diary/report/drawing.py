"""Draws the parts that the page and the card share: the calendar and the legend of the moods."""

from __future__ import annotations

from datetime import date, timedelta

from diary.report.figures import Month
from diary.report.sheet import INK, PAPER, RULE, SOFT, Sheet, ink_of, readable_on
from emotions import BY_KEY


def calendar(
    sheet: Sheet, month: Month, x: float, y: float, cell: tuple[float, float], first_weekday: int, named: bool = False
) -> float:
    """Draws the days of the month and returns the y where they end. `named` adds the name of each day's mood."""
    width, height = cell
    gap = width * 0.08
    short = sheet.say("report.weekdays").split(",")
    sheet.pen(width * 0.62, SOFT)
    for column in range(7):
        sheet.write_at(x + column * width, y, short[(first_weekday + column) % 7], width - gap, "C")
    y += width * 0.28
    begin = (month.first.weekday() - first_weekday) % 7
    for number in range((month.last - month.first).days + 1):
        row, column = divmod(begin + number, 7)
        _day(
            sheet,
            month,
            month.first + timedelta(days=number),
            (x + column * width, y + row * height, width - gap, height - gap),
            named,
        )
    return y + (row + 1) * height - gap


def _day(sheet: Sheet, month: Month, day: date, box: tuple[float, float, float, float], named: bool) -> None:
    x, y, width, height = box
    shown = month.days.get(day)
    if shown is None:
        sheet.set_draw_color(*RULE)
        sheet.set_line_width(0.15)
        if day > month.until:
            sheet.set_dash_pattern(dash=0.4, gap=0.8)
        sheet.rect(x, y, width, height, style="D", round_corners=True, corner_radius=width * 0.11)
        sheet.set_dash_pattern()
        ink = SOFT
    else:
        # The day's own mood comes first, so that name and number are on its colour.
        moods = list(dict.fromkeys((shown.mood, *shown.moods)))
        sheet.block(x, y, width, height, [ink_of(moods[0])], radius=width * 0.11)
        if moods[1:]:
            strip = height * 0.2
            for place, mood in enumerate(moods[1:]):
                share = width / len(moods[1:])
                _strip(sheet, (x + place * share, y + height - strip, share, strip), mood, place, len(moods) - 1, width)
        ink = readable_on(ink_of(shown.mood))
    size = width * 0.58
    sheet.pen(size, ink)
    sheet.write_at(x + width * 0.1, y + height * 0.22, str(day.day))
    if shown is not None and named:
        sheet.pen(width * 0.56, ink)
        sheet.write_at(x, y + height * 0.58, BY_KEY[shown.mood].name(sheet.language), width, "C")


def _strip(sheet: Sheet, box: tuple[float, float, float, float], mood: str, place: int, of: int, width: float) -> None:
    x, y, share, height = box
    corners = (["BOTTOM_LEFT"] if place == 0 else []) + (["BOTTOM_RIGHT"] if place == of - 1 else [])
    sheet.set_fill_color(*ink_of(mood))
    sheet.rect(
        x,
        y,
        share,
        height,
        style="F",
        round_corners=corners or False,  # pyright: ignore[reportArgumentType]  (it takes names of corners too)
        corner_radius=width * 0.11,
    )
    sheet.rule(x, y, share, ink=PAPER, thick=0.25)


def legend(
    sheet: Sheet, month: Month, box: tuple[float, float, float], size: float, step: float, counted: bool
) -> float:
    """The seven moods, one in each line, with its colour, its share as a bar and, if `counted`, its count."""
    x, y, width = box
    most = max(*month.moods.values(), 1)
    name_width, count_width = width * 0.34, width * 0.25 if counted else 0
    bar = width - name_width - count_width - size * 0.5
    for mood, count in month.moods.items():
        ink = INK if count else SOFT
        sheet.block(x, y - size * 0.16, size * 0.32, size * 0.32, [ink_of(mood)], radius=size * 0.08)
        sheet.pen(size, ink)
        sheet.write_at(x + size * 0.5, y, BY_KEY[mood].name(sheet.language), name_width)
        if count:
            sheet.block(
                x + size * 0.5 + name_width,
                y - size * 0.13,
                max(bar * count / most, size * 0.26),
                size * 0.26,
                [ink_of(mood)],
                radius=size * 0.1,
            )
        if counted:
            times = sheet.say("report.times", count=count) if count else "–"
            sheet.pen(size * 0.95, ink)
            sheet.write_at(x + width - count_width, y, times, count_width, "R")
        y += step
    return y
