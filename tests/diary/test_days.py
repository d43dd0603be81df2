from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from diary import days


@pytest.mark.parametrize(
    ("claimed", "zone"),
    [
        ("America/New_York", "America/New_York"),
        ("Mars/Olympus", "Asia/Seoul"),
        ("", "Asia/Seoul"),
        (None, "Asia/Seoul"),
        ("../../etc/passwd", "Asia/Seoul"),
        (7, "Asia/Seoul"),
    ],
)
def test_a_zone_that_does_not_exist_is_not_believed(claimed: object, zone: str) -> None:
    assert days.known_zone(claimed, "Asia/Seoul") == zone


def test_the_zones_of_the_world_are_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(days, "available_timezones", lambda: asked.append(1) or {"Asia/Seoul", "Europe/Berlin"})
    days._zones.cache_clear()
    assert [days.known_zone(zone, "?") for zone in ("Europe/Berlin", "Asia/Seoul", "Moon")] == [
        "Europe/Berlin",
        "Asia/Seoul",
        "?",
    ]
    assert len(asked) == 1
    days._zones.cache_clear()


def test_a_moment_belongs_to_the_persons_own_clock() -> None:
    assert days.instant(date(2026, 3, 8), time(0, 1), "Asia/Seoul") == datetime(2026, 3, 7, 15, 1, tzinfo=UTC)
    # New York's clocks skip 02:30 on this day; the entry still stays on it.
    skipped = days.instant(date(2026, 3, 8), time(2, 30), "America/New_York")
    assert skipped == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert days.local_time(skipped, "America/New_York") == time(3, 30)
