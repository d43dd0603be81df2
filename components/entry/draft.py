"""The form in which an entry is written: which one is open, and how it survives a reload or another page."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from components import page_cache
from components.entry import form_fields, saved_draft, why
from diary import drafts, errors
from diary.sessions import Session
from emotions import EMOTIONS
from reading import Reading
from understanding.analyst import Analysis, UserInput


def form(session: Session) -> str:
    """The name of the form in use; on the first visit, filled with what a broken connection left behind."""
    if saved_draft.FORM not in st.session_state:
        content = drafts.load(session)  # first: should it fail, the next run tries again before anything is written
        _start()
        _bring_back(content)
    return st.session_state[saved_draft.FORM]


def draft_id() -> str:
    return st.session_state[saved_draft.ID]


@dataclass
class Understanding:
    """What was understood in one form.

    A run of the page that is still analysing when the person types or taps is given up at its next word to
    Streamlit, the session's state included. What it found is put in here, which asks nobody, and the next run shows it.
    """

    found: Analysis | None = None
    is_new: bool = False
    """Whether its mood is still to be offered."""
    offered_mood: str | None = None

    def set(self, found: Analysis) -> None:
        self.found, self.is_new = found, True


def understanding(form: str) -> Understanding:
    return st.session_state.setdefault(f"understanding_{form}", Understanding())


def analysis(form: str, offered: UserInput) -> Analysis | None:
    """What was understood of what is offered in this form now; of something changed since, nothing."""
    found = understanding(form).found
    return found if found and found.matches(offered) else None


def offer_mood(form: str, mood: str | None) -> None:
    """Once for each analysis, as if tapped; what the person tapped is not moved."""
    here = understanding(form)
    if not here.is_new:
        return
    if form_fields.value(form, "mood_choice") in (None, here.offered_mood):
        form_fields.put(form, "mood_choice", mood)
        here.offered_mood = mood
    here.is_new = False


def remember(session: Session, found: Analysis | None) -> None:
    """Puts the present state of the new entry into the vault if it changed since the last run."""
    told = found.to_store if found and found.fused else []
    saved_draft.save(session, [vars(reading) | {"scores": dict(reading.scores)} for reading in told])


def is_untouched() -> bool:
    """Whether nothing was said in the new entry yet."""
    name = st.session_state[saved_draft.FORM]
    return not any(form_fields.value(name, field) for field in ("note", "mood_choice", "tags"))


def start_afresh(session: Session) -> None:
    """After saving: an empty form, and nothing of the last one in memory or in the vault."""
    _start()
    with suppress(errors.DatabaseError):
        drafts.clear(session)


def forget(form: str) -> None:
    """What was offered and understood in this form leaves the memory; what its widgets held, Streamlit drops."""
    why.forget(form)
    form_fields.forget(form)
    page_cache.forget(f"moment_{form}")
    for kind in ("understanding", "moment", "which_face"):
        st.session_state.pop(f"{kind}_{form}", None)


def _start() -> None:
    st.session_state.pop(saved_draft.SAVED, None)
    forget(st.session_state.get(saved_draft.FORM, ""))
    # New names for all widgets, so that the old ones are gone with what they held.
    st.session_state[saved_draft.FORM] = f"new_{secrets.token_hex(4)}"
    st.session_state[saved_draft.ID] = secrets.token_hex(16)


def _bring_back(content: dict | None) -> None:
    if not content:
        return
    name = st.session_state[saved_draft.FORM]
    st.session_state[saved_draft.ID] = content["id"]
    saved_draft.fill(name, content["fields"])
    told = [_reading(each) for each in content["readings"]]
    understanding(name).found = Analysis.from_stored(told, UserInput(note=content["fields"].get("note") or ""))
    st.session_state[saved_draft.SAVED] = content


def _reading(told: dict) -> Reading:
    return Reading(
        scores={emotion: told["scores"][emotion] for emotion in EMOTIONS},
        sure=told["sure"],
        quality=told["quality"],
        source=told["source"],
        model=told["model"],
    )
