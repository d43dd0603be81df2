"""Draws the page for the person or a counsellor: one month on A4, with space to write on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from diary.entries import Entry
from diary.report.drawing import calendar, legend
from diary.report.figures import Month
from diary.report.sheet import ACCENT, HEADING, INK, RULE, SOFT, WASH, Sheet, ink_of
from emotions import BY_KEY
from feelings import BY_KEY as FEELINGS

NOTES_MAX = 4
"""How many notes fit beside the tags."""
_LEFT, _RIGHT = 18.0, 192.0
_WIDTH = _RIGHT - _LEFT
_GUTTER = 10.0
_FOOT = 277.0


@dataclass(frozen=True)
class Sections:
    """The sections of a report, as the person switched them on."""

    name: str = ""
    """The person's name; empty for none."""
    moods: bool = True
    """The names of moods beside their colours."""
    counts: bool = True
    tags: bool = True
    notes: Sequence[Entry] = ()
    """The entries whose notes the person picked."""


def page(month: Month, sections: Sections, *, language: str, today: date, first_weekday: int = 0) -> bytes:
    """The PDF, made in memory."""
    sheet = Sheet(210, 297, language)
    title = sheet.month_label(month.first)
    sheet.set_title(f"{sheet.say('app.name')} · {title}")
    _head(sheet, title, sections.name)
    y = 45.0
    if sections.counts:
        _facts(sheet, month, sections, y)
        y += 24
    y = _colours(sheet, month, sections, y, first_weekday)
    y = _flow(sheet, month, y + 9)
    if sections.tags or sections.notes:
        y = _tags_and_notes(sheet, month, sections, y + 9)
    _to_talk_about(sheet, y + 9)
    _foot(sheet, today)
    return bytes(sheet.output())


def _head(sheet: Sheet, title: str, name: str) -> None:
    sheet.pen(9, ACCENT)
    sheet.write_at(_LEFT, 18, sheet.say("report.kind"))
    sheet.pen(25, INK, HEADING)
    sheet.write_at(_LEFT, 29, title)
    if name:
        sheet.pen(12, SOFT)
        sheet.write_at(_LEFT + 80, 30, sheet.say("report.of", name=name), _WIDTH - 80, "R")
    sheet.rule(_LEFT, 38, _WIDTH, ACCENT, 0.35)


def _facts(sheet: Sheet, month: Month, sections: Sections, y: float) -> None:
    possible = max((month.until - month.first).days + 1, 0)
    facts = [
        (sheet.say("report.days_of", kept=len(month.days), days=possible), sheet.say("report.days_kept")),
        (sheet.say("report.entries_count", count=month.entries), sheet.say("report.entries_kept")),
    ]
    if sections.moods:
        often = BY_KEY[month.commonest].name(sheet.language) if month.commonest else "–"
        facts.append((often, sheet.say("report.commonest")))
    width = (_WIDTH - _GUTTER / 2 * (len(facts) - 1)) / len(facts)
    for place, (value, label) in enumerate(facts):
        x = _LEFT + place * (width + _GUTTER / 2)
        sheet.block(x, y, width, 16, [WASH], radius=2.4)
        sheet.pen(14, INK, HEADING)
        sheet.write_at(x + 5, y + 6, value, width - 10)
        sheet.pen(8.5, SOFT)
        sheet.write_at(x + 5, y + 12, label, width - 10)


def _colours(sheet: Sheet, month: Month, sections: Sections, y: float, first_weekday: int) -> float:
    left = 100.0
    _heading(sheet, _LEFT, y, "report.calendar")
    end = calendar(sheet, month, _LEFT, y + 8, (left / 7, 10.6), first_weekday, sections.moods)
    sheet.pen(7.5, SOFT)
    for place, line in enumerate(sheet.lines(sheet.say("report.calendar_rule"), left, 2)):
        sheet.write_at(_LEFT, end + 4 + 3.6 * place, line)
    if sections.moods:
        x = _LEFT + left + _GUTTER
        _heading(sheet, x, y, "report.moods")
        legend(sheet, month, (x, y + 10.5, _RIGHT - x), 9.5, 7.6, sections.counts)
    return end + 8


def _flow(sheet: Sheet, month: Month, y: float) -> float:
    """Each day between unpleasant and pleasant; a day without entries is a gap in the line."""
    _heading(sheet, _LEFT, y, "report.flow")
    top, height, left = y + 6.5, 27.0, _LEFT + 22
    width = _RIGHT - left
    days = (month.last - month.first).days + 1
    step = width / days
    for share, key in ((0.0, "report.pleasant"), (0.5, ""), (1.0, "report.unpleasant")):
        sheet.rule(left, top + height * share, width, RULE, 0.15 if key else 0.3)
        if key:
            sheet.pen(7.5, SOFT)
            sheet.write_at(_LEFT, top + height * share, sheet.say(key), 20, "R")
    places = {
        day: (left + ((day - month.first).days + 0.5) * step, top + height * (1 - valence) / 2)
        for day, valence in month.valences.items()
    }
    sheet.set_draw_color(*SOFT)
    sheet.set_line_width(0.3)
    for day, (x, place) in places.items():
        if before := places.get(day - timedelta(days=1)):
            sheet.line(*before, x, place)
    for day, (x, place) in places.items():
        sheet.set_fill_color(*ink_of(month.days[day].mood))
        sheet.set_draw_color(*INK)
        sheet.set_line_width(0.12)
        sheet.circle(x, place, 1.25, style="DF")
    sheet.pen(7.5, SOFT)
    for number in (1, *range(5, days + 1, 5)):
        sheet.write_at(left + (number - 1) * step, top + height + 3, str(number), step, "C")
    return top + height + 5


