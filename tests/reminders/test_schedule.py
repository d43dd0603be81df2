"""When a reminder is due: on the person's own clock, on their days, within the hour, and never the next day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from diary import errors
from diary.sessions import Session
from reminders import schedule
from reminders.schedule import Schedule, due

SEOUL, NEW_YORK, KIRITIMATI = "Asia/Seoul", "America/New_York", "Pacific/Kiritimati"
NINE = Schedule(time(21, 0))


def utc(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "is_due"),
    [
        (utc(2026, 11, 20, 11, 59, 59), False),
        (utc(2026, 11, 20, 12, 0), True),
        (utc(2026, 11, 20, 12, 59, 59), True),
        (utc(2026, 11, 20, 13, 0), False),
    ],
)
def test_within_an_hour_after_its_time(now: datetime, is_due: bool) -> None:
    found = due(NINE, SEOUL, now)
    assert (found is not None) is is_due
    if found:
        assert (found.day, found.expires) == (date(2026, 11, 20), utc(2026, 11, 20, 15))  # midnight in Seoul


def test_it_is_the_persons_day_and_not_the_servers() -> None:
    found = due(NINE, KIRITIMATI, utc(2026, 11, 20, 7))
    assert found is not None
    assert found.day == date(2026, 11, 20)
    found = due(NINE, NEW_YORK, utc(2026, 11, 21, 2))
    assert found is not None
    assert found.day == date(2026, 11, 20)
    assert due(NINE, "no/such/zone", utc(2026, 11, 20, 12)) is not None, "a zone that is gone counts as Seoul's"


def test_only_on_the_chosen_days() -> None:
    weekend = Schedule(time(21, 0), frozenset({5, 6}))
    assert due(weekend, SEOUL, utc(2026, 11, 20, 12)) is None  # a Friday
    assert due(weekend, SEOUL, utc(2026, 11, 21, 12)) is not None
    # In New York it is still Friday evening while it is Saturday in Greenwich.
    assert due(weekend, NEW_YORK, utc(2026, 11, 21, 2)) is None


def test_a_late_reminder_ends_at_midnight() -> None:
    late = Schedule(time(23, 50))
    found = due(late, SEOUL, utc(2026, 11, 20, 14, 55))
    assert found is not None
    assert found.expires == utc(2026, 11, 20, 15)
    assert due(late, SEOUL, utc(2026, 11, 20, 15, 0)) is None


def test_an_early_one_expires_after_four_hours() -> None:
    found = due(Schedule(time(8)), SEOUL, utc(2026, 11, 19, 23, 10))
    assert found is not None
    assert found.expires == utc(2026, 11, 20, 3)


def test_a_time_that_had_passed_when_it_was_chosen_waits_for_the_next_day() -> None:
    chosen = Schedule(time(21, 0), since=utc(2026, 11, 20, 12, 20))
    assert due(chosen, SEOUL, utc(2026, 11, 20, 12, 30)) is None
    assert due(chosen, SEOUL, utc(2026, 11, 21, 12, 30)) is not None


def moments_of(chosen: Schedule, zone: str, first: datetime, hours: int) -> list[tuple[date, datetime]]:
    """The first moment of each day at which the reminder is due, to the minute."""
    found: dict[date, datetime] = {}
    for minute in range(hours * 60):
        moment = first + timedelta(minutes=minute)
        if (each := due(chosen, zone, moment)) and each.day not in found:
            found[each.day] = moment
    return list(found.items())


def test_a_time_that_the_clock_skips_in_spring() -> None:
    # On 14 March 2027 New York's clock goes from 2:00 to 3:00.
    assert moments_of(Schedule(time(2, 30)), NEW_YORK, utc(2027, 3, 13, 0), 72) == [
        (date(2027, 3, 13), utc(2027, 3, 13, 7, 30)),
        (date(2027, 3, 14), utc(2027, 3, 14, 7, 30)),  # 3:30
        (date(2027, 3, 15), utc(2027, 3, 15, 6, 30)),
    ]


def test_a_time_that_the_clock_shows_twice_in_autumn() -> None:
    # On 1 November 2026 New York's clock shows 1:30 twice. Once is enough; the claim of that day holds the second off.
    found = moments_of(Schedule(time(1, 30)), NEW_YORK, utc(2026, 10, 31, 0), 72)
    assert found == [
        (date(2026, 10, 31), utc(2026, 10, 31, 5, 30)),
        (date(2026, 11, 1), utc(2026, 11, 1, 5, 30)),
        (date(2026, 11, 2), utc(2026, 11, 2, 6, 30)),
    ]


def test_it_is_stored_for_one_person(person: Session, stranger: Session) -> None:
    assert schedule.of(person) == Schedule()
    schedule.choose(person, time(7, 45), {0, 2})
    found = schedule.of(person)
    assert (found.at, found.weekdays) == (time(7, 45), frozenset({0, 2}))
    assert datetime.now(UTC) - found.since < timedelta(minutes=1)
    assert schedule.of(stranger) == Schedule()
    with pytest.raises(errors.ReminderWithoutDay):
        schedule.choose(person, time(9), ())
    with pytest.raises(ValueError, match="no days"):
        schedule.choose(person, time(9), {7})
    assert schedule.of(person) == found
