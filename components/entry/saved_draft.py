"""The draft of the new entry: what its form holds, sealed into the vault each time the person changed it.

It stands apart from components/entry/draft.py because every page saves it, and most pages need no models.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, time

import streamlit as st

from components.entry import form_fields
from diary import drafts, errors
from diary.sessions import Session

FORM, ID, SAVED = "form", "draft_id", "draft_saved"
_FIELDS = ("note", "mood_choice", "intensity", "tags", "day", "time")
_DAY_OR_TIME = {"day": date, "time": time}


def save_fields(session: Session) -> None:
    """At the start of each run: what the person changed is safe before a page runs, even if they already left Today."""
    if FORM not in st.session_state:
        return
    saved = st.session_state.get(SAVED) or {"fields": {}, "readings": []}
    same_note = saved["fields"].get("note") == form_fields.changed(st.session_state[FORM], "note")
    save(session, saved["readings"] if same_note else [])


def save(session: Session, readings: Sequence[dict]) -> None:
    """Writes only what differs from the last time; a form that nobody used is no draft."""
    changed = {field: form_fields.changed(st.session_state[FORM], field) for field in _FIELDS}
    fields = {field: _as_text(value) for field, value in changed.items()}
    content = {"id": st.session_state[ID], "fields": fields, "readings": list(readings)}
    is_unused = not readings and all(value is None for value in fields.values())
    if content == st.session_state.get(SAVED) or (is_unused and SAVED not in st.session_state):
        return
    with suppress(errors.DatabaseError):  # the entry itself can still be saved, or say why it cannot
        drafts.save(session, content)
        st.session_state[SAVED] = content


def fill(form: str, fields: dict) -> None:
    """The form as it was when this was saved."""
    for field, value in fields.items():
        if field in _FIELDS and value is not None:
            read = _DAY_OR_TIME.get(field)
            form_fields.put(form, field, read.fromisoformat(value) if read else value)


def _as_text(value: object) -> object:
    return value.isoformat() if isinstance(value, date | time) else value
