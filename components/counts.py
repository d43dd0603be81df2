"""Numbers as sentences and tables say them."""

from __future__ import annotations

from collections.abc import Mapping

from components.moods import mood_name
from components.visitor import t
from diary.patterns import Summary
from emotions import EMOTIONS


def percent(share: float) -> str:
    return f"{share:.0%}"


def how_likely(score: float) -> int:
    """What a model says, in percent; never all: no model knows that."""
    return min(99, round(100 * score))


def signed(value: float) -> str:
    """Valence and arousal, with a true minus; nothing where there is nothing."""
    return "" if value != value else f"{value:+.2f}".replace("-", "−")


def most_common(summary: Summary, most: int = 3) -> str:
    return ", ".join(f"{mood_name(mood)} {percent(summary.shares[mood])}" for mood in summary.commonest[:most])


def shares_table(heading: str, groups: Mapping[str, Summary]) -> dict[str, list]:
    """One row a group: its days, its mean valence and the share of each mood."""
    table: dict[str, list] = {
        heading: list(groups),
        t("history.days"): [group.days for group in groups.values()],
        t("history.valence"): [signed(group.valence) for group in groups.values()],
    }
    for mood in EMOTIONS:
        table[mood_name(mood)] = [percent(group.shares.get(mood, 0)) for group in groups.values()]
    return table
