"""Draws the course of the days between unpleasant and pleasant."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from diary.report import titles
from diary.report.drawing import Box, years_with_entries
from diary.report.figures import Figures, months
from diary.report.sheet import INK, RULE, SOFT, Sheet, ink_of
from diary.report.spans import own

_FEW_DAYS = 5
"""The mean of a month with fewer days is drawn as an outline."""


def course(sheet: Sheet, figures: Figures, box: Box) -> float:
    """The days between unpleasant and pleasant; a day without entries is a gap. Returns the y where it ends.

    Longer spans have a dot a day without lines, and a bar for the mean of each month; years only the bars.
    """
    x, top, width, height = box
    left, width = x + 22, width - 22
    if figures.span.layout == "years":
        figures = _without_empty_years(figures)
    for share, key in ((0.0, "report.pleasant"), (0.5, ""), (1.0, "report.unpleasant")):
        sheet.rule(left, top + height * share, width, RULE, 0.15 if key else 0.3)
        if key:
            sheet.pen(7.5, SOFT)
            sheet.write_at(x, top + height * share, sheet.say(key), 20, "R")
    axis = (left, top, width, height)
    if figures.span.layout in ("days", "calendar"):
        _dots_and_lines(sheet, figures, axis)
    else:
        if figures.span.layout == "months":
            _small_dots(sheet, figures, axis)
        _month_bars(sheet, figures, axis)
    sheet.pen(7.5, SOFT)
    for at, room, text in _ticks(sheet.language, figures):
        step = width / figures.span.length
        sheet.write_at(left + at * step - 8 + step * room / 2, top + height + 3, text, 16, "C")
    return top + height + 5


def _without_empty_years(figures: Figures) -> Figures:
    """The figures without the years before the first entry and after the last."""
    kept = years_with_entries(figures)
    first, last = max(figures.span.first, date(kept[0], 1, 1)), min(figures.span.last, date(kept[-1], 12, 31))
    return replace(figures, span=own(first, last))


def _place(figures: Figures, day: date, valence: float, axis: Box) -> tuple[float, float]:
    left, top, width, height = axis
    step = width / figures.span.length
    return left + ((day - figures.span.first).days + 0.5) * step, top + height * (1 - valence) / 2


def _dots_and_lines(sheet: Sheet, figures: Figures, axis: Box) -> None:
    places = {day: _place(figures, day, valence, axis) for day, valence in figures.valences.items()}
    sheet.set_draw_color(*SOFT)
    sheet.set_line_width(0.3)
    for day, (x, y) in places.items():
        if before := places.get(day - timedelta(days=1)):
            sheet.line(*before, x, y)
    for day, (x, y) in places.items():
        sheet.set_fill_color(*ink_of(figures.days[day].mood))
        sheet.set_draw_color(*INK)
        sheet.set_line_width(0.12)
        sheet.circle(x, y, 1.25, style="DF")


def _small_dots(sheet: Sheet, figures: Figures, axis: Box) -> None:
    for day, valence in figures.valences.items():
        sheet.set_fill_color(*ink_of(figures.days[day].mood))
        sheet.circle(*_place(figures, day, valence, axis), 0.45, style="F")


def _month_bars(sheet: Sheet, figures: Figures, axis: Box) -> None:
    """The mean of each month that has entries, across the month."""
    left, top, width, height = axis
    step = width / figures.span.length
    sheet.set_draw_color(*INK)
    for month in months(figures):
        first = max(month.first, figures.span.first)
        last = min(month.first.replace(day=monthrange(month.first.year, month.first.month)[1]), figures.span.last)
        begin, end = (first - figures.span.first).days * step, ((last - figures.span.first).days + 1) * step
        y = top + height * (1 - month.valence) / 2
        inset = (end - begin) * 0.08
        if month.days < _FEW_DAYS:
            sheet.set_line_width(0.2)
            sheet.rect(left + begin + inset, y - 0.4, end - begin - 2 * inset, 0.8, style="D")
        else:
            sheet.set_fill_color(*INK)
            sheet.rect(left + begin + inset, y - 0.4, end - begin - 2 * inset, 0.8, style="F")


def _ticks(language: str, figures: Figures) -> list[tuple[int, float, str]]:
    """The marks of the axis: how many days from the first, how many days wide, and the text."""
    span = figures.span
    days = [span.first + timedelta(days=number) for number in range(span.length)]
    if span.layout == "days":
        return [
            (place, 1, f"{titles.weekday(language, day, 'days.weekdays_short')} {day.day}")
            for place, day in enumerate(days)
        ]
    if span.layout == "calendar":
        marked = [(place, day) for place, day in enumerate(days) if day.day == 1 or day.day % 5 == 0]
        if span.kind == "month":
            return [(place, 1, str(day.day)) for place, day in marked]
        return [
            (place, 1, titles.short_day(language, day) if day.day == 1 else str(day.day))
            for place, day in marked
            if day.day != 30
        ]
    if span.layout == "months":
        return [
            (place, monthrange(day.year, day.month)[1], titles.short_month(language, day))
            for place, day in enumerate(days)
            if day.day == 1 and (span.last - day).days >= 15
        ]
    every = -(-(span.last.year - span.first.year + 1) // 14)
    return [
        (place, 365, str(day.year))
        for place, day in enumerate(days)
        if (day.month, day.day) == (1, 1) and day.year % every == 0 and (span.last - day).days >= 180
    ]
