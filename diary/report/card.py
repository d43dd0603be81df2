"""Draws the picture for sharing: the colours of a month, and the sections that the person switched on."""

from __future__ import annotations

from diary.report.drawing import calendar, legend
from diary.report.figures import Month
from diary.report.page import Sections
from diary.report.picture import as_png
from diary.report.sheet import ACCENT, HEADING, INK, PAPER, SOFT, Sheet, ink_of
from emotions import BY_KEY

PIXELS = (1080, 1350)
_WIDTH, _HEIGHT, _MARGIN = 108.0, 135.0, 9.0
NOTES_MAX = 2


def card(month: Month, sections: Sections, *, language: str, first_weekday: int = 0) -> bytes:
    """The picture as PNG, made in memory, without metadata."""
    sheet = Sheet(_WIDTH, _HEIGHT, language)
    sheet.set_fill_color(*PAPER)
    sheet.rect(0, 0, _WIDTH, _HEIGHT, style="F")
    inner = _WIDTH - 2 * _MARGIN
    sheet.pen(23, INK, HEADING)
    sheet.write_at(_MARGIN, 14, sheet.month_label(month.first), inner)
    if sections.name:
        sheet.pen(10, SOFT)
        sheet.write_at(_MARGIN + inner / 2, 15, sheet.say("report.of", name=sections.name), inner / 2, "R")
    sheet.rule(_MARGIN, 21.5, inner, ACCENT, 0.4)
    below = [draw for wanted, draw in ((sections.tags and month.tags, _tags), (sections.notes, _notes)) if wanted]
    y = calendar(
        sheet,
        month,
        _MARGIN,
        27,
        (inner / 7, _cell_height(sheet, month, sections, first_weekday, below)),
        first_weekday,
    )
    y += 6
    if sections.moods or sections.counts:
        y = _moods(sheet, month, sections, y, bool(below))
    for draw in below:
        y = draw(sheet, month, sections, y + 1.5)
    sheet.pen(8, SOFT)
    sheet.write_at(_MARGIN, _HEIGHT - 7, sheet.say("report.signature"), inner, "R")
    if sections.counts:
        sheet.write_at(
            _MARGIN,
            _HEIGHT - 7,
            sheet.say("report.counted", days=len(month.days), count=month.entries),
            inner * 0.65,
        )
    return as_png(bytes(sheet.output()), PIXELS[0])


def _cell_height(sheet: Sheet, month: Month, sections: Sections, first_weekday: int, below: list) -> float:
    """The height of a day: the space that the other sections leave, up to a maximum."""
    rows = ((month.first.weekday() - first_weekday) % 7 + (month.last - month.first).days) // 7 + 1
    taken = 46 + (12 if sections.moods or sections.counts else 0)
    if sections.moods and sections.counts and not below:
        taken += 24
    taken += 8 if _tags in below else 0
    if _notes in below:
        taken += sum(4.4 * len(lines) + 2 for _, lines in _quoted(sheet, sections))
    return min((_HEIGHT - taken) / rows, 14.5)


def _moods(sheet: Sheet, month: Month, sections: Sections, y: float, is_crowded: bool) -> float:
    """A list with bars if there is space and counts are on; otherwise the names of the moods that occurred."""
    inner = _WIDTH - 2 * _MARGIN
    if sections.moods and sections.counts and not is_crowded:
        return legend(sheet, month, (_MARGIN, y, inner), 8.5, 5, counted=True)
    x = _MARGIN
    for mood, count in month.moods.items():
        if not count:
            continue
        sheet.pen(8.5)
        name = BY_KEY[mood].name(sheet.language) if sections.moods else ""
        text = " ".join(filter(None, (name, str(count) if sections.counts else "")))
        width = sheet.get_string_width(text) + 7.5
        if x + width > _WIDTH - _MARGIN + 2:
            x, y = _MARGIN, y + 5.2
        sheet.block(x, y - 1.4, 2.8, 2.8, [ink_of(mood)], radius=0.7)
        sheet.write_at(x + 4, y, text)
        x += width
    return y + 5.5


def _tags(sheet: Sheet, month: Month, sections: Sections, y: float) -> float:
    names = [
        f"#{tag.name}" + (f" {sheet.say('report.days_count', count=tag.days)}" if sections.counts else "")
        for tag in month.tags
    ]
    sheet.pen(8.5, ACCENT)
    for line in sheet.lines("   ".join(names[:8]), _WIDTH - 2 * _MARGIN, 1 if sections.notes else 2):
        sheet.write_at(_MARGIN, y, line)
        y += 4.6
    return y


def _notes(sheet: Sheet, month: Month, sections: Sections, y: float) -> float:
    for mood, lines in _quoted(sheet, sections):
        sheet.set_fill_color(*ink_of(mood))
        sheet.rect(_MARGIN, y - 1.9, 0.8, 4.4 * len(lines) - 0.6, style="F")
        for line in lines:
            sheet.write_at(_MARGIN + 3.4, y, line)
            y += 4.4
        y += 2
    return y


def _quoted(sheet: Sheet, sections: Sections) -> list[tuple[str, list[str]]]:
    """The mood of each picked entry, and the lines of its note that fit."""
    sheet.pen(9)
    width = _WIDTH - 2 * _MARGIN - 4
    return [(entry.mood, sheet.lines(entry.note, width, 2)) for entry in sections.notes[:NOTES_MAX]]
