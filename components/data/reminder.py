"""A daily reminder, as a file for the person's own calendar."""

from __future__ import annotations

from datetime import time

import streamlit as st

from components.visitor import t
from diary import days, reminder
from diary.sessions import Session

_EVENING = time(21, 0)


def reminder_section(session: Session, zone: str) -> None:
    st.subheader(t("reminder.title"), anchor=False)
    st.write(t("reminder.means"))
    at = st.time_input(t("reminder.time"), value=_EVENING, step=900, key="reminder_time")
    st.download_button(
        t("reminder.button"),
        data=lambda: reminder.calendar(session, at, days.today(zone)),
        file_name="haru.ics",
        mime="text/calendar",
        icon=":material/notifications:",
        on_click="ignore",
        key="take_ics",
        disabled=at is None,
    )
    st.caption(t("reminder.how"))
