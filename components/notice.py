"""Short messages on a page: a notice that survives one rerun, and what an empty diary shows."""

from __future__ import annotations

import streamlit as st

from components import state
from components.visitor import t
from diary import calendar
from diary.sessions import Session


def show_after_rerun(sentence: str) -> None:
    state.NOTICE.set(sentence)


def show() -> None:
    # In a container even when it is empty: otherwise everything below would move by one element.
    with st.container():
        _show()


def _show() -> None:
    if sentence := state.NOTICE.pop():
        st.success(sentence, icon=":material/check:")


def empty_diary_notice(session: Session, sentence: str, icon: str) -> bool:
    """True if this diary has no entry yet; then it shows `sentence` and a link to Today."""
    if calendar.first_day(session) is not None:
        return False
    st.info(sentence, icon=icon)
    st.page_link("pages/today.py", label=t("days.empty_next"), icon=":material/edit_note:")
    return True
