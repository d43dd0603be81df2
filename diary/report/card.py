"""Draws the picture for sharing: the colours of the days, and the sections that the person switched on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from diary.entries import Entry
from diary.report import lists, titles
from diary.report.drawing import calendar, legend, month_firsts, moods_block, outline, small_months, weeks, years
from diary.report.figures import Figures
from diary.report.picture import as_png
from diary.report.sections import Sections
from diary.report.sheet import ACCENT, HEADING, INK, PAPER, SOFT, Sheet, ink_of
from emotions import BY_KEY

PIXELS = (1080, 1350)
_WIDTH, _HEIGHT, _MARGIN = 108.0, 135.0, 9.0
_INNER = _WIDTH - 2 * _MARGIN
_TOP = 27.0
NOTES_MAX = 2


def card(figures: Figures, sections: Sections, *, language: str, first_weekday: int = 0) -> bytes:
    """The picture as PNG, made in memory, without metadata."""
    sheet = Sheet(_WIDTH, _HEIGHT, language)
    sheet.set_fill_color(*PAPER)
    sheet.rect(0, 0, _WIDTH, _HEIGHT, style="F")
    _head(sheet, figures, sections)
    below = [
        draw
        for wanted, draw in (
            (sections.tags and figures.tags, _tags),
            (sections.trackers and figures.trackers, _trackers),
            (sections.words, _words),
            (sections.notes and figures.span.layout == "calendar", _notes),
        )
        if wanted
    ]
    y = _days(sheet, figures, sections, _room(sheet, figures, sections, below), first_weekday) + 6
    has_names = sections.moods and figures.span.layout == "days"
    if (sections.moods or sections.counts) and not has_names:
        y = _moods(sheet, figures, sections, y, bool(below))
    for draw in below:
        y = draw(sheet, figures, sections, y + 1.5)
    _foot(sheet, figures, sections)
    return as_png(bytes(sheet.output()), PIXELS[0])


def _head(sheet: Sheet, figures: Figures, sections: Sections) -> None:
    title = titles.title(sheet.language, figures.span)
    sheet.pen(23, INK, HEADING)
    sheet.shrink_to(title, _INNER)
    title_width = sheet.get_string_width(title)
    sheet.write_at(_MARGIN, 14, title, _INNER)
    if sections.name:
        sheet.pen(10, SOFT)
        is_beside = _INNER - title_width > 35
        width = _INNER - title_width - 5 if is_beside else _INNER
        sheet.write_at(
            _MARGIN + _INNER - width, 15 if is_beside else 6.5, sheet.say("report.of", name=sections.name), width, "R"
        )
    sheet.rule(_MARGIN, 21.5, _INNER, ACCENT, 0.4)


def _days(sheet: Sheet, figures: Figures, sections: Sections, room: float, first_weekday: int) -> float:
    """The days in colours, as the length of the span asks; returns the y where they end."""
    layout = figures.span.layout
    if layout == "days":
        return _rows(sheet, figures, sections, room)
    if layout == "calendar":
        height = min(room / weeks(figures, first_weekday), 14.5)
        return calendar(sheet, figures, _MARGIN, _TOP, (_INNER / 7, height), first_weekday, "face" * sections.moods)
    if layout == "months":
        height = min(room + 6, 24.0 * -(-len(month_firsts(figures)) // 4))
        small_months(sheet, figures, (_MARGIN, _TOP, _INNER + 2.5, height), 4, first_weekday)
        return _TOP + height - 4
    return years(sheet, figures, (_MARGIN, _TOP, _INNER, room))


def _rows(sheet: Sheet, figures: Figures, sections: Sections, room: float) -> float:
    """A row for each day: weekday, colour, and the mood's name and the note if they are on."""
    span = figures.span
    step = min((room + 4) / span.length, 14.0)
    square, y = step * 0.84, _TOP - 2
    notes = {entry.day: entry for entry in reversed(sections.notes)}
    for number in range(span.length):
        day = span.first + timedelta(days=number)
        middle = y + square / 2
        sheet.pen(9.5)
        sheet.write_at(_MARGIN, middle - 2, titles.weekday(sheet.language, day), 23)
        sheet.pen(7.5, SOFT)
        sheet.write_at(_MARGIN, middle + 2.2, titles.month_day(sheet.language, day), 23)
        box, shown = (_MARGIN + 24, y, square, square), figures.days.get(day)
        if shown is None:
            outline(sheet, box, square * 0.11, is_ahead=day > figures.until)
        else:
            moods_block(sheet, shown, box, square * 0.11)
            if sections.moods:
                lift = 0.06 if len(set(shown.moods)) > 1 else 0
                sheet.face(box[0] + square / 2, middle - square * lift, square * 0.66, shown.mood)
            left = _MARGIN + 24 + square + 3
            _row_text(sheet, sections, shown.moods, shown.mood, notes.get(day), (left, middle))
        y += step
    return y - step + square


