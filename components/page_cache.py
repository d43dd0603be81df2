"""What a page has worked out and needs again on its next rerun: kept while the person stays there, then gone.

A read file or a drawn report is diary in plain words; it must not lie in memory for as long as a tab is open.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

_KEY = "in_passing"


def begin(page: str) -> None:
    """Called before a page runs: what another page kept is forgotten."""
    if st.session_state.get(_KEY, {}).get("page") != page:
        st.session_state[_KEY] = {"page": page}


def once(name: str, asked: object, make: Callable[[], Any]) -> Any:
    """What `make` returned for the same question the last time, or makes it; one answer a name is kept."""
    kept = st.session_state.setdefault(_KEY, {})
    if name not in kept or kept[name][0] != asked:
        kept[name] = (asked, make())
    return kept[name][1]


def forget(name: str) -> None:
    st.session_state.get(_KEY, {}).pop(name, None)
