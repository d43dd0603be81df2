"""History, feelings: on how many days each was chosen, and how the days after and before went.

Not how the day itself went: a feeling comes with its mood.
"""

from __future__ import annotations

from datetime import date

import streamlit as st

from components.history import charts
from components.history.certainty import looked_at
from components.history.chart_with_table import chart_with_table
from components.history.lags import WHEN, lag_sentence
from components.history.period import Period
from components.moods import mood_name
from components.visitor import current_language, t
from diary import patterns
from diary.patterns import ENOUGH_DAYS, DayColumns
from diary.sessions import Session
from emotions import BY_KEY as MOODS
from feelings import BY_KEY, Feeling

_MOST = 12  # a longer chart is hard to read
_NAMED = 3


def feeling_section(session: Session, days: DayColumns, period: Period) -> None:
    by_feeling = patterns.feelings_by_day(session, period.first, period.last)
    counted = {BY_KEY[key]: len(of_feeling) for key, of_feeling in by_feeling.items() if key in BY_KEY}
    with_any = len(set().union(*by_feeling.values()))
    st.header(t("history.feelings_title"), anchor=False)
    if not counted:
        st.write(t("history.no_feelings"))
        return
    if with_any < ENOUGH_DAYS:
        st.write(t("history.feelings_too_few", enough=ENOUGH_DAYS, days=with_any))
        return
    ranked = sorted(counted, key=lambda feeling: (-counted[feeling], feeling.key))
    shown = ranked[:_MOST]
    chart_with_table(
        charts.day_counts({_label(feeling): counted[feeling] for feeling in shown}, [_mood(one) for one in shown]),
        t("history.feelings_says", commonest=_commonest(ranked, counted), days=with_any, kept=len(days)),
        t("history.feelings_alt"),
        {
            t("history.feeling"): [_name(feeling) for feeling in ranked],
            t("entry.mood"): [", ".join(map(mood_name, feeling.moods)) for feeling in ranked],
            t("history.days"): [counted[feeling] for feeling in ranked],
        },
        "history_feelings",
    )
    if further := len(ranked) - len(shown):
        st.caption(t("history.feelings_further", count=further))
    st.caption(t("history.feelings_no_choice"))
    _around(days, by_feeling)


def _around(days: DayColumns, by_feeling: dict[str, set[date]]) -> None:
    """The days after and before each feeling, beside those after and before other feelings."""
    known = {key: of_feeling for key, of_feeling in by_feeling.items() if key in BY_KEY}
    found = [(key, lag, one) for lag in (1, -1) for key, one in patterns.by_feeling(days, known, lag).items()]
    st.header(t("history.feelings_lag_title"), anchor=False)
    if not found:
        st.write(t("history.feelings_lag_silent", enough=ENOUGH_DAYS))
        return
    st.write(t("history.feelings_lag_says"))
    ranked = sorted(found, key=lambda one: -len(known[one[0]]))[: 2 * _MOST]
    st.markdown(
        "\n".join(
            f"- {lag_sentence(WHEN[lag], one, len(found), of=f'**{_label(BY_KEY[key])}**')}" for key, lag, one in ranked
        )
    )
    st.caption(f"{looked_at(len(found))} {t('history.tags_no_cause')}")


def _commonest(ranked: list[Feeling], counted: dict[Feeling, int]) -> str:
    return ", ".join(t("history.feeling_days", name=_name(one), days=counted[one]) for one in ranked[:_NAMED])


def _mood(feeling: Feeling) -> str:
    return feeling.moods[0]


def _name(feeling: Feeling) -> str:
    return feeling.name(current_language())


def _label(feeling: Feeling) -> str:
    """With the face of its mood: a colour alone says nothing to many people."""
    return f"{MOODS[_mood(feeling)].face} {_name(feeling)}"
