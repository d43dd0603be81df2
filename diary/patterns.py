"""What a stretch of days looks like in numbers: shares, smoothed curves, weekdays, hours, tags, corrections.

Only what the person confirmed counts; what models said is read in one place, to count how often it was corrected.
A day weighs one, however many entries it has. Nothing here says why: days with a tag are days with a tag.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from diary import database, entries, readings
from diary.entries import INTENSITIES
from diary.sessions import Session
from emotions import BY_KEY, EMOTIONS

ENOUGH_DAYS = 10
"""Fewer days than this say nothing yet."""
PARTS_OF_DAY = tuple(range(0, 24, 3))
"""The hours at which each part of a day begins."""

_PLANE = np.array([[BY_KEY[mood].valence, BY_KEY[mood].arousal] for mood in EMOTIONS])
_PLACE_OF = {mood: place for place, mood in enumerate(EMOTIONS)}
# Standard errors beyond which a difference is hardly chance: p < .01, because several are looked at together.
_CLEAR = 2.58


@dataclass(frozen=True)
class EntryColumns:
    """The confirmed entries of some days, one place in each column an entry."""

    days: np.ndarray
    """datetime64[D], the person's own days."""
    hours: np.ndarray
    """By the clock where the person was; -1 where no time is known."""
    moods: np.ndarray
    """Places in EMOTIONS."""
    intensities: np.ndarray
    sources: np.ndarray

    def __len__(self) -> int:
        return len(self.days)

    def where(self, chosen: np.ndarray) -> EntryColumns:
        return EntryColumns(*(column[chosen] for column in vars(self).values()))

    def between(self, first: date, last: date) -> EntryColumns:
        return self.where((self.days >= np.datetime64(first)) & (self.days <= np.datetime64(last)))


@dataclass(frozen=True)
class DayColumns:
    """One row for each day that has entries; its entries share it."""

    days: np.ndarray
    entries: np.ndarray
    shares: np.ndarray
    """Days × moods; every row sums to one."""
    plane: np.ndarray
    """Days × (valence, arousal), each -1…1: where the day's moods lie, the stronger the further out."""

    def __len__(self) -> int:
        return len(self.days)

    def where(self, chosen: np.ndarray) -> DayColumns:
        return DayColumns(*(column[chosen] for column in vars(self).values()))


@dataclass(frozen=True)
class Summary:
    """Some days in one line."""

    days: int
    entries: int
    shares: dict[str, float]
    """Mean share of each mood; empty without days."""
    valence: float
    arousal: float
    error: float
    """Standard error of the mean valence."""

    @property
    def has_enough_days(self) -> bool:
        return self.days >= ENOUGH_DAYS

    @property
    def commonest(self) -> list[str]:
        """Moods that occurred, by their share."""
        return sorted((mood for mood in self.shares if self.shares[mood] > 0), key=lambda mood: -self.shares[mood])


@dataclass(frozen=True)
class Curve:
    """Valence and arousal through time, smoothed; NaN where there are no days near."""

    days: list[date]
    middle: np.ndarray
    """Times × (valence, arousal)."""
    spread: np.ndarray
    """How far days usually lie from the middle: about two thirds are nearer than this."""


@dataclass(frozen=True)
class TagDays:
    """Days on which a tag was used, beside the other days of the same stretch."""

    tag: str
    on: Summary
    off: Summary


@dataclass(frozen=True)
class CorrectionCount:
    """What one source's models said, and how often the person said otherwise."""

    source: str
    read: int
    corrected: int
    swaps: tuple[tuple[str, str, int], ...]
    """(said, confirmed, how often), the most frequent first."""


def entry_columns(session: Session, first: date, last: date) -> EntryColumns:
    with database.connect() as db:
        rows = db.execute(
            "select day, happened_at, time_known, timezone, mood, intensity, source from entries "
            "where account_id = ? and day between ? and ? order by day, happened_at",
            [session.account_id, first.isoformat(), last.isoformat()],
        ).fetchall()
    columns = list(zip(*rows, strict=True)) if rows else [()] * 7
    days, at, known, zones, moods, intensities, sources = columns
    return EntryColumns(
        np.array(days, "datetime64[D]"),
        np.array([_hour(*when) for when in zip(at, known, zones, strict=True)], int),
        np.array([_PLACE_OF[mood] for mood in moods], int),
        np.array(intensities, float),
        np.array(sources, str),
    )


def by_day(of: EntryColumns) -> DayColumns:
    days, row, count = np.unique(of.days, return_inverse=True, return_counts=True)
    shares = np.zeros((len(days), len(EMOTIONS)))
    np.add.at(shares, (row, of.moods), 1)
    plane = np.zeros((len(days), 2))
    np.add.at(plane, row, _PLANE[of.moods] * (of.intensities / max(INTENSITIES))[:, None])
    return DayColumns(days, count, shares / count[:, None], plane / count[:, None])


