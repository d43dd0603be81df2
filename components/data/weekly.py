"""The message once a week: whether, on which day of the week and when."""

from __future__ import annotations

import streamlit as st

from components import notice
from components.dates import weekdays
from components.visitor import find_visitor, t
from diary import calendar
from diary.sessions import Session
from reminders import weekly

_IS_ON, _DAY, _TIME = "weekly_on", "weekly_day", "weekly_time"


def weekly_section(session: Session) -> None:
    st.header(t("weekly.title"), anchor=False)
    chosen = weekly.of(session)
    st.toggle(t("weekly.on"), value=chosen is not None, key=_IS_ON, on_change=_choose)
    st.caption(t("weekly.means"))
    if chosen is None:
        return
    first = calendar.FIRST_WEEKDAY.of(session)
    names = weekdays()
    in_order = [(first + number) % 7 for number in range(7)]
    (day,) = chosen.weekdays
    st.selectbox(
        t("weekly.day"),
        in_order,
        index=in_order.index(day),
        format_func=names.__getitem__,
        key=_DAY,
        on_change=_choose,
    )
    st.time_input(t("reminder.time"), value=chosen.at, step=900, key=_TIME, on_change=_choose)


def _choose() -> None:
    session = find_visitor()  # a callback runs without ui.py
    with notice.showing_errors():
        if not st.session_state[_IS_ON]:
            weekly.stop(session)
            return
        day, at = st.session_state.get(_DAY), st.session_state.get(_TIME)
        weekly.choose(session, weekly.SUNDAY if day is None else day, at or weekly.EVENING)
