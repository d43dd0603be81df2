"""One sentence that outlives the rerun which follows a save."""

from __future__ import annotations

import streamlit as st

_KEY = "notice"


def leave(sentence: str) -> None:
    st.session_state[_KEY] = sentence


def show() -> None:
    if sentence := st.session_state.pop(_KEY, None):
        st.success(sentence, icon=":material/check:")