def _tags_and_notes(sheet: Sheet, month: Month, sections: Sections, y: float) -> float:
    both = sections.tags and sections.notes
    half = (_WIDTH - _GUTTER) / 2
    ends = [y]
    if sections.tags:
        ends.append(_tags(sheet, month, sections, (_LEFT, y, half if both else _WIDTH)))
    if sections.notes:
        x = _LEFT + half + _GUTTER if both else _LEFT
        ends.append(_notes(sheet, sections.notes, (x, y, half if both else _WIDTH)))
    return max(ends)


def _tags(sheet: Sheet, month: Month, sections: Sections, box: tuple[float, float, float]) -> float:
    x, y, width = box
    _heading(sheet, x, y, "report.tags")
    if not month.tags:
        sheet.pen(8.5, SOFT)
        sheet.write_at(x, y + 8, sheet.say("report.no_tags"))
        return _feelings(sheet, month, sections, (x, y + 11, width))
    columns = 2 if width > 100 else 1
    share = (width - _GUTTER * (columns - 1)) / columns
    rows = 5
    for place, tag in enumerate(month.tags[: rows * columns]):
        left, line = x + place // rows * (share + _GUTTER), y + 8 + place % rows * 6.2
        sheet.pen(9.5)
        sheet.write_at(left, line, f"#{tag.name}", share * 0.42)
        bar, total = share * 0.34, sum(count for _, count in tag.moods)
        at = left + share * 0.44
        for mood, count in tag.moods:
            sheet.set_fill_color(*ink_of(mood))
            sheet.rect(at, line - 1.3, bar * count / total, 2.6, style="F")
            at += bar * count / total
        if sections.counts:
            sheet.pen(8.5, SOFT)
            sheet.write_at(left + share * 0.8, line, sheet.say("report.days_count", count=tag.days), share * 0.2, "R")
    return _feelings(sheet, month, sections, (x, y + 8 + (min(len(month.tags), rows) - 1) * 6.2 + 2, width))


def _feelings(sheet: Sheet, month: Month, sections: Sections, box: tuple[float, float, float]) -> float:
    """The feelings in at most two lines below the tags."""
    x, y, width = box
    if not month.feelings:
        return y
    sheet.pen(8.5, SOFT)
    sheet.write_at(x, y + 4, sheet.say("report.feelings"))
    named = (_feeling(sheet, key, days, sections.counts) for key, days in month.feelings)
    y += 4
    for line in sheet.lines(", ".join(named), width, 2):
        y += 4.4
        sheet.pen(9)
        sheet.write_at(x, y, line)
    return y + 2


def _feeling(sheet: Sheet, key: str, days: int, with_count: bool) -> str:
    name = FEELINGS[key].name(sheet.language)
    return f"{name} {sheet.say('report.days_count', count=days)}" if with_count else name


def _notes(sheet: Sheet, picked: Sequence[Entry], box: tuple[float, float, float]) -> float:
    x, y, width = box
    _heading(sheet, x, y, "report.words")
    y += 8
    most = 2 if len(picked) > 2 or width > 100 else 4
    for entry in picked[:NOTES_MAX]:
        sheet.set_fill_color(*ink_of(entry.mood))
        sheet.pen(9)
        lines = sheet.lines(entry.note, width - 5, most)
        sheet.rect(x, y - 2, 1, 4 + 4.3 * len(lines), style="F")
        sheet.pen(7.5, SOFT)
        sheet.write_at(x + 4, y - 0.4, sheet.day_label(entry))
        sheet.pen(9)
        for line in lines:
            y += 4.3
            sheet.write_at(x + 4, y, line)
        y += 6.4
    return y - 4


def _to_talk_about(sheet: Sheet, y: float) -> None:
    """Empty lines for handwriting, as many as fit."""
    if _FOOT - y < 16:
        return
    _heading(sheet, _LEFT, y, "report.to_talk_about")
    y += 12
    while y < _FOOT - 1:
        sheet.rule(_LEFT, y, _WIDTH)
        y += 8.5


def _heading(sheet: Sheet, x: float, y: float, key: str) -> None:
    sheet.pen(11, INK, HEADING)
    sheet.write_at(x, y, sheet.say(key))


def _foot(sheet: Sheet, today: date) -> None:
    sheet.pen(7.5, SOFT)
    sheet.write_at(_LEFT, 284, sheet.say("report.how_made"), _WIDTH - 30)
    sheet.write_at(_RIGHT - 30, 284, today.isoformat(), 30, "R")
