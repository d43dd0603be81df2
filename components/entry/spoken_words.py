"""Plays a recording and lights its words; a tap on a word plays the recording from there.

A custom component without an iframe draws the words. Streamlit's own player in the same container plays the recording,
which the browser gets from a media address, because a recording of 15 minutes is too large for a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.components.v2 import component

import settings
from components.visitor import t
from stt.transcript import Transcript
from understanding import spoken_note

_ASSETS = settings.ASSETS / "spoken"
_WORDS = component(
    "haru_spoken_words",
    html="<div\nclass='words' role='group'></div>",
    css=(_ASSETS / "words.css").read_text(encoding="utf-8"),
    js=(_ASSETS / "words.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Mark:
    """A line under a word, in the colour of a mood."""

    colour: str
    weight: float
    """From 0, a thin line, to 1, a thick one."""
    label: str
    """What the line means, for a screen reader and a mouse."""
    face: str = ""
    against: bool = False
    """Whether the word spoke against the mood that is explained: the line is wavy."""


@dataclass(frozen=True)
class SpokenWord:
    """A word of the text below the player."""

    text: str
    """With the space or line break before it, so that the texts of all words join to the whole text."""
    start: float | None = None
    """Seconds from the start of the recording; None for a word that was typed, which a tap cannot play."""
    end: float | None = None
    unsure: bool = False
    mark: Mark | None = None


def spoken_words(recording: bytes, mime: str, words: Sequence[SpokenWord], key: str) -> None:
    """Draws the player of the recording and its words below. `key` must be unique on the page."""
    with st.container(key=f"spoken_{key}"):
        st.audio(recording, format=mime, alt=t("spoken.recording"))
        _WORDS(
            key=f"words_{key}",
            data={
                "words": [_as_data(word) for word in words],
                "says": {"words": t("spoken.words"), "unsure": t("spoken.unsure")},
            },
        )
        hints = []
        if any(word.start is not None for word in words):
            hints.append(t("spoken.how"))
        if any(word.unsure for word in words):
            hints.append(t("spoken.dotted"))
        if hints:
            st.caption(" ".join(hints))


def words_of(transcript: Transcript) -> list[SpokenWord]:
    """All words of a transcript, unmarked."""
    return [
        SpokenWord(word.text, word.start, word.end, unsure=not word.is_sure)
        for word in spoken_note.whole_words(transcript)
    ]


def _as_data(word: SpokenWord) -> dict[str, object]:
    text = word.text.lstrip()
    data: dict[str, object] = {"text": text}
    if before := word.text[: len(word.text) - len(text)]:
        data["before"] = before
    if word.start is not None:
        data |= {"start": word.start, "end": word.start if word.end is None else word.end}
    if word.unsure:
        data["unsure"] = True
    if word.mark:
        data["mark"] = vars(word.mark)
    return data
