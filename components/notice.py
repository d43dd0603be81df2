"""One sentence that outlives the rerun which follows a save."""

from __future__ import annotations

import streamlit as st

_KEY = "notice"


def leave(sentence: str) -> None:
    st.session_state[_KEY] = sentence


def show() -> None:
    # Always one place, shown or not: were the parts below to move up by one, old and new would stand there together.
    with st.container():
        _show()


def _show() -> None:
    if sentence := st.session_state.pop(_KEY, None):
        st.success(sentence, icon=":material/check:")