def summary(of: DayColumns) -> Summary:
    number = len(of)
    if not number:
        return Summary(0, 0, {}, np.nan, np.nan, np.nan)
    valence, arousal = of.plane.mean(0)
    error = of.plane[:, 0].std(ddof=1) / np.sqrt(number) if number > 1 else np.nan
    shares = dict(zip(EMOTIONS, of.shares.mean(0).tolist(), strict=True))
    return Summary(number, int(of.entries.sum()), shares, float(valence), float(arousal), float(error))


def differ_clearly(one: Summary, other: Summary) -> bool:
    """Whether two summaries differ in valence by more than chance would often bring about."""
    return bool(abs(one.valence - other.valence) > _CLEAR * np.hypot(one.error, other.error))


def over_time(of: DayColumns, begin: Callable[[date], date]) -> dict[date, Summary]:
    """A summary for each stretch of time; `begin` (each_day, week, month) says when the stretch of a day begins."""
    begins = np.array([begin(day) for day in of.days.tolist()], "datetime64[D]")
    return {stretch: summary(of.where(begins == np.datetime64(stretch))) for stretch in np.unique(begins).tolist()}


def each_day(day: date) -> date:
    return day


def week(first_weekday: int) -> Callable[[date], date]:
    return lambda day: day - timedelta(days=(day.weekday() - first_weekday) % 7)


def month(day: date) -> date:
    return day.replace(day=1)


def smoothed(of: DayColumns, first: date, last: date, width: float, most: int = 200) -> Curve:
    """A moving average in which a day `width` days away counts 61 % of a day at hand (a normal kernel)."""
    step = max(1, (last - first).days // most)
    times = np.arange(np.datetime64(first), np.datetime64(last) + 1, step)
    away = (times[:, None] - of.days[None, :]).astype(float) / width
    weight = np.exp(-0.5 * away**2)
    total = weight.sum(1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = weight @ of.plane / total
        spread = np.sqrt(np.maximum(weight @ of.plane**2 / total - middle**2, 0))
    nowhere = total[:, 0] < 1  # less than one whole day near: a line here would be made up
    middle[nowhere] = spread[nowhere] = np.nan
    return Curve(times.tolist(), middle, spread)


def by_weekday(of: DayColumns) -> list[Summary]:
    """Monday first, as Python counts."""
    weekdays = (of.days.astype(int) + 3) % 7  # day 0, 1 January 1970, was a Thursday
    return [summary(of.where(weekdays == weekday)) for weekday in range(7)]


def by_part_of_day(of: EntryColumns) -> list[Summary]:
    """One for each of PARTS_OF_DAY, of the entries whose time is known."""
    span = 24 // len(PARTS_OF_DAY)
    return [summary(by_day(of.where((of.hours >= start) & (of.hours < start + span)))) for start in PARTS_OF_DAY]


def by_source(of: EntryColumns) -> dict[str, Summary]:
    """Days as each source started them, the most used first."""
    return {
        source: summary(by_day(of.where(of.sources == source)))
        for source, _ in Counter(of.sources.tolist()).most_common()
    }


def tags_by_day(session: Session, first: date, last: date) -> dict[str, set[date]]:
    """On which days each tag was used. Tags are sealed: every entry of these days is opened."""
    days_of = defaultdict(set)
    for day, tags in entries.tags_between(session, first, last):
        for tag in tags:
            days_of[tag].add(day)
    return dict(days_of)


def by_tag(of: DayColumns, days_of: dict[str, Iterable[date]]) -> list[TagDays]:
    """Tags with enough days both with and without them, the most used first."""
    told = []
    for tag, days in days_of.items():
        on = np.isin(of.days, np.array(sorted(days), "datetime64[D]"))
        if min(on.sum(), (~on).sum()) >= ENOUGH_DAYS:
            told.append(TagDays(tag, summary(of.where(on)), summary(of.where(~on))))
    return sorted(told, key=lambda one: (-one.on.days, one.tag))


def corrections(session: Session, first: date, last: date) -> list[CorrectionCount]:
    """How often what a model thought likeliest is not what the person confirmed."""
    columns = ", ".join(f"r.{mood}" for mood in EMOTIONS)
    with database.connect() as db:
        rows = db.execute(
            f"select r.source, e.mood, {columns} from readings r join entries e on e.id = r.entry_id "  # noqa: S608
            "where e.account_id = ? and e.day between ? and ?",
            [session.account_id, first.isoformat(), last.isoformat()],
        ).fetchall()
    pairs = defaultdict(Counter)
    for source, confirmed, *scores in rows:
        if not readings.are_valid(source, scores):
            continue
        pairs[source][EMOTIONS[scores.index(max(scores))], confirmed] += 1
    told = []
    for source, counted in pairs.items():
        swaps = tuple((said, meant, number) for (said, meant), number in counted.most_common() if said != meant)
        told.append(CorrectionCount(source, counted.total(), sum(number for _, _, number in swaps), swaps))
    return sorted(told, key=lambda one: -one.read)


def _hour(at: str, known: int, zone: str) -> int:
    return datetime.fromisoformat(at).astimezone(_zone(zone)).hour if known else -1


_zone = cache(ZoneInfo)
