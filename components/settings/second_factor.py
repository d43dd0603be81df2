"""The section on the second factor: what it is, whether it is on, and the page that changes it."""

from __future__ import annotations

import streamlit as st

from components.account_links import account_link
from components.visitor import t
from diary import second_factor
from diary.sessions import Session
from web.second_factor import PAGE


def second_factor_section(session: Session) -> None:
    st.header(t("second.title"), anchor=False)
    state = second_factor.state(session)
    st.write(t("second.left", count=state.backup_codes_left) if state else t("second.short"))
    account_link(PAGE, t("second.manage" if state else "second.begin"))
