"""Which automatic backups stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backups import generations
from settings import KeptBackups

START = datetime(2025, 1, 1, 3, 1, tzinfo=UTC)
PLAN = KeptBackups(7, 4, 6)


def test_a_year_of_daily_backups_leaves_seven_days_four_weeks_and_six_months() -> None:
    there: set[str] = set()
    for day in range(365):
        made = generations.name_of(START + timedelta(days=day))
        there.add(made)
        there -= set(generations.expired(there, PLAN, made))
    left = [generations.made_at(name).date().isoformat() for name in generations.automatic(there)]
    assert left == [
        *(f"2025-12-{day}" for day in range(31, 24, -1)),
        *("2025-12-21", "2025-12-14"),  # the last days of the two weeks before; this week and the last are above
        *("2025-11-30", "2025-10-31", "2025-09-30", "2025-08-31", "2025-07-31"),
    ]


def test_what_a_person_named_is_never_removed() -> None:
    made = generations.name_of(START)
    others = {
        *("haru.db", "mine.db", "haru-20240101T030000Z-auto.db.bak", "copy of haru-20240101T030000Z-auto.db"),
        *("haru-20240101T030000000000-before-0015_known_browsers.db", "haru-20249901T030000Z-auto.db"),
        *("haru-20240101T030000Z-before-restore.db", "haru-20240101T030000Z-auto.db.unfinished", made),
    }
    assert generations.expired(others, KeptBackups(1, 0, 0), made) == []


@pytest.mark.parametrize("days", [-400, 400])
def test_what_was_made_just_now_stays_also_after_the_clock_was_set(days: int) -> None:
    there = [generations.name_of(START + timedelta(days=day)) for day in range(30)]
    made = generations.name_of(START + timedelta(days=days))
    assert made not in generations.expired([*there, made], KeptBackups(2, 0, 0), made)


def test_a_name_tells_its_moment() -> None:
    seoul = START.astimezone()
    assert generations.made_at(generations.name_of(seoul)) == START
    assert generations.made_at(generations.name_of(START) + generations.SEALED) == START
    assert generations.made_at("haru-20250101T030100Z-auto.db/") is None


def test_the_one_before_the_newest_stays_also_if_it_is_of_the_same_day() -> None:
    there = [generations.name_of(START + timedelta(hours=hours)) for hours in range(4)]
    assert generations.expired(there, KeptBackups(1, 0, 0), there[3]) == [there[1], there[0]]
