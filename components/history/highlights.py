"""History, opening: up to three sentences that a friend would say about the diary."""

from __future__ import annotations

import streamlit as st

from components.dates import month_day_label, month_name, weekdays
from components.text import plain
from components.tracker_text import tracker_label, value_text
from components.visitor import current_language, t
from diary import korean_particles
from diary.habits import Habit, Split
from diary.highlights import Comparison, EveryDay, Fact, MainFeeling, Run, Span
from feelings import BY_KEY as FEELINGS

_DIRECTIONS = {
    2: "highlight.brighter",
    1: "highlight.brighter_little",
    0: "highlight.alike",
    -1: "highlight.harder_little",
    -2: "highlight.harder",
}
_TRACKERS = {
    (False, 0): "highlight.tracker",
    (False, 1): "highlight.tracker_after",
    (True, 0): "highlight.tracker_yes",
    (True, 1): "highlight.tracker_yes_after",
}
"""By whether the tracker is answered with yes or no, and how many days later the mood was."""


def highlights(facts: list[Fact]) -> None:
    if sentences := [sentence_of(fact) for fact in facts if _is_known(fact)]:
        with st.container(key="history_highlights", gap="xsmall"):
            for sentence in sentences:
                st.markdown(sentence)


def sentence_of(fact: Fact) -> str:
    """The sentence of a fact, as Markdown."""
    match fact:
        case Comparison():
            sentence = _comparison(fact)
        case Habit():
            sentence = _habit(fact)
        case Run():
            days = {"first": month_day_label(fact.first), "last": month_day_label(fact.last)}
            sentence = t("highlight.run", length=fact.length, **days)
        case EveryDay():
            key = "highlight.every_day" if fact.span.is_whole else "highlight.every_first_day"
            sentence = t(key, month=month_name(fact.span.first), days=fact.span.length)
        case MainFeeling():
            feeling = FEELINGS[fact.feeling].name(current_language())
            sentence = t("highlight.feeling", month=month_name(fact.span.first), feeling=feeling, days=fact.days)
    return korean_particles.chosen(sentence)


def _is_known(fact: Fact) -> bool:
    """False for a feeling of a newer version."""
    return not isinstance(fact, MainFeeling) or fact.feeling in FEELINGS


def _comparison(fact: Comparison) -> str:
    is_year_ago = fact.before.first.year < fact.now.first.year and fact.before.first.month == fact.now.first.month
    now = _span("highlight.now_whole", "highlight.now_first", fact.now)
    before = (
        t("highlight.before_year")
        if is_year_ago
        else _span("highlight.before_whole", "highlight.before_first", fact.before)
    )
    then = t("highlight.then_year" if is_year_ago else "highlight.then_month", month=month_name(fact.before.first))
    return t(_DIRECTIONS[fact.direction], now=now, before=before, counts=_counts(fact, then))


def _counts(fact: Comparison, then: str) -> str:
    days = t(f"highlight.day_{fact.mood}") if fact.count == 1 else t(f"highlight.days_{fact.mood}")
    counts = {"days": days, "count": fact.count, "count_before": fact.count_before, "then": then}
    if not fact.is_like_with_like:
        return t("highlight.counts_of", kept=fact.kept, kept_before=fact.kept_before, **counts)
    if not fact.count:
        return t("highlight.counts_none_now", days=days, count_before=fact.count_before, then=then)
    if not fact.count_before:
        return t("highlight.counts_none_before", days=days, count=fact.count, then=then)
    return t("highlight.counts", **counts)


def _span(whole: str, first_days: str, span: Span) -> str:
    return t(whole if span.is_whole else first_days, month=month_name(span.first), days=span.length)


def _habit(fact: Habit) -> str:
    counts = {
        "mood_days": t(f"highlight.days_{fact.mood}"),
        "count": fact.count,
        "days": fact.days,
        "other_count": fact.other_count,
        "other_days": fact.other_days,
    }
    if isinstance(fact.of, Split):
        tracker = fact.of.tracker
        limit = value_text(tracker.kind, fact.of.limit)
        key = _TRACKERS[tracker.kind == "yes_no", fact.of.lag]
        return t(key, of=tracker_label(tracker), limit=limit, **counts)
    if isinstance(fact.of, int):
        return t("highlight.weekday", of=weekdays()[fact.of], **counts)
    return t("highlight.tag", of=f"\\#{plain(fact.of)}", **counts)
