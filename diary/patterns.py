"""Statistics of a period: shares of moods, a smoothed curve, weekdays, hours, tags, feelings, corrections.

They count the moods that the person confirmed; only `corrections` reads what models said. Each day has the same weight,
however many entries it has. No figure claims a cause.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from diary import certainty, database, entries, readings
from diary.entries import INTENSITIES
from diary.sessions import Session
from emotions import BY_KEY, EMOTIONS

ENOUGH_DAYS = 10
"""With fewer days, pages show no conclusion."""
PARTS_OF_DAY = tuple(range(0, 24, 3))
"""The hours at which the parts of a day begin."""

_PLANE = np.array([[BY_KEY[mood].valence, BY_KEY[mood].arousal] for mood in EMOTIONS])
_INDEX = {mood: index for index, mood in enumerate(EMOTIONS)}


@dataclass(frozen=True)
class EntryColumns:
    """Entries as columns; the same position in each column is one entry."""

    days: np.ndarray
    """datetime64[D], in the person's time zone."""
    hours: np.ndarray
    """In the time zone where the person was; -1 for an unknown time."""
    moods: np.ndarray
    """Indices into EMOTIONS."""
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
    """Days that have entries, as columns; the same position in each column is one day."""

    days: np.ndarray
    entries: np.ndarray
    shares: np.ndarray
    """Days × moods: the part of each mood in the day's entries. Each row sums to one."""
    plane: np.ndarray
    """Days × (valence, arousal), each -1…1: the mean of the day's entries, weighted by intensity."""

    def __len__(self) -> int:
        return len(self.days)

    def where(self, chosen: np.ndarray) -> DayColumns:
        return DayColumns(*(column[chosen] for column in vars(self).values()))

    def are_in(self, chosen: Iterable[date]) -> np.ndarray:
        """For each day whether it is one of these."""
        return np.isin(self.days, np.array(sorted(chosen), "datetime64[D]"))


@dataclass(frozen=True)
class Summary:
    """A summary of some days."""

    days: int
    entries: int
    shares: dict[str, float]
    """Mean share of each mood; empty without days."""
    valence: float
    arousal: float

    @property
    def has_enough_days(self) -> bool:
        return self.days >= ENOUGH_DAYS

    @property
    def commonest(self) -> list[str]:
        """The moods that occurred, largest share first."""
        return sorted((mood for mood in self.shares if self.shares[mood] > 0), key=lambda mood: -self.shares[mood])


@dataclass(frozen=True)
class Curve:
    """Smoothed valence and arousal over time; NaN where no days are near."""

    days: list[date]
    middle: np.ndarray
    """Times × (valence, arousal)."""
    spread: np.ndarray
    """The standard deviation: about two thirds of the days are nearer to the middle."""


@dataclass(frozen=True)
class Contrast:
    """Some days beside others, and of each of two differences the chance that it comes about without a cause."""

    on: Summary
    off: Summary
    valence_p: float
    mood: str
    """The mood whose share differs most."""
    mood_p: float

    LOOKED_AT = 1 + len(EMOTIONS)
    """How many differences a contrast chooses from."""


@dataclass(frozen=True)
class Extremes:
    """The most and the least pleasant of several groups of days."""

    best: int
    worst: int
    valence_p: float
    looked_at: int
    """The number of pairs that they were chosen from."""


@dataclass(frozen=True)
class TagDays:
    """Days with a tag, and the other days of the same period."""

    tag: str
    found: Contrast


@dataclass(frozen=True)
class CorrectionCount:
    """How many readings of one source the person corrected."""

    source: str
    read: int
    corrected: int
    swaps: tuple[tuple[str, str, int], ...]
    """(the model's mood, the person's mood, count), most frequent first."""


def entry_columns(session: Session, first: date, last: date) -> EntryColumns:
    """The entries of a period."""
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
        np.array([_INDEX[mood] for mood in moods], int),
        np.array(intensities, float),
        np.array(sources, str),
    )


def by_day(columns: EntryColumns) -> DayColumns:
    """The entries grouped by day."""
    days, row, count = np.unique(columns.days, return_inverse=True, return_counts=True)
    shares = np.zeros((len(days), len(EMOTIONS)))
    np.add.at(shares, (row, columns.moods), 1)
    plane = np.zeros((len(days), 2))
    np.add.at(plane, row, _PLANE[columns.moods] * (columns.intensities / max(INTENSITIES))[:, None])
    return DayColumns(days, count, shares / count[:, None], plane / count[:, None])


def summary(days: DayColumns) -> Summary:
    """The summary of all these days."""
    number = len(days)
    if not number:
        return Summary(0, 0, {}, np.nan, np.nan)
    valence, arousal = days.plane.mean(0)
    shares = dict(zip(EMOTIONS, days.shares.mean(0).tolist(), strict=True))
    return Summary(number, int(days.entries.sum()), shares, float(valence), float(arousal))


def contrast(days: DayColumns, on: np.ndarray) -> Contrast | None:
    """The days of `on` (a boolean for each day) beside the others; None unless each group has enough days."""
    if min(on.sum(), (~on).sum()) < ENOUGH_DAYS:
        return None
    place = int(np.abs(days.shares[on].mean(0) - days.shares[~on].mean(0)).argmax())
    return Contrast(
        summary(days.where(on)),
        summary(days.where(~on)),
        certainty.p_of_means(days.days, on, days.plane[:, 0]),
        EMOTIONS[place],
        certainty.p_of_counts(days.days, on, days.shares[:, place]),
    )


def together(first: DayColumns, second: DayColumns) -> DayColumns:
    """The days of both; `first` is the earlier one."""
    return DayColumns(*(np.concatenate(pair) for pair in zip(vars(first).values(), vars(second).values(), strict=True)))


