"""The open forms of entries: the name of the new entry's form, and what the models understood in each form.

The new entry's form survives a reload or a change of page: its draft is in the vault (components/entry/saved_draft.py).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from components import page_cache, state
from components.entry import dictation, form_fields, parts, saved_draft, why
from components.state import PerName, Value
from diary import drafts, errors
from diary.sessions import Session
from emotions import EMOTIONS
from reading import Reading
from understanding.analyst import Analysis, UserInput

_OF_ONE_FORM: tuple[PerName[Any], ...] = (
    *(state.UNDERSTANDING, state.ATTACHED, state.TAKEN_FRAMES, state.HELD_PHOTOS, state.CHOSEN_FACE),
)
_OF_ALL_FORMS: tuple[Value[Any], ...] = (state.FORM_FIELDS, state.DICTATIONS)


def new_entry_form(session: Session) -> str:
    """The name of the new entry's form; on the first run, filled from a draft that a lost connection left."""
    if not state.NEW_ENTRY_FORM.is_set():
        draft = drafts.load(session)  # first: if it fails, the next run tries again and overwrites nothing
        _start()
        _restore(draft.content if draft else None)
    return state.NEW_ENTRY_FORM.get()


def draft_id() -> str:
    return state.DRAFT_ID.get()


@dataclass
class Understanding:
    """What the models understood in one form.

    When the person types or clicks, Streamlit ends a run that still analyses and undoes its changes of session state.
    It does not undo changes inside this object: the run stores its result here, and the next run shows it.
    """

    found: Analysis | None = None
    is_new: bool = False
    """Whether the form has yet to offer the mood of `found`."""
    offered_mood: str | None = None

    def set(self, found: Analysis) -> None:
        self.found, self.is_new = found, True


def understanding(form: str) -> Understanding:
    found = state.UNDERSTANDING.of(form).get_or_make(Understanding)
    assert found is not None
    return found


def analysis(form: str, offered: UserInput) -> Analysis | None:
    """The analysis of this form's input; None if there is none, or if the input changed after it."""
    found = understanding(form).found
    return found if found and found.matches(offered) else None


def offer_mood(form: str, mood: str | None) -> None:
    """Selects the mood in the form, once for each analysis; a mood that the person selected stays."""
    current = understanding(form)
    if not current.is_new:
        return
    if form_fields.value(form, "mood_choice") in (None, current.offered_mood):
        form_fields.set_value(form, "mood_choice", mood)
        current.offered_mood = mood
    current.is_new = False


def save_draft(session: Session, found: Analysis | None) -> None:
    """Encrypts the new entry's current state into the vault if it changed since the last run."""
    readings = found.to_store if found and found.fused else []
    saved_draft.save(session, [vars(reading) | {"scores": dict(reading.scores)} for reading in readings])


def is_untouched() -> bool:
    """Whether the person entered nothing in the new entry yet."""
    form = state.NEW_ENTRY_FORM.get()
    photos = state.HELD_PHOTOS.of(form).get()
    has_photos = photos is not None and bool(photos.by_file)
    return not has_photos and not any(form_fields.value(form, field) for field in ("note", "mood_choice", "tags"))


def set_aside(session: Session) -> Callable[[], None]:
    """Opens an empty form after saving, and deletes the draft of the last one from the vault.

    Returns a function that puts the last form back as it was. Nothing else holds its content.
    """
    form, draft_id = state.NEW_ENTRY_FORM.get(), state.DRAFT_ID.get()
    by_form = [(value, value.get().get(form)) for value in _OF_ALL_FORMS]
    of_form = [(value.of(form), value.of(form).get()) for value in _OF_ONE_FORM]
    _start()
    with suppress(errors.DatabaseError):
        drafts.clear(session)

    def put_back() -> None:
        _start()
        state.NEW_ENTRY_FORM.set(form)
        state.DRAFT_ID.set(draft_id)
        for value, content in by_form:
            if content is not None:
                value.get_or_make(dict)[form] = content
        for value, content in of_form:
            if content is not None:
                value.set(content)

    return put_back


def forget(form: str) -> None:
    """Removes this form's input and analysis from memory; Streamlit drops its widgets' own values."""
    why.forget(form)
    dictation.forget(form)
    form_fields.forget(form)
    for cached in ("length", "thumbnail"):
        page_cache.forget(f"{cached}_{form}")
    for values in _OF_ONE_FORM:
        values.of(form).pop()


def _start() -> None:
    state.SAVED_DRAFT.pop()
    forget(state.NEW_ENTRY_FORM.get())
    # A new name for the form renames all its widgets, so Streamlit drops the old ones and their values.
    state.NEW_ENTRY_FORM.set(f"new_{secrets.token_hex(4)}")
    state.DRAFT_ID.set(secrets.token_hex(16))


def _restore(content: dict | None) -> None:
    if not content:
        return
    form = state.NEW_ENTRY_FORM.get()
    state.DRAFT_ID.set(content["id"])
    saved_draft.fill_form(form, content["fields"])
    parts.open_filled(form)
    dictation.restore(form, content.get("recordings", {}))
    readings = [_reading(saved) for saved in content["readings"]]
    understanding(form).found = Analysis.from_stored(readings, UserInput(note=content["fields"].get("note") or ""))
    state.SAVED_DRAFT.set(content)


def _reading(saved: dict) -> Reading:
    return Reading(
        scores={emotion: saved["scores"][emotion] for emotion in EMOTIONS},
        sure=saved["sure"],
        quality=saved["quality"],
        source=saved["source"],
        model=saved["model"],
    )
