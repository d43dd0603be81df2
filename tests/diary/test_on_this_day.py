from __future__ import annotations

from datetime import date

import pytest

from diary import on_this_day
from diary.on_this_day import ON_THIS_DAY, same_days
from diary.sessions import Session
from tests.diary.histories import keep


def test_nothing_is_remembered_unasked(person: Session) -> None:
    keep(person, "2025-11-20", note="a year ago")
    assert on_this_day.of(person, date(2026, 11, 20)) == []
    ON_THIS_DAY.choose(person, True)
    (memory,) = on_this_day.of(person, date(2026, 11, 20))
    assert (memory.day, memory.years, memory.entries[0].note) == (date(2025, 11, 20), 1, "a year ago")


def test_a_month_ago_first_then_the_years(person: Session) -> None:
    ON_THIS_DAY.choose(person, True)
    for day in ("2023-11-20", "2025-11-20", "2026-10-20", "2026-11-20", "2025-11-19"):
        keep(person, day)
    found = on_this_day.of(person, date(2026, 11, 20))
    assert [(memory.day.isoformat(), memory.years) for memory in found] == [
        ("2026-10-20", 0),
        ("2025-11-20", 1),
        ("2023-11-20", 3),
    ]


def test_an_empty_diary_remembers_nothing(person: Session, stranger: Session) -> None:
    keep(stranger, "2025-11-20")
    ON_THIS_DAY.choose(person, True)
    assert on_this_day.of(person, date(2026, 11, 20)) == []


@pytest.mark.parametrize(
    ("today", "days"),
    [
        # The leap day itself; in common years it is remembered on the 28th.
        ("2024-02-29", ["2024-01-29", "2020-02-29"]),
        ("2025-02-28", ["2025-01-28", "2024-02-28", "2024-02-29", "2023-02-28", "2022-02-28", "2021-02-28",
                        "2020-02-28", "2020-02-29"]),
        ("2024-02-28", ["2024-01-28", "2023-02-28", "2022-02-28", "2021-02-28", "2020-02-28"]),
        ("2024-03-01", ["2024-02-01", "2023-03-01", "2022-03-01", "2021-03-01", "2020-03-01"]),
        # February has no 31st.
        ("2021-03-31", ["2020-03-31"]),
        ("2021-01-15", ["2020-12-15", "2020-01-15"]),
    ],
)  # fmt: skip
def test_the_same_day_of_other_years(today: str, days: list[str]) -> None:
    found = same_days(date.fromisoformat(today), date(2020, 1, 1))
    assert [day.isoformat() for day, _ in found] == days
