"""Sentences about a span, each of them counted: none is written unless the figures say exactly that."""

from __future__ import annotations

from collections.abc import Iterator

from diary.patterns import ENOUGH_DAYS
from diary.report import titles
from diary.report.figures import Figures, longest_run, months
from diary.report.sections import Sections
from emotions import BY_KEY
from language import say

_RUN_LEAST = 3
"""Two days in a row are no run."""


def sentences(figures: Figures, sections: Sections, language: str) -> list[str]:
    """What stands out; nothing that a switched-off section would say."""
    if not sections.counts or not figures.entries:
        return []
    return [
        *_mood(figures, sections, language),
        *_months(figures, language),
        *_run(figures, language),
        *_tag(figures, sections, language),
        *_word(sections, language),
    ]


def _mood(figures: Figures, sections: Sections, language: str) -> Iterator[str]:
    mood = figures.commonest
    if sections.moods and mood and figures.entries > 1:
        count, entries = f"{figures.moods[mood]:,}", f"{figures.entries:,}"
        yield say(language, "report.says_mood", mood=BY_KEY[mood].name(language), count=count, entries=entries)


def _months(figures: Figures, language: str) -> Iterator[str]:
    """The brightest and the hardest month of those with enough days."""
    of_months = sorted((month for month in months(figures) if month.days >= ENOUGH_DAYS), key=lambda one: one.valence)
    if len(of_months) < 2 or of_months[0].valence == of_months[-1].valence:
        return
    is_one_year = figures.span.first.year == figures.span.last.year
    hardest, brightest = (
        titles.month_name(language, month.first) if is_one_year else titles.month(language, month.first)
        for month in (of_months[0], of_months[-1])
    )
    yield say(language, "report.says_months", brightest=brightest, hardest=hardest, days=ENOUGH_DAYS)


def _run(figures: Figures, language: str) -> Iterator[str]:
    run = longest_run(figures.days)
    if run and (days := (run[1] - run[0]).days + 1) >= _RUN_LEAST:
        yield say(language, "report.says_run", days=f"{days:,}", dates=titles.dates(language, *run))


def _tag(figures: Figures, sections: Sections, language: str) -> Iterator[str]:
    if not sections.tags or not figures.tags or figures.tags[0].days < 2:
        return
    first, *others = figures.tags
    if not others or others[0].days < first.days:
        yield say(language, "report.says_tag", tag=first.name, days=f"{first.days:,}")


def _word(sections: Sections, language: str) -> Iterator[str]:
    if not sections.words:
        return
    first, *others = sections.words
    if not others or others[0].days < first.days:
        yield say(language, "report.says_word", word=first.text, days=f"{first.days:,}")
