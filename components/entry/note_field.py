"""The note's text area, and the script beside it (assets/entry/note_field.js).

Streamlit's text area keeps what is being typed in the browser until it loses the focus, and a value that the server
sets meanwhile would be lost, or would move the caret. So the script sends what was typed after a short pause, adds the
words of a recording where they belong, and marks the words of which the model is not sure.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

import settings
from components import state
from components.entry import form_fields
from components.entry.dictated_text import Piece
from components.visitor import t
from diary import note_merge

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
    sent: int = 0
    """How often the script sent what was typed."""


@dataclass
class Note:
    """What the server knows about the browser's text of one note."""

    version: int = 0
    """The last change by the server; it grows over restarts, too, so that no number comes twice."""
    change: tuple[str, str] | None = None
    """The last such change: the note before and after it, until the browser is known to have it."""
    safe: int = 0
    """Up to which report of the script the note is safe in the draft."""


def note_area(form: str, note: str = "") -> str:
    """Draws the text area, filled with `note` until the person changes it; returns what is in it."""
    key = form_fields.prepare(form, "note", note)
    # As high as its text, within limits: the words of a minute fill many lines.
    return st.text_area(t("entry.note"), placeholder=t("entry.note_placeholder"), key=key, height="content")


def script(form: str, dictated: Sequence[Dictated] = ()) -> None:
    """Draws the script; it shows nothing but a line with the unsure words. Call it after `note_area`."""
    note = _note(form)
    _SCRIPT(
        key=f"note_field_{form}",
        data={
            "field": f"note_{form}",
            "version": note.version,
            "changed": note.change[1] if note.change else None,
            "safe": note.safe,
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
    version, sent = found.get("version"), found.get("sent", 0)
    if not isinstance(version, int):
        return None
    placed = {key: count for key, count in _mapping(found.get("placed")).items() if isinstance(count, int)}
    return Reported(version, placed, sent if isinstance(sent, int) else 0)


def change(form: str, text: str) -> None:
    """Changes the note from the server's side. Call it before the text area is drawn."""
    note = _note(form)
    before = note.change[0] if note.change else str(form_fields.value(form, "note") or "")
    note.change = (before, text)
    note.version = max(note.version + 1, time.time_ns() // 1_000_000)
    form_fields.set_value(form, "note", text)


def repeat_lost_changes() -> None:
    """Joins the server's last change of each note with what the person typed before the browser had it."""
    for form, note in state.NOTES.get().items():
        if note.change is None:
            continue
        before, after = note.change
        script, text = reported(form), str(form_fields.value(form, "note") or "")
        is_missing = script is not None and script.version < note.version
        if text != after and is_missing:
            form_fields.set_value(form, "note", note_merge.merged(before, text, after))
        elif text != after or (script is not None and not is_missing):
            note.change = None


def mark_as_safe(form: str) -> None:
    """Tells the script that the note as it was sent last is in the draft."""
    if script := reported(form):
        _note(form).safe = script.sent


def forget(form: str) -> None:
    state.NOTES.get().pop(form, None)


def _note(form: str) -> Note:
    return state.NOTES.get_or_make(dict).setdefault(form, Note())


def _mapping(value: object) -> Mapping[str, Any]:
    """The value from the browser, if it is what the script sends."""
    return value if isinstance(value, Mapping) else {}
