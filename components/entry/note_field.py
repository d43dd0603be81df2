"""The note's text area, and the script beside it (assets/entry/note_field.js).

Streamlit's text area keeps what is being typed in the browser until it loses the focus, and a value that the server
sets meanwhile would be lost, or would move the caret. So the script sends what was typed after a short pause, adds the
words of a recording where they belong, and marks the words of which the model is not sure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

import settings
from components.entry import form_fields
from components.entry.dictated_text import Piece
from components.visitor import t

_SCRIPT = component(
    "haru_note",
    html="<p class='haru-unsure-words' hidden></p>",
    js=(settings.ASSETS / "entry" / "note_field.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # its styles are in assets/style/diary.css: they also apply to the text area
)


@dataclass(frozen=True)
class Dictated:
    """A recording's words for the script."""

    id: str
    placed: int
    """How many pieces are in the note; the script adds the others."""
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Reported:
    """What the script reported together with the text of the note."""

    version: int
    """The last change by the server that the text takes into account."""
    placed: Mapping[str, int]
    """By the id of each recording: how many of its pieces the text takes into account."""


def note_area(form: str, note: str = "") -> str:
    """Draws the text area, filled with `note` until the person changes it; returns what is in it."""
    key = form_fields.prepare(form, "note", note)
    # As high as its text, within limits: the words of a minute fill many lines.
    return st.text_area(t("entry.note"), placeholder=t("entry.note_placeholder"), key=key, height="content")


def script(form: str, version: int = 0, dictated: Sequence[Dictated] = ()) -> None:
    """Draws the script; it shows nothing but a line with the unsure words. Call it after `note_area`."""
    _SCRIPT(
        key=f"note_field_{form}",
        data={
            "field": f"note_{form}",
            "version": version,
            "dictated": [
                {
                    "id": each.id,
                    "placed": each.placed,
                    "pieces": [{"before": piece.before, "words": piece.words} for piece in each.pieces],
                }
                for each in dictated
            ],
            "unsure": t("transcript.unsure", words="{words}"),
        },
        on_reported_change=lambda: None,
    )


def reported(form: str) -> Reported | None:
    """What the script reported last; None until it has announced itself."""
    found = _mapping(_mapping(st.session_state.get(f"note_field_{form}")).get("reported"))
    version = found.get("version")
    if not isinstance(version, int):
        return None
    placed = {key: count for key, count in _mapping(found.get("placed")).items() if isinstance(count, int)}
    return Reported(version, placed)


def _mapping(value: object) -> Mapping[str, Any]:
    """The value from the browser, if it is what the script sends."""
    return value if isinstance(value, Mapping) else {}
