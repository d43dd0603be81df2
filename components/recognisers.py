"""The models, loaded once for all visitors."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

import stt.predict
from components.visitor import t
from understanding import fusion
from understanding.analyst import Analyst, in_place, left_out
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


def sentences_of_missing(sources: Collection[str]) -> list[str]:
    """Why Haru does not read some of these sources here, in at most two sentences."""
    readable = readable_sources()
    missing = [source for source in sources if source not in readable]
    not_free = left_out() if missing else frozenset()
    found = []
    for key, is_not_free in (("capture.not_free", True), ("capture.missing", False)):
        if names := [t(f"source.{source}") for source in missing if (source in not_free) is is_not_free]:
            found.append(t(key, sources=", ".join(names)))
    return found


def broken() -> tuple[str, ...]:
    """The sources whose model is in place but could not be loaded."""
    return _loaded.broken if _loaded else ()


@st.cache_resource(show_spinner=False)
def speech_to_text() -> SpeechToText:
    """Writes recordings down; its model is loaded for the first one."""
    return SpeechToText()


def can_write_down() -> bool:
    """Whether the model of speech to text is in place."""
    return stt.predict.has_weights()
