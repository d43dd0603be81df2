"""Draws the parts that pages and cards share: calendars, months, years and the legend."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from diary.calendar import Day
from diary.report import titles
from diary.report.figures import Figures
from diary.report.sheet import INK, PAPER, RULE, SOFT, Sheet, ink_of, readable_on
from emotions import BY_KEY

_FULL_BAR = 5
"""So many entries or more fill the bar of the most frequent mood: a single entry is no wall of colour."""
Box = tuple[float, float, float, float]
"""x, y, width, height."""


def calendar(
    sheet: Sheet,
    figures: Figures,
    x: float,
    y: float,
    cell: tuple[float, float],
    first_weekday: int,
    with_mood: str = "",
) -> float:
    """Draws the days of the span in weeks; returns the y where they end.

    `with_mood` adds the `name` or the `face` of each day's mood to its colour.
    """
    width, height = cell
    gap = width * 0.08
    short = sheet.say("report.weekdays").split(",")
    sheet.pen(width * 0.62, SOFT)
    for column in range(7):
        sheet.write_at(x + column * width, y, short[(first_weekday + column) % 7], width - gap, "C")
    y += width * 0.28
    first = figures.span.first
    begin, is_month = (first.weekday() - first_weekday) % 7, figures.span.kind == "month"
    for number in range(figures.span.length):
        row, column = divmod(begin + number, 7)
        day = first + timedelta(days=number)
        is_marked = not is_month and (number == 0 or day.day == 1)
        _day(
            sheet,
            figures,
            day,
            (x + column * width, y + row * height, width - gap, height - gap),
            titles.short_day(sheet.language, day) if is_marked else str(day.day),
            with_mood,
        )
    return y + (weeks(figures, first_weekday)) * height - gap


def weeks(figures: Figures, first_weekday: int) -> int:
    """How many weeks the calendar of these days has."""
    return ((figures.span.first.weekday() - first_weekday) % 7 + figures.span.length - 1) // 7 + 1


def _day(sheet: Sheet, figures: Figures, day: date, box: Box, number: str, with_mood: str) -> None:
    x, y, width, height = box
    shown = figures.days.get(day)
    if shown is None:
        outline(sheet, box, width * 0.11, is_ahead=day > figures.until)
        ink = SOFT
    else:
        moods_block(sheet, shown, box, width * 0.11)
        ink = readable_on(ink_of(shown.mood))
    is_low = height < width * 0.6  # number and name side by side
    sheet.pen(width * (0.5 if is_low else 0.58), ink)
    sheet.write_at(x + width * 0.07, y + height * (0.42 if is_low else 0.24), number)
    if shown is not None and with_mood == "face":
        sheet.face(x + width * 0.56, y + height * 0.56, min(width, height) * 0.62, shown.mood)
    elif shown is not None and with_mood:
        begin = width * 0.24 if is_low else 0
        sheet.pen(width * (0.5 if is_low else 0.56), ink)
        name = BY_KEY[shown.mood].name(sheet.language)
        sheet.write_at(x + begin, y + height * (0.42 if is_low else 0.58), name, width - begin, "C")


def outline(sheet: Sheet, box: Box, radius: float, is_ahead: bool) -> None:
    """A day without entries; dashed if it is still to come."""
    sheet.set_draw_color(*RULE)
    sheet.set_line_width(0.15)
    if is_ahead:
        sheet.set_dash_pattern(dash=0.4, gap=0.8)
    sheet.rect(*box, style="D", round_corners=True, corner_radius=radius)
    sheet.set_dash_pattern()


def moods_block(sheet: Sheet, shown: Day, box: Box, radius: float) -> None:
    """A day in the colour of its mood, with a strip of its other moods."""
    x, y, width, height = box
    # The day's own mood comes first, so that name and number are on its colour.
    moods = list(dict.fromkeys((shown.mood, *shown.moods)))
    sheet.block(x, y, width, height, [ink_of(moods[0])], radius=radius)
    strip = height * 0.2
    for place, mood in enumerate(moods[1:]):
        share = width / len(moods[1:])
        _strip(sheet, (x + place * share, y + height - strip, share, strip), mood, place, len(moods) - 1, radius)


def _strip(sheet: Sheet, box: Box, mood: str, place: int, of: int, radius: float) -> None:
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
        corner_radius=radius,
    )
    sheet.rule(x, y, share, ink=PAPER, thick=0.25)


def small_months(sheet: Sheet, figures: Figures, box: Box, columns: int, first_weekday: int) -> None:
    """Every month of the span as a small calendar in colours; `box` is divided among them."""
    x, y, width, height = box
    firsts = month_firsts(figures)
    rows = -(-len(firsts) // columns)
    step, drop = width / columns, height / rows
    cell = min((step * 0.9) / 7, (drop * 0.94) / 7.4)
    for place, first in enumerate(firsts):
        row, column = divmod(place, columns)
        _small_month(sheet, figures, first, (x + column * step, y + row * drop, cell), first_weekday)


def month_firsts(figures: Figures) -> list[date]:
    """The first day of each month of the span."""
    found, first = [], figures.span.first.replace(day=1)
    while first <= figures.span.last:
        found.append(first)
        first = (first + timedelta(days=31)).replace(day=1)
    return found


def _small_month(
    sheet: Sheet, figures: Figures, first: date, place: tuple[float, float, float], first_weekday: int
) -> None:
    x, y, cell = place
    # The year beside January, and beside the first month of a span that is no year.
    is_dated = figures.span.kind != "year" and (first.month == 1 or first <= figures.span.first)
    name = titles.short_month(sheet.language, first) + (f" {first.year}" if is_dated else "")
    sheet.pen(cell * 2.1, INK if any(day.replace(day=1) == first for day in figures.days) else SOFT)
    sheet.write_at(x, y + cell * 0.5, name, cell * 7)
    y += cell * 1.25
    begin = (first.weekday() - first_weekday) % 7
    for number in range(monthrange(first.year, first.month)[1]):
        day = first + timedelta(days=number)
        if not figures.span.first <= day <= figures.span.last:
            continue
        row, column = divmod(begin + number, 7)
        box = (x + column * cell, y + row * cell, cell * 0.88, cell * 0.88)
        if shown := figures.days.get(day):
            sheet.set_fill_color(*ink_of(shown.mood))
            sheet.rect(*box, style="F")
        else:
            sheet.set_draw_color(*RULE)
            sheet.set_line_width(0.12)
            if day > figures.until:
                sheet.set_dash_pattern(dash=0.3, gap=0.6)
            sheet.rect(*box, style="D")
            sheet.set_dash_pattern()


def years(sheet: Sheet, figures: Figures, box: Box) -> float:
    """A row for each year with entries, a field for each month, filled as far as days were kept; returns its end."""
    x, y, width, height = box
    rows = years_with_entries(figures)
    label = width * 0.085
    step, row_height = (width - label) / 12, min(height / (len(rows) + 1), 9.0)
    size = min(8.0, row_height * 2.2)
    sheet.pen(min(7.5, step * 0.75), SOFT)
    for month in range(12):
        name = titles.short_month(sheet.language, date(2000, month + 1, 1))
        sheet.write_at(x + label + month * step, y, name, step * 0.94, "C")
    y += 3
    by_month = _days_by_month(figures)
    for year in rows:
        if row_height >= 2 or year % 10 == 0:
            sheet.pen(max(size, 4), INK)
            sheet.write_at(x, y + row_height * 0.45, str(year), label)
        for month in range(1, 13):
            first = date(year, month, 1)
            field = (x + label + (month - 1) * step, y, step * 0.94, row_height * 0.88)
            _month_field(sheet, figures, first, by_month.get(first, []), field)
        y += row_height
    return y


def years_with_entries(figures: Figures) -> list[int]:
    """From the first to the last year that has an entry; without entries, the last year of the span."""
    found = [day.year for day in figures.days] or [figures.until.year]
    return list(range(min(found), max(found) + 1))


def _days_by_month(figures: Figures) -> dict[date, list[Day]]:
    found: dict[date, list[Day]] = {}
    for day in figures.days.values():
        found.setdefault(day.day.replace(day=1), []).append(day)
    return found


def _month_field(sheet: Sheet, figures: Figures, first: date, kept: Sequence[Day], field: Box) -> None:
    """The days of one month as shares of its field, sorted by mood; what stays empty has no entry."""
    x, y, width, height = field
    if first > figures.span.last or first < figures.span.first.replace(day=1):
        return
    length = monthrange(first.year, first.month)[1]
    for mood in BY_KEY:
        count = sum(day.mood == mood for day in kept)
        if count:
            sheet.set_fill_color(*ink_of(mood))
            sheet.rect(x, y, width * count / length, height, style="F")
            x += width * count / length
    sheet.set_draw_color(*RULE)
    sheet.set_line_width(0.12)
    sheet.rect(*field, style="D")


def legend(
    sheet: Sheet, figures: Figures, box: tuple[float, float, float], size: float, step: float, counted: bool
) -> float:
    """The seven moods, one in each line, with its face, its share as a bar and, if `counted`, its count."""
    x, y, width = box
    most = max(*figures.moods.values(), _FULL_BAR)
    name_width, count_width = width * 0.34, width * 0.25 if counted else 0
    bar = width - name_width - count_width - size * 0.58
    for mood, count in figures.moods.items():
        ink = INK if count else SOFT
        sheet.face(x + size * 0.2, y, size * 0.46, mood)
        sheet.pen(size, ink)
        sheet.write_at(x + size * 0.58, y, BY_KEY[mood].name(sheet.language), name_width)
        if count:
            sheet.block(
                x + size * 0.58 + name_width,
                y - size * 0.13,
                max(bar * count / most, size * 0.26),
                size * 0.26,
                [ink_of(mood)],
                radius=size * 0.1,
            )
        if counted:
            times = sheet.say("report.times", count=f"{count:,}") if count else "–"
            sheet.pen(size * 0.95, ink)
            sheet.write_at(x + width - count_width, y, times, count_width, "R")
        y += step
    return y
