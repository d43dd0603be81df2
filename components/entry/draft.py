"""The entry that is being written: which form it is in, and how it survives a reload.

Written words and readings are put into the vault as a draft at every step; sound and pictures are not.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from components.entry import why
from diary import drafts, errors
from diary.sessions import Session
from emotions import EMOTIONS
from reading import Reading
from understanding.analyst import Analysis, Offered

_FORM, _ID, _SAVED = "form", "draft_id", "draft_saved"
_KEPT_FIELDS = ("note", "mood_choice", "intensity", "tags")


def form(session: Session) -> str:
    """The name of the form in use; on the first visit, filled with what a broken connection left behind."""
    if _FORM not in st.session_state:
        _start()
        _bring_back(drafts.load(session))
    return st.session_state[_FORM]


def draft_id() -> str:
    return st.session_state[_ID]


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


def analysis(form: str, offered: Offered) -> Analysis | None:
    """What was understood of what is offered in this form now; of something changed since, nothing."""
    found = understanding(form).found
    return found if found and found.is_of(offered) else None


def offer_mood(form: str, mood: str | None) -> None:
    """Once for each analysis, as if tapped; what the person tapped is not moved."""
    here = understanding(form)
    if not here.is_new:
        return
    if st.session_state.get(f"mood_choice_{form}") in (None, here.offered_mood):
        st.session_state[f"mood_choice_{form}"] = mood
        here.offered_mood = mood
    here.is_new = False


def remember(session: Session, found: Analysis | None) -> None:
    """Puts the present state of the new entry into the vault if it changed since the last run."""
    name = st.session_state[_FORM]
    fields = {field: st.session_state.get(f"{field}_{name}") for field in _KEPT_FIELDS}
    told = found.told if found and found.fused else []
    content = {
        "id": draft_id(),
        "fields": fields,
        "readings": [vars(reading) | {"scores": dict(reading.scores)} for reading in told],
    }
    if content == st.session_state.get(_SAVED) or (is_untouched() and not told and _SAVED not in st.session_state):
        return
    with suppress(errors.DatabaseError):  # the entry itself can still be saved, or say why it cannot
        drafts.save(session, content)
        st.session_state[_SAVED] = content


def is_untouched() -> bool:
    """Whether nothing was said in the new entry yet."""
    name = st.session_state[_FORM]
    return not any(st.session_state.get(f"{field}_{name}") for field in ("note", "mood_choice", "tags"))


def start_afresh(session: Session) -> None:
    """After saving: an empty form, and nothing of the last one in memory or in the vault."""
    _start()
    with suppress(errors.DatabaseError):
        drafts.clear(session)


def forget(form: str) -> None:
    """What was offered and understood in this form leaves the memory; what its widgets held, Streamlit drops."""
    why.forget(form)
    for kind in ("understanding", "moment", "which_face"):
        st.session_state.pop(f"{kind}_{form}", None)


def _start() -> None:
    st.session_state.pop(_SAVED, None)
    forget(st.session_state.get(_FORM, ""))
    # New names for all widgets, so that the old ones are gone with what they held.
    st.session_state[_FORM] = f"new_{secrets.token_hex(4)}"
    st.session_state[_ID] = secrets.token_hex(16)


def _bring_back(content: dict | None) -> None:
    if not content:
        return
    name = st.session_state[_FORM]
    st.session_state[_ID] = content["id"]
    for field, value in content["fields"].items():
        if field in _KEPT_FIELDS and value is not None:
            st.session_state[f"{field}_{name}"] = value
    told = [_reading(each) for each in content["readings"]]
    understanding(name).found = Analysis.of_told(told, Offered(line=content["fields"].get("note") or ""))
    st.session_state[_SAVED] = content


def _reading(told: dict) -> Reading:
    return Reading(
        scores={emotion: told["scores"][emotion] for emotion in EMOTIONS},
        sure=told["sure"],
        quality=told["quality"],
        source=told["source"],
        model=told["model"],
    )
