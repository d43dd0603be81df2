"""The models, loaded once for all visitors."""

from __future__ import annotations

import streamlit as st

import stt.predict
from components.visitor import t
from understanding import fusion
from understanding.analyst import Analyst, in_place
from understanding.speech_to_text import SpeechToText

_loaded: Analyst | None = None


@st.cache_resource(show_spinner=False)
def _analyst() -> Analyst:
    global _loaded
    _loaded = Analyst.load()
    return _loaded


def warm() -> None:
    """Loads the models; app.py calls it when the server starts."""
    _analyst()


def analyst() -> Analyst:
    """The models; the page shows a spinner until they are loaded."""
    with st.spinner(t("analyse.waking")):
        return _analyst()


def readable_sources() -> frozenset[str]:
    """The sources with a loaded model; until the models are loaded, those whose weights are in place."""
    return frozenset(fusion.SOURCES).difference(_loaded.missing) if _loaded else in_place()


@st.cache_resource(show_spinner=False)
def speech_to_text() -> SpeechToText:
    """Writes recordings down; its model is loaded for the first one."""
    return SpeechToText()


def can_write_down() -> bool:
    """Whether the model of speech to text is in place."""
    return stt.predict.has_weights()