def _row_text(
    sheet: Sheet,
    sections: Sections,
    moods: Sequence[str],
    mood: str,
    note: Entry | None,
    place: tuple[float, float],
) -> None:
    x, middle = place
    width = _MARGIN + _INNER - x
    sheet.pen(8.5)
    lines = sheet.lines(note.note, width, 1 if sections.moods else 2) if note else []
    if sections.moods:
        names = [BY_KEY[one].name(sheet.language) for one in dict.fromkeys((mood, *moods))]
        lines = [", ".join(names), *lines]
    y = middle - 2.1 * (len(lines) - 1)
    for line in lines:
        sheet.pen(8.5)
        sheet.write_at(x, y, line, width)
        y += 4.2


def _room(sheet: Sheet, figures: Figures, sections: Sections, below: list) -> float:
    """The height that the other sections leave for the days."""
    taken = 46.0 + (12 if (sections.moods or sections.counts) and figures.span.layout != "days" else 0)
    if sections.moods and sections.counts and not below and figures.span.layout != "days":
        taken += 24
    taken += 8 if _tags in below else 0
    taken += 16 if _trackers in below else 0
    taken += 12 if _words in below else 0
    if _notes in below:
        taken += sum(4.4 * len(lines) + 2 for _, lines in _quoted(sheet, sections))
    return _HEIGHT - taken


def _foot(sheet: Sheet, figures: Figures, sections: Sections) -> None:
    sheet.pen(8, SOFT)
    sheet.write_at(_MARGIN, _HEIGHT - 7, sheet.say("report.signature"), _INNER, "R")
    if sections.counts:
        counted = sheet.say("report.counted", days=f"{len(figures.days):,}", count=f"{figures.entries:,}")
        sheet.write_at(_MARGIN, _HEIGHT - 7, counted, _INNER * 0.65)


def _moods(sheet: Sheet, figures: Figures, sections: Sections, y: float, is_crowded: bool) -> float:
    """A list with bars if there is space and counts are on; otherwise the names of the moods that occurred."""
    if sections.moods and sections.counts and not is_crowded:
        return legend(sheet, figures, (_MARGIN, y, _INNER), 8.5, 5, counted=True)
    x = _MARGIN
    for mood, count in figures.moods.items():
        if not count:
            continue
        sheet.pen(8.5)
        name = BY_KEY[mood].name(sheet.language) if sections.moods else ""
        text = " ".join(filter(None, (name, f"{count:,}" if sections.counts else "")))
        width = sheet.get_string_width(text) + 7.9
        if x + width > _WIDTH - _MARGIN + 2:
            x, y = _MARGIN, y + 5.2
        if sections.moods:
            sheet.face(x + 1.6, y, 4, mood)
        else:
            sheet.block(x, y - 1.4, 2.8, 2.8, [ink_of(mood)], radius=0.7)
        sheet.write_at(x + 4.4, y, text)
        x += width
    return y + 5.5


def _tags(sheet: Sheet, figures: Figures, sections: Sections, y: float) -> float:
    names = [
        f"#{tag.name}" + (f" {sheet.say('report.days_count', count=tag.days)}" if sections.counts else "")
        for tag in figures.tags
    ]
    sheet.pen(8.5, ACCENT)
    for line in sheet.lines("   ".join(names[:8]), _INNER, 1 if sections.notes or sections.words else 2):
        sheet.write_at(_MARGIN, y, line)
        y += 4.6
    return y


def _trackers(sheet: Sheet, figures: Figures, sections: Sections, y: float) -> float:
    """Below a small title, because a mean says little without the word for it."""
    return lists.trackers(sheet, figures, sections, (_MARGIN, y - 3, _INNER), 2) + 2


def _words(sheet: Sheet, figures: Figures, sections: Sections, y: float) -> float:
    """The words of the most days, without their numbers."""
    sheet.pen(8.5)
    for line in sheet.lines(" · ".join(word.text for word in sections.words), _INNER, 2):
        sheet.write_at(_MARGIN, y, line)
        y += 4.6
    return y


def _notes(sheet: Sheet, figures: Figures, sections: Sections, y: float) -> float:
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
    return [(entry.mood, sheet.lines(entry.note, _INNER - 4, 2)) for entry in sections.notes[:NOTES_MAX]]