def over_time(days: DayColumns, begin: Callable[[date], date]) -> dict[date, Summary]:
    """A summary for each step of time; `begin` (each_day, week, month) returns the first day of a day's step."""
    begins = np.array([begin(day) for day in days.days.tolist()], "datetime64[D]")
    return {step: summary(days.where(begins == np.datetime64(step))) for step in np.unique(begins).tolist()}


def each_day(day: date) -> date:
    return day


def week(first_weekday: int) -> Callable[[date], date]:
    return lambda day: day - timedelta(days=(day.weekday() - first_weekday) % 7)


def month(day: date) -> date:
    return day.replace(day=1)


def smoothed(days: DayColumns, first: date, last: date, width: float, most: int = 200) -> Curve:
    """A moving average with a normal kernel: a day `width` days away has 61 % of the weight of the day itself."""
    step = max(1, (last - first).days // most)
    times = np.arange(np.datetime64(first), np.datetime64(last) + 1, step)
    away = (times[:, None] - days.days[None, :]).astype(float) / width
    weight = np.exp(-0.5 * away**2)
    total = weight.sum(1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = weight @ days.plane / total
        spread = np.sqrt(np.maximum(weight @ days.plane**2 / total - middle**2, 0))
    unknown = total[:, 0] < 1  # less than one whole day is near: a line here would have no data
    middle[unknown] = spread[unknown] = np.nan
    return Curve(times.tolist(), middle, spread)


def by_weekday(days: DayColumns) -> list[DayColumns]:
    """The days of each weekday, Monday first."""
    weekdays = (days.days.astype(int) + 3) % 7  # day 0, 1 January 1970, was a Thursday
    return [days.where(weekdays == weekday) for weekday in range(7)]


def by_part_of_day(columns: EntryColumns) -> list[DayColumns]:
    """The days of each of PARTS_OF_DAY, by the entries whose time is known."""
    hours, span = columns.hours, 24 // len(PARTS_OF_DAY)
    parts = [columns.where((hours >= start) & (hours < start + span)) for start in PARTS_OF_DAY]
    return [by_day(part) for part in parts]


def extremes(groups: Sequence[DayColumns]) -> Extremes | None:
    """The most and the least pleasant of the groups with enough days; None with fewer than two such groups."""
    enough = [place for place, group in enumerate(groups) if len(group) >= ENOUGH_DAYS]
    if len(enough) < 2:
        return None
    ranked = sorted(enough, key=lambda place: groups[place].plane[:, 0].mean())
    best, worst = ranked[-1], ranked[0]
    both = together(groups[best], groups[worst])
    is_best = np.arange(len(both)) < len(groups[best])
    order = np.argsort(both.days, kind="stable")
    p = certainty.p_of_means(both.days[order], is_best[order], both.plane[order, 0])
    return Extremes(best, worst, p, looked_at=len(enough) * (len(enough) - 1) // 2)


def by_source(columns: EntryColumns) -> dict[str, Summary]:
    """A summary of the entries that began with each source, most used first."""
    sources = columns.sources
    return {
        source: summary(by_day(columns.where(sources == source)))
        for source, _ in Counter(sources.tolist()).most_common()
    }


def tags_by_day(session: Session, first: date, last: date) -> dict[str, set[date]]:
    """The days of each tag. Tags are sealed, so it opens every entry of the period."""
    days_of = defaultdict(set)
    for day, tags in entries.tags_between(session, first, last):
        for tag in tags:
            days_of[tag].add(day)
    return dict(days_of)


def feelings_by_day(session: Session, first: date, last: date) -> dict[str, set[date]]:
    """The days of each feeling, by its key. Feelings are sealed too."""
    days_of = defaultdict(set)
    for day, feelings in entries.feelings_between(session, first, last):
        for feeling in feelings:
            days_of[feeling].add(day)
    return dict(days_of)


def by_tag(days: DayColumns, days_of: dict[str, Iterable[date]]) -> list[TagDays]:
    """The tags that have enough days both with and without them, most used first."""
    found = []
    for tag, tagged in days_of.items():
        if of_tag := contrast(days, days.are_in(tagged)):
            found.append(TagDays(tag, of_tag))
    return sorted(found, key=lambda tag_days: (-tag_days.found.on.days, tag_days.tag))


def by_feeling(days: DayColumns, days_of: dict[str, set[date]], lag: int) -> dict[str, Contrast]:
    """For each feeling the days `lag` days after it, beside those after days with other feelings, most chosen first.

    A day without any feeling counts for nothing: nobody knows whether it had this one.
    """
    shifted = {feeling: {day + timedelta(days=lag) for day in of_feeling} for feeling, of_feeling in days_of.items()}
    with_any = days.where(days.are_in(set().union(*shifted.values())))
    found = {feeling: contrast(with_any, with_any.are_in(of_feeling)) for feeling, of_feeling in shifted.items()}
    ranked = sorted(found, key=lambda feeling: (-len(days_of[feeling]), feeling))
    return {feeling: of_feeling for feeling in ranked if (of_feeling := found[feeling])}


def corrections(session: Session, first: date, last: date) -> list[CorrectionCount]:
    """For each source, how often its likeliest mood differs from the confirmed one."""
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
    found = []
    for source, counted in pairs.items():
        swaps = tuple((read, meant, number) for (read, meant), number in counted.most_common() if read != meant)
        found.append(CorrectionCount(source, counted.total(), sum(number for _, _, number in swaps), swaps))
    return sorted(found, key=lambda counts: -counts.read)


def _hour(at: str, known: int, zone: str) -> int:
    return datetime.fromisoformat(at).astimezone(_zone(zone)).hour if known else -1


_zone = cache(ZoneInfo)
