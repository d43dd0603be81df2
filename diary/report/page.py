"""Draws the page for the person or a counsellor: one span of days on A4, with space to write on if any is left."""

from __future__ import annotations

from datetime import date

from diary.report import lists, titles
from diary.report.course import course
from diary.report.day_rows import day_rows
from diary.report.drawing import calendar, legend, month_firsts, small_months, weeks, years
from diary.report.figures import Figures, longest_run
from diary.report.lists import GUTTER, heading
from diary.report.sections import Sections
from diary.report.sentences import sentences
from diary.report.sheet import ACCENT, HEADING, INK, SOFT, WASH, Sheet
from emotions import BY_KEY

NOTES_MAX = 4
"""How many notes fit beside the tags of a month."""
_LEFT, _RIGHT = 18.0, 192.0
_WIDTH = _RIGHT - _LEFT
_FOOT = 277.0
_COURSE = 41.0
"""The height of *Day by day* with its heading."""
_LIST = 15.0
"""The height of feelings or trackers in two lines with their title."""
_BELOW_COLOURS = 121.0
"""What a long span needs below its months or years: the rule, the course and the three columns."""


def page(figures: Figures, sections: Sections, *, language: str, today: date, first_weekday: int = 0) -> bytes:
    """The PDF, made in memory."""
    sheet = Sheet(210, 297, language)
    title = titles.title(language, figures.span)
    sheet.set_title(f"{sheet.say('app.name')} · {title}")
    _head(sheet, figures, title, sections.name)
    y = 45.0
    if sections.counts:
        _facts(sheet, figures, sections, y)
        y += 24
    if figures.span.layout == "days":
        y = _days(sheet, figures, sections, y)
    elif figures.span.layout == "calendar":
        y = _calendar(sheet, figures, sections, y, first_weekday)
    else:
        y = _months_or_years(sheet, figures, sections, y, first_weekday)
    _to_talk_about(sheet, y + 9)
    _foot(sheet, today)
    return bytes(sheet.output())


def _head(sheet: Sheet, figures: Figures, title: str, name: str) -> None:
    sheet.pen(9, ACCENT)
    sheet.write_at(_LEFT, 18, sheet.say(f"report.kind_{figures.span.kind}"))
    sheet.pen(25, INK, HEADING)
    sheet.shrink_to(title, _WIDTH)
    sheet.write_at(_LEFT, 29, title)
    title_width = sheet.get_string_width(title)
    if name:
        sheet.pen(12, SOFT)
        is_beside = _WIDTH - title_width > 80
        width = _WIDTH - title_width - GUTTER if is_beside else 100
        sheet.write_at(_RIGHT - width, 30 if is_beside else 18, sheet.say("report.of", name=name), width, "R")
    sheet.rule(_LEFT, 38, _WIDTH, ACCENT, 0.35)


def _facts(sheet: Sheet, figures: Figures, sections: Sections, y: float) -> None:
    facts = [
        (
            sheet.say("report.days_of", kept=f"{len(figures.days):,}", days=f"{figures.possible_days:,}"),
            sheet.say("report.days_kept"),
        ),
        (sheet.say("report.entries_count", count=f"{figures.entries:,}"), sheet.say("report.entries_kept")),
    ]
    is_long = figures.span.layout in ("months", "years")
    if sections.moods:
        often = BY_KEY[figures.commonest].name(sheet.language) if figures.commonest else "–"
        # Of long spans a sentence says how often.
        facts.append((often, sheet.say("report.commonest") if is_long else _how_often(sheet, figures)))
    if is_long and (run := longest_run(figures.days)) and run[0] < run[1]:
        length = (run[1] - run[0]).days + 1
        facts.append((sheet.say("report.run_days", count=f"{length:,}"), sheet.say("report.longest_run")))
    width = (_WIDTH - GUTTER / 2 * (len(facts) - 1)) / len(facts)
    for place, (value, label) in enumerate(facts):
        x = _LEFT + place * (width + GUTTER / 2)
        sheet.block(x, y, width, 16, [WASH], radius=2.4)
        sheet.pen(14, INK, HEADING)
        sheet.shrink_to(value, width - 8)
        sheet.write_at(x + 4, y + 6, value, width - 8)
        sheet.pen(8.5, SOFT)
        sheet.write_at(x + 4, y + 12, label, width - 8)


