"""The daily reminder: when it asks, and where it goes."""

from __future__ import annotations

import streamlit as st

from components import notice
from components.data.push_switch import push_switch
from components.data.reminder_address import address_sections
from components.data.weekly import weekly_section
from components.dates import weekday_names
from components.public_address import public_address
from components.visitor import find_visitor, sentence, t
from diary import calendar, days, errors
from diary.sessions import Session
from reminders import calendar_file, schedule, sender

_TIME, _DAYS = "reminder_time", "reminder_weekdays"


def reminder_section(session: Session, zone: str) -> None:
    chosen = schedule.of(session)
    st.header(t("reminder.title"), anchor=False)
    st.write(t("reminder.means"))
    st.time_input(t("reminder.time"), value=chosen.at, step=900, key=_TIME, on_change=_choose)
    first = calendar.FIRST_WEEKDAY.of(session)
    in_order = [(first + number) % 7 for number in range(7)]
    names = dict(zip(in_order, weekday_names(first), strict=True))
    st.pills(
        t("reminder.weekdays"),
        in_order,
        selection_mode="multi",
        default=sorted(chosen.weekdays),
        format_func=names.__getitem__,
        key=_DAYS,
        on_change=_choose,
    )
    weekly_section(session)
    _device(session)
    address_sections(session)
    _places(session)
    _file(session, zone, chosen)


def _device(session: Session) -> None:
    st.subheader(t("reminder.device"), anchor=False)
    push_switch(session)
    st.caption(t("reminder.device_means"))


def _places(session: Session) -> None:
    """How many places there are, one reminder to see, and the end of all of them."""
    if places := sender.count_places(session.account_id):
        st.divider()
        st.write(t("reminder.places", count=places))
        with st.container(horizontal=True):
            st.button(t("reminder.now"), key="reminder_now", on_click=_send_now)
            st.button(t("reminder.stop"), key="reminder_stop", on_click=_stop)


def _file(session: Session, zone: str, chosen: schedule.Schedule) -> None:
    if not chosen.weekdays:  # only once a week
        return
    address = public_address()
    st.subheader(t("reminder.file"), anchor=False)
    st.write(t("reminder.file_means"))
    st.download_button(
        t("reminder.button"),
        data=lambda: calendar_file.calendar(session, chosen, days.today(zone), address),
        file_name="haru.ics",
        mime="text/calendar",
        icon=":material/notifications:",
        on_click="ignore",
        key="take_ics",
    )
    st.caption(t("reminder.how"))


def _choose() -> None:
    """Stores the time and the days. A callback: another tab may have stored others since this page was drawn."""
    session = find_visitor()  # a callback runs without ui.py
    at, chosen = st.session_state[_TIME], st.session_state[_DAYS]
    try:
        schedule.choose(session, at or schedule.EVENING, chosen)
    except errors.DiaryError as error:
        notice.show_after_rerun(sentence(error))


def _send_now() -> None:
    session = find_visitor()
    with notice.showing_errors():
        sender.send_now(session)
        notice.show_after_rerun(t("reminder.now_sent"))


def _stop() -> None:
    session = find_visitor()
    with notice.showing_errors():
        schedule.stop(session)
        notice.show_after_rerun(t("reminder.stopped"))
