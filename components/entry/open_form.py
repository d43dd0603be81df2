"""The forms in which entries are written: which one the new entry has, and what the models understood in each.

The new entry's form survives a reload and another page: its draft lies in the vault (components/entry/saved_draft.py).
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass

from components import page_cache, state
from components.entry import form_fields, saved_draft, why
from diary import drafts, errors
from diary.sessions import Session
from emotions import EMOTIONS
from reading import Reading
from understanding.analyst import Analysis, UserInput


def new_entry_form(session: Session) -> str:
    """The name of the new entry's form; on the first visit, filled from the draft of a broken connection."""
    if not state.NEW_ENTRY_FORM.is_set():
        content = drafts.load(session)  # first: should it fail, the next run tries again before anything is written
        _start()
        _restore(content)
    return state.NEW_ENTRY_FORM.get()


def draft_id() -> str:
    return state.DRAFT_ID.get()


@dataclass
class Understanding:
    """What the models understood in one form.

    When the person types or taps, Streamlit gives up a run that is still analysing, together with its changes of the
    session state. The run puts its result into this object, which is not undone, and the next run shows it.
    """

    found: Analysis | None = None
    is_new: bool = False
    """Whether its mood is still to be offered."""
    offered_mood: str | None = None

    def set(self, found: Analysis) -> None:
        self.found, self.is_new = found, True


def understanding(form: str) -> Understanding:
    found = state.UNDERSTANDING.of(form).get_or_make(Understanding)
    assert found is not None
    return found


def analysis(form: str, offered: UserInput) -> Analysis | None:
    """What was understood of what this form offers now; None if anything was changed since."""
    found = understanding(form).found
    return found if found and found.matches(offered) else None


def offer_mood(form: str, mood: str | None) -> None:
    """Chooses the mood as if the person had tapped it, once for each analysis; a mood that they tapped stays."""
    here = understanding(form)
    if not here.is_new:
        return
    if form_fields.value(form, "mood_choice") in (None, here.offered_mood):
        form_fields.set_value(form, "mood_choice", mood)
        here.offered_mood = mood
    here.is_new = False


def save_draft(session: Session, found: Analysis | None) -> None:
    """Seals the new entry's present state in the vault if it changed since the last run."""
    readings = found.to_store if found and found.fused else []
    saved_draft.save(session, [vars(reading) | {"scores": dict(reading.scores)} for reading in readings])


def is_untouched() -> bool:
    """Whether the person entered nothing in the new entry yet."""
    form = state.NEW_ENTRY_FORM.get()
    return not any(form_fields.value(form, field) for field in ("note", "mood_choice", "tags"))


def start_afresh(session: Session) -> None:
    """After saving: an empty form, and nothing of the last one in memory or in the vault."""
    _start()
    with suppress(errors.DatabaseError):
        drafts.clear(session)


def forget(form: str) -> None:
    """Removes from memory what this form offered and understood; Streamlit drops what its widgets held."""
    why.forget(form)
    form_fields.forget(form)
    page_cache.forget(f"moment_{form}")
    for kept in (state.UNDERSTANDING, state.HELD_MOMENT, state.CHOSEN_FACE):
        kept.of(form).pop()


def _start() -> None:
    state.SAVED_DRAFT.pop()
    forget(state.NEW_ENTRY_FORM.get())
    # New names for all widgets, so that the old ones are gone with what they held.
    state.NEW_ENTRY_FORM.set(f"new_{secrets.token_hex(4)}")
    state.DRAFT_ID.set(secrets.token_hex(16))


def _restore(content: dict | None) -> None:
    if not content:
        return
    form = state.NEW_ENTRY_FORM.get()
    state.DRAFT_ID.set(content["id"])
    saved_draft.fill_form(form, content["fields"])
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
