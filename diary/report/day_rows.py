"""Draws each day of a short span in a row: its moods, its tags, and as much of its notes as fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from diary.report import titles
from diary.report.drawing import Box, moods_block, outline
from diary.report.figures import Figures
from diary.report.sections import Sections
from diary.report.sheet import ACCENT, INK, SOFT, Sheet
from emotions import BY_KEY

_LINE = 4.3
_SQUARE = 8.0
_ROW = 10.5
"""The height of a row with one line."""
_DATE_WIDTH, _MOOD_WIDTH = 27.0, 40.0
_LINES_MOST = 12
"""Of one day: a very long note leaves room for the others."""


def day_rows(sheet: Sheet, figures: Figures, sections: Sections, box: Box) -> float:
    """A row for each day, higher where more was written; returns the y where they end."""
    x, y, width, height = box
    days = [figures.span.first + timedelta(days=number) for number in range(figures.span.length)]
    text_width = width - _DATE_WIDTH - _MOOD_WIDTH
    texts = _texts(sheet, sections, text_width)
    tags = _tags(figures, sections)
    with_tags = {day: bool(tags[day]) for day in days}
    # A row has room for one line; each further one, of a note or of tags, makes it higher.
    wanted = {day: max(len(texts[day]) + with_tags[day] - 1, 0) for day in days}
    further = shared(wanted, int((height - len(days) * _ROW) / _LINE))
    for day in days:
        most = further[day] + 1 - with_tags[day]
        lines = texts[day][:most]
        if lines and len(texts[day]) > most:
            sheet.pen(9)
            lines[-1] = sheet.fitted(f"{lines[-1]} {texts[day][most]}…", text_width)
        row = _ROW + _LINE * further[day]
        _row(sheet, figures, sections, day, (x, y, width, row), lines, tags[day])
        y += row
    return y


def shared(wanted: dict[date, int], room: int) -> dict[date, int]:
    """How many lines each day gets: all that it wants, or an equal share of what the shorter ones leave."""
    given = dict.fromkeys(wanted, 0)
    for place, day in enumerate(sorted(wanted, key=wanted.__getitem__)):
        fair = max(room, 0) // (len(wanted) - place)
        given[day] = min(wanted[day], fair)
        room -= given[day]
    return given


def _texts(sheet: Sheet, sections: Sections, width: float) -> dict[date, list[str]]:
    """The lines of each day's notes, each note on lines of its own."""
    found: dict[date, list[str]] = defaultdict(list)
    sheet.pen(9)
    for entry in sections.notes:
        found[entry.day] += sheet.lines(entry.note, width, _LINES_MOST)
    return found


def _tags(figures: Figures, sections: Sections) -> dict[date, Sequence[str]]:
    return defaultdict(tuple, figures.tags_by_day if sections.tags else {})


def _row(
    sheet: Sheet, figures: Figures, sections: Sections, day: date, box: Box, lines: Sequence[str], tags: Sequence[str]
) -> None:
    x, y, width, height = box
    sheet.rule(x, y, width)
    middle = y + min(height, 1.4 * _ROW) / 2
    sheet.pen(9.5)
    sheet.write_at(x, middle - 2, titles.weekday(sheet.language, day), _DATE_WIDTH - 2)
    sheet.pen(8, SOFT)
    sheet.write_at(x, middle + 2.2, titles.month_day(sheet.language, day), _DATE_WIDTH - 2)
    square = (x + _DATE_WIDTH, middle - _SQUARE / 2, _SQUARE, _SQUARE)
    shown = figures.days.get(day)
    if shown is None:
        outline(sheet, square, 1, is_ahead=day > figures.until)
    else:
        moods_block(sheet, shown, square, 1)
        if sections.moods:
            sheet.face(
                x + _DATE_WIDTH + _SQUARE / 2, middle - (0.6 if len(set(shown.moods)) > 1 else 0), 5.6, shown.mood
            )
            moods = list(dict.fromkeys((shown.mood, *shown.moods)))
            names = [BY_KEY[mood].name(sheet.language) for mood in moods]
            left, room = x + _DATE_WIDTH + _SQUARE + 2.5, _MOOD_WIDTH - _SQUARE - 4
            sheet.pen(9.5)
            sheet.write_at(left, middle - (2 if names[1:] else 0), names[0], room)
            sheet.pen(7.5, SOFT)
            if names[1:]:
                sheet.write_at(left, middle + 2.2, ", ".join(names[1:]), room)
    left, line = x + _DATE_WIDTH + _MOOD_WIDTH, y + 4.6
    if len(lines) + bool(tags) == 1:
        line = middle
    sheet.pen(9, INK)
    for text in lines:
        sheet.write_at(left, line, text)
        line += _LINE
    if tags:
        sheet.pen(8.5, ACCENT)
        sheet.write_at(left, line, "  ".join(f"#{tag}" for tag in tags), width - _DATE_WIDTH - _MOOD_WIDTH)