def _how_often(sheet: Sheet, figures: Figures) -> str:
    """Most frequent mood, with its number of entries: one of one is no habit."""
    if not figures.commonest:
        return sheet.say("report.commonest")
    return sheet.say("report.commonest_of", count=figures.moods[figures.commonest], entries=figures.entries)


def _days(sheet: Sheet, figures: Figures, sections: Sections, y: float) -> float:
    """Each day with its notes; then their course, feelings and trackers."""
    lists_below = [sections.tags and figures.feelings, sections.trackers and figures.trackers]
    below = _COURSE + 9 + sum(_LIST for is_there in lists_below if is_there)
    heading(sheet, _LEFT, y, "report.each_day")
    y = day_rows(sheet, figures, sections, (_LEFT, y + 6, _WIDTH, _FOOT - y - 6 - below))
    y = _course(sheet, figures, y + 9)
    if sections.tags:
        y = lists.feelings(sheet, figures, sections, (_LEFT, y + 2, _WIDTH))
    return lists.trackers(sheet, figures, sections, (_LEFT, y, _WIDTH), 2)


def _calendar(sheet: Sheet, figures: Figures, sections: Sections, y: float, first_weekday: int) -> float:
    y = _colours(sheet, figures, sections, y, first_weekday)
    y = _course(sheet, figures, y + 9)
    if sections.tags or sections.notes:
        y = _tags_and_notes(sheet, figures, sections, y + 9)
    return lists.trackers(sheet, figures, sections, (_LEFT, y, _WIDTH), 2)


def _colours(sheet: Sheet, figures: Figures, sections: Sections, y: float, first_weekday: int) -> float:
    left = 100.0
    is_month = figures.span.kind == "month"
    heading(sheet, _LEFT, y, "report.calendar" if is_month else "report.days_in_colours")
    # Trackers need the room of a week.
    room = 57 if sections.trackers and figures.trackers and sections.counts else 66
    cell = min(10.6, room / weeks(figures, first_weekday))
    end = calendar(sheet, figures, _LEFT, y + 8, (left / 7, cell), first_weekday, "name" * sections.moods)
    sheet.pen(7.5, SOFT)
    for place, line in enumerate(sheet.lines(sheet.say("report.calendar_rule"), left, 2)):
        sheet.write_at(_LEFT, end + 4 + 3.6 * place, line)
    if sections.moods:
        x = _LEFT + left + GUTTER
        heading(sheet, x, y, "report.moods")
        below_legend = legend(sheet, figures, (x, y + 10.5, _RIGHT - x), 9.5, 7.6, sections.counts)
        return max(end + 8, below_legend - 4)
    return end + 8


def _course(sheet: Sheet, figures: Figures, y: float) -> float:
    is_by_month = figures.span.layout in ("months", "years")
    heading(sheet, _LEFT, y, "report.flow_months" if is_by_month else "report.flow")
    if is_by_month:
        sheet.pen(7.5, SOFT)
        sheet.write_at(_LEFT + 50, y, sheet.say("report.flow_rule"), _WIDTH - 50, "R")
    return course(sheet, figures, (_LEFT, y + 6.5, _WIDTH, 27.0))


def _tags_and_notes(sheet: Sheet, figures: Figures, sections: Sections, y: float) -> float:
    both = sections.tags and sections.notes
    half = (_WIDTH - GUTTER) / 2
    ends = [y]
    if sections.tags:
        width = half if both else _WIDTH
        end = lists.tags(sheet, figures, sections, (_LEFT, y, width))
        ends.append(lists.feelings(sheet, figures, sections, (_LEFT, end, width)))
    if sections.notes:
        x = _LEFT + half + GUTTER if both else _LEFT
        ends.append(lists.notes(sheet, sections.notes[:NOTES_MAX], (x, y, half if both else _WIDTH)))
    return max(ends)


