"""A page of a diary that holds nothing yet: what will be here, and the one next step."""

from __future__ import annotations

import streamlit as st

from components.visitor import t
from diary import calendar
from diary.sessions import Session


def nothing_yet(session: Session, what_will_be: str, icon: str) -> bool:
    """Says so and is true where this person has not kept a single day; draws nothing otherwise."""
    if calendar.first_day(session) is not None:
        return False
    st.info(what_will_be, icon=icon)
    st.page_link("pages/today.py", label=t("days.empty_next"), icon=":material/edit_note:")
    return True
