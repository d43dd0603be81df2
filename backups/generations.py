"""Which automatic backups are kept: the newest of each of some days, weeks and months.

Only names that Haru itself gives count. What a person put into the folder stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime

from settings import KeptBackups

SEALED = ".sealed"
_NAME = re.compile(rf"haru-(\d{{8}}T\d{{6}})Z-auto\.db(?:{re.escape(SEALED)})?", re.ASCII)
_FORMAT = "%Y%m%dT%H%M%S"


def name_of(moment: datetime) -> str:
    """The file name of the automatic backup of a moment, without the ending of a sealed one."""
    return f"haru-{moment.astimezone(UTC):{_FORMAT}}Z-auto.db"


def made_at(name: str) -> datetime | None:
    """When an automatic backup was made; None for every other file."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], _FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None


def automatic(names: Iterable[str]) -> list[str]:
    """The automatic backups among these names, the newest first."""
    dated = [(moment, name) for name in names if (moment := made_at(name))]
    return [name for _, name in sorted(dated, reverse=True)]


def expired(names: Iterable[str], kept: KeptBackups, newest: str) -> list[str]:
    """The automatic backups that are no longer kept; `newest` was made just now, whatever the clock says.

    The two newest always stay: who makes a backup after a mistake still has the one before it.
    """
    ordered = automatic(names)
    stay = {newest, *ordered[:2]}
    for count, period in ((kept.days, _day), (kept.weeks, _week), (kept.months, _month)):
        stay |= _newest_of_each(ordered, period, count)
    return [name for name in ordered if name not in stay]


def _newest_of_each(ordered: list[str], period: Callable[[datetime], Hashable], count: int) -> set[str]:
    first: dict[Hashable, str] = {}
    for name in ordered:
        if moment := made_at(name):
            first.setdefault(period(moment), name)
    return set(list(first.values())[:count])


def _day(moment: datetime) -> Hashable:
    return moment.date()


def _week(moment: datetime) -> Hashable:
    return moment.isocalendar()[:2]


def _month(moment: datetime) -> Hashable:
    return moment.year, moment.month