def _months_or_years(sheet: Sheet, figures: Figures, sections: Sections, y: float, first_weekday: int) -> float:
    """Sentences, the months or years in colours, their course, and up to three columns of lists."""
    for sentence in sentences(figures, sections, sheet.language)[:4]:
        sheet.pen(10)
        sheet.shrink_to(sentence, _WIDTH)
        sheet.write_at(_LEFT, y, sentence, _WIDTH)
        y += 5.6
    y += 4 if sections.counts else 0
    room = _FOOT - y - _BELOW_COLOURS
    if figures.span.layout == "months":
        heading(sheet, _LEFT, y, "report.year_calendar" if figures.span.kind == "year" else "report.days_in_colours")
        height = min(28.5 * -(-len(month_firsts(figures)) // 6), room)
        small_months(sheet, figures, (_LEFT, y + 6, _WIDTH + 2.5, height), 6, first_weekday)
        y += 6 + height
    else:
        heading(sheet, _LEFT, y, "report.years_calendar")
        y = years(sheet, figures, (_LEFT, y + 7, _WIDTH, min(76, room))) + 3
    sheet.pen(7.5, SOFT)
    sheet.write_at(_LEFT, y, sheet.say(f"report.{figures.span.layout}_rule"), _WIDTH)
    y = _course(sheet, figures, y + 8)
    return _columns(sheet, figures, sections, y + 9)


def _columns(sheet: Sheet, figures: Figures, sections: Sections, y: float) -> float:
    has_trackers = sections.trackers and figures.trackers
    drawn = [
        name
        for name, wanted in (
            ("moods", sections.moods),
            ("tags", sections.tags),
            ("others", sections.words or has_trackers or (sections.tags and figures.feelings)),
        )
        if wanted
    ]
    if not drawn:
        return y - 9
    width = (_WIDTH - GUTTER * (len(drawn) - 1)) / len(drawn)
    ends = []
    for place, name in enumerate(drawn):
        box = (_LEFT + place * (width + GUTTER), y, width)
        ends.append(_COLUMNS[name](sheet, figures, sections, box))
    return max(ends)


def _moods_column(sheet: Sheet, figures: Figures, sections: Sections, box: lists.Column) -> float:
    x, y, width = box
    heading(sheet, x, y, "report.moods")
    return legend(sheet, figures, (x, y + 8, min(width, 80)), 9, 6.2, sections.counts) - 4


def _tags_column(sheet: Sheet, figures: Figures, sections: Sections, box: lists.Column) -> float:
    x, y, width = box
    end = lists.tags(sheet, figures, sections, (x, y, min(width, 90)), 6)
    return lists.most_tagged(sheet, figures, (x, end, width)) if sections.counts else end


def _others_column(sheet: Sheet, figures: Figures, sections: Sections, box: lists.Column) -> float:
    x, y, width = box
    y = lists.words(sheet, sections, (x, y - 4, width))
    if sections.tags:
        y = lists.feelings(sheet, figures, sections, (x, y, width), 3)
    return lists.trackers(sheet, figures, sections, (x, y, width))


_COLUMNS = {"moods": _moods_column, "tags": _tags_column, "others": _others_column}


def _to_talk_about(sheet: Sheet, y: float) -> None:
    """Empty lines for handwriting, as many as fit."""
    if _FOOT - y < 16:
        return
    heading(sheet, _LEFT, y, "report.to_talk_about")
    y += 12
    while y < _FOOT - 1:
        sheet.rule(_LEFT, y, _WIDTH)
        y += 8.5


def _foot(sheet: Sheet, today: date) -> None:
    sheet.pen(7.5, SOFT)
    sheet.write_at(_LEFT, 284, sheet.say("report.how_made"), _WIDTH - 30)
    sheet.write_at(_RIGHT - 30, 284, titles.dates(sheet.language, today, today), 30, "R")
