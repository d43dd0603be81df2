"""The draft of the new entry: the values of its form, encrypted into the vault after each change.

Separate from components/entry/open_form.py because every page saves the draft, and most pages need no models.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, time

from components import state
from components.entry import dictation, feelings, form_fields
from diary import drafts, errors
from diary.sessions import Session

_FIELDS = ("note", "mood_choice", "intensity", "tags", "day", "time", "parts", *feelings.FIELDS)
_DAY_OR_TIME = {"day": date, "time": time}


def save_changed_fields(session: Session) -> None:
    """Call it before each page runs: saves the person's changes even after they left Today."""
    form = state.NEW_ENTRY_FORM.get()
    if not form:
        return
    saved = state.SAVED_DRAFT.get() or {"fields": {}, "readings": []}
    same_note = saved["fields"].get("note") == form_fields.changed_value(form, "note")
    save(session, saved["readings"] if same_note else [])


def save(session: Session, readings: Sequence[dict]) -> None:
    """Saves the draft if it differs from the last one saved; an unused form is not saved."""
    form = state.NEW_ENTRY_FORM.get()
    fields = {field: _as_text(form_fields.changed_value(form, field)) for field in _FIELDS}
    content = {
        "id": state.DRAFT_ID.get(),
        "fields": fields,
        "readings": list(readings),
        "recordings": dictation.for_draft(form),
    }
    # A part that was only opened holds nothing that can be lost.
    is_unused = not readings and all(value is None for field, value in fields.items() if field != "parts")
    if content == state.SAVED_DRAFT.get() or (is_unused and not state.SAVED_DRAFT.is_set()):
        return
    with suppress(errors.DatabaseError):  # no message for a draft: saving the entry itself shows the error
        drafts.save(session, content)
        state.SAVED_DRAFT.set(content)


def fill_form(form: str, fields: dict) -> None:
    """Puts the saved values back into the form."""
    for field, value in fields.items():
        if field in _FIELDS and value is not None:
            kind = _DAY_OR_TIME.get(field)
            form_fields.set_value(form, field, kind.fromisoformat(value) if kind else value)


def _as_text(value: object) -> object:
    return value.isoformat() if isinstance(value, date | time) else value
