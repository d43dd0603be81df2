"""The models, loaded once for everybody and warmed before the first visitor needs them."""

from __future__ import annotations

import streamlit as st

from components.visitor import t
from understanding import fusion
from understanding.analyst import Analyst, in_place

_awake: Analyst | None = None


@st.cache_resource(show_spinner=False)
def _analyst() -> Analyst:
    global _awake
    _awake = Analyst.load()
    return _awake


def warm() -> None:
    """Called once by the front door when the server starts."""
    _analyst()


def analyst() -> Analyst:
    """The models; whoever comes while they still wake up is told so."""
    with st.spinner(t("analyse.waking")):
        return _analyst()


def usable() -> frozenset[str]:
    """Sources that can be read: while the models wake up by the files that are there, then by what could be loaded."""
    return frozenset(fusion.SOURCES).difference(_awake.missing) if _awake else in_place()
