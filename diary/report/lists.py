"""Draws the lists of a page: tags with the moods of their entries, feelings, trackers, words and picked notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diary.entries import Entry
from diary.report import titles
from diary.report.figures import Figures, TrackerMean
from diary.report.sections import Sections
from diary.report.sheet import HEADING, INK, SOFT, Sheet, ink_of
from diary.tracker_text import value_text
from feelings import BY_KEY as FEELINGS

GUTTER = 10.0
_TAG_STEP, _LINE = 6.2, 4.4
Column = tuple[float, float, float]
"""x, y, width."""


def heading(sheet: Sheet, x: float, y: float, key: str) -> None:
    sheet.pen(11, INK, HEADING)
    sheet.write_at(x, y, sheet.say(key))


def tags(sheet: Sheet, figures: Figures, sections: Sections, box: Column, rows: int = 5) -> float:
    x, y, width = box
    heading(sheet, x, y, "report.tags")
    if not figures.tags:
        sheet.pen(8.5, SOFT)
        sheet.write_at(x, y + 8, sheet.say("report.no_tags"))
        return y + 11
    columns = 2 if width > 100 else 1
    share = (width - GUTTER * (columns - 1)) / columns
    for place, tag in enumerate(figures.tags[: rows * columns]):
        left, line = x + place // rows * (share + GUTTER), y + 8 + place % rows * _TAG_STEP
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
    return y + 8 + (min(len(figures.tags), rows) - 1) * _TAG_STEP + 2


def most_tagged(sheet: Sheet, figures: Figures, box: Column) -> float:
    """The days with the most different tags."""
    is_one_year = figures.span.first.year == figures.span.last.year
    days = [
        sheet.say(
            "report.tagged_day",
            day=titles.month_day(sheet.language, day) if is_one_year else titles.dates(sheet.language, day, day),
            count=count,
        )
        for day, count in figures.most_tagged
        if count > 1
    ]
    return _paragraph(sheet, "report.most_tagged", days, box, 2)


def feelings(sheet: Sheet, figures: Figures, sections: Sections, box: Column, most: int = 2) -> float:
    named = [_counted(sheet, FEELINGS[key].name(sheet.language), days, sections) for key, days in figures.feelings]
    return _paragraph(sheet, "report.feelings", named, box, most)


def words(sheet: Sheet, sections: Sections, box: Column, most: int = 4) -> float:
    named = [_counted(sheet, word.text, word.days, sections) for word in sections.words]
    return _paragraph(sheet, "report.common_words", named, box, most)


def trackers(sheet: Sheet, figures: Figures, sections: Sections, box: Column, most: int = 4) -> float:
    if not sections.trackers:
        return box[1]
    return _paragraph(sheet, "report.trackers", [_mean(sheet, one, sections) for one in figures.trackers], box, most)


def notes(sheet: Sheet, picked: Sequence[Entry], box: Column) -> float:
    x, y, width = box
    heading(sheet, x, y, "report.words")
    y += 8
    most = 2 if len(picked) > 2 or width > 100 else 4
    for entry in picked:
        sheet.set_fill_color(*ink_of(entry.mood))
        sheet.pen(9)
        lines = sheet.lines(entry.note, width - 5, most)
        sheet.rect(x, y - 2, 1, 4 + 4.3 * len(lines), style="F")
        sheet.pen(7.5, SOFT)
        sheet.write_at(x + 4, y - 0.4, titles.month_day(sheet.language, entry.day))
        sheet.pen(9)
        for line in lines:
            y += 4.3
            sheet.write_at(x + 4, y, line)
        y += 6.4
    return y - 4


def _counted(sheet: Sheet, name: str, days: int, sections: Sections) -> str:
    return f"{name} {sheet.say('report.days_count', count=days)}" if sections.counts else name


def _mean(sheet: Sheet, tracker: TrackerMean, sections: Sections) -> str:
    """The tracker with its mean, or how often it was yes, and its number of days if counts are on."""
    if tracker.kind == "yes_no":
        if not sections.counts:
            return f"{tracker.label} {tracker.mean:.0%}"
        return sheet.say(
            "report.tracker_yes", tracker=tracker.label, count=round(tracker.mean * tracker.days), days=tracker.days
        )
    # A mean of two decimals would seem more exact than any count is.
    mean = round(tracker.mean, 1) if tracker.mean < 100 else round(tracker.mean)
    value = value_text(sheet.language, tracker.kind, mean)
    if not sections.counts:
        return f"{tracker.label} {value}"
    return sheet.say("report.tracker_mean", tracker=tracker.label, mean=value, days=tracker.days)


def _paragraph(sheet: Sheet, title: str, items: Iterable[str], box: Column, most: int) -> float:
    """A small title with its items below, separated by commas, in at most so many lines."""
    x, y, width = box
    sheet.pen(9)
    lines = _wrapped(sheet, items, width)
    if not lines:
        return y
    if len(lines) > most:
        lines = [*lines[: most - 1], sheet.fitted(f"{lines[most - 1]} {lines[most]} …", width)]
    sheet.pen(8.5, SOFT)
    sheet.write_at(x, y + 4, sheet.say(title))
    y += 4
    sheet.pen(9)
    for line in lines:
        y += _LINE
        sheet.write_at(x, y, line, width)
    return y + 2


def _wrapped(sheet: Sheet, items: Iterable[str], width: float) -> list[str]:
    """The items on as few lines as they need; a name and its number stay on one line."""
    lines: list[str] = []
    for item in map(sheet.printable, items):
        if lines and sheet.get_string_width(f"{lines[-1]} {item},") <= width:
            lines[-1] += f" {item},"
        else:
            lines.append(f"{item},")
    return [*lines[:-1], lines[-1].removesuffix(",")] if lines else []
