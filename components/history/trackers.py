"""History, trackers: each tracker over time, and the moods of the days with and around high values and low ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from components.dates import short_date
from components.history import charts
from components.history.certainty import looked_at
from components.history.chart_with_table import chart_with_table
from components.history.lags import WHEN, lag_sentence
from components.history.period import Period
from components.text import percent, plain
from components.tracker_text import tracker_label, value_text
from components.visitor import t
from diary import korean_particles, patterns, tracker_patterns, trackers
from diary.days import EARLIEST
from diary.patterns import ENOUGH_DAYS, Contrast, DayColumns
from diary.sessions import Session
from diary.trackers import Tracker, Value


def tracker_section(session: Session, days: DayColumns, period: Period, first_weekday: int) -> None:
    st.header(t("tracker.title"), anchor=False)
    found = trackers.intact(session)
    if not found:
        st.write(t("history.no_trackers"))
        st.page_link("pages/trackers.py", label=t("tracker.begin"), icon=":material/add:")
        return
    first = EARLIEST if period.is_everything else period.first  # values may be older than the first entry
    values = trackers.between(session, first, period.last)
    with_values = [tracker for tracker in found if values.get(tracker.id)]
    compared = {tracker.id: _compare(tracker, days, values[tracker.id]) for tracker in with_values}
    contrasts = sum(map(len, compared.values()))
    with st.container(key="history_pair_trackers"):
        for tracker in found:
            with st.container():
                st.subheader(tracker_label(tracker), anchor=False)
                of_tracker = values.get(tracker.id, {})
                if not of_tracker:
                    st.write(t("history.tracker_empty"))
                    continue
                own_period = replace(period, first=min(of_tracker)) if period.is_everything else period
                _over_time(tracker, of_tracker, own_period, first_weekday)
                if compared[tracker.id]:
                    _beside_moods(tracker, of_tracker, compared[tracker.id], contrasts)
                else:
                    both = tracker_patterns.days_with_both(days, of_tracker)
                    st.caption(t("history.tracker_silent", enough=ENOUGH_DAYS, days=both))
    if contrasts:
        st.caption(f"{looked_at(contrasts)} {t('history.tags_no_cause')}")


def _compare(tracker: Tracker, days: DayColumns, values: Mapping[date, Value]) -> dict[int, Contrast]:
    """By lag: the moods of the same day, the day after and the day before."""
    limit = tracker_patterns.limit(tracker.kind, values.values())
    if limit is None:
        return {}
    found = {lag: tracker_patterns.compare(days, values, limit, lag) for lag in tracker_patterns.LAGS}
    return {lag: of_lag for lag, of_lag in found.items() if of_lag}


def _beside_moods(
    tracker: Tracker, values: Mapping[date, Value], compared: Mapping[int, Contrast], contrasts: int
) -> None:
    limit = tracker_patterns.limit(tracker.kind, values.values())
    if limit is None:
        return
    key = "history.tracker_split_yes" if tracker.kind == "yes_no" else "history.tracker_split"
    heading = t(key, name=tracker_label(tracker), limit=value_text(tracker.kind, limit))
    st.write(korean_particles.chosen(heading))
    st.markdown("\n".join(f"- {lag_sentence(WHEN[lag], of_lag, contrasts)}" for lag, of_lag in compared.items()))


def _over_time(tracker: Tracker, values: Mapping[date, Value], period: Period, first_weekday: int) -> None:
    # A single day of yes or no has no share.
    is_share = tracker.kind == "yes_no"
    begin = patterns.week(first_weekday) if is_share and period.length <= 31 else period.steps(first_weekday)
    steps = tracker_patterns.over_time(values, begin)
    all_steps = sorted({begin(day) for day in _days(period)})
    means = [steps[step].mean if step in steps else None for step in all_steps]
    mean_text: Callable[[float], str] = percent if is_share else lambda mean: value_text(tracker.kind, _rounded(mean))
    chart_with_table(
        charts.tracker(all_steps, means, tracker.kind, [mean_text(mean) for mean in means if mean is not None]),
        _summary(tracker, values, period) + ("" if begin is patterns.each_day else " " + _step_name(begin)),
        t("history.tracker_alt", name=tracker.name),
        {
            t("history.day" if begin is patterns.each_day else "history.begins"): [
                plain(short_date(step)) for step in steps
            ],
            t("history.days"): [step.days for step in steps.values()],
            t("history.tracker_yes" if is_share else "history.tracker_mean"): [
                mean_text(step.mean) for step in steps.values()
            ],
        },
        f"history_tracker_{tracker.id}",
    )


def _summary(tracker: Tracker, values: Mapping[date, Value], period: Period) -> str:
    filled = t("history.tracker_filled", days=f"{len(values):,}", length=f"{period.length:,}")
    numbers = list(values.values())
    if tracker.kind == "yes_no":
        counts = t("history.tracker_yes_count", yes=f"{sum(numbers):,}", no=f"{len(numbers) - sum(numbers):,}")
        return f"{filled} {counts}"
    if len(numbers) < ENOUGH_DAYS:
        return f"{filled} {t('history.tracker_too_few', enough=ENOUGH_DAYS)}"
    facts = {"mean": _rounded(sum(numbers) / len(numbers)), "low": min(numbers), "high": max(numbers)}
    shown = {name: value_text(tracker.kind, fact) for name, fact in facts.items()}
    return f"{filled} {t('history.tracker_says', **shown)}"


def _step_name(begin: Callable[[date], date]) -> str:
    return t("history.tracker_by_month") if begin is patterns.month else t("history.tracker_by_week")


def _rounded(mean: float) -> float:
    """Thousands of steps have no tenths."""
    return round(mean, 1 if abs(mean) < 100 else 0)


def _days(period: Period) -> list[date]:
    first = period.first.toordinal()
    return [date.fromordinal(first + number) for number in range(period.length)]
