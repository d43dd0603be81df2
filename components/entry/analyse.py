"""From *Analyse* to what was understood, in a new entry and in one that is opened again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from components.entry import draft
from components.entry.capture import choose_face, chosen_face
from components.entry.kept_media import with_kept
from components.entry.verdict import suggestion, understood
from components.recognisers import analyst
from components.visitor import t
from diary import corrections
from diary.media import StoredMedium
from diary.sessions import Session
from understanding.analyst import Analysis, UserInput


def analysing(
    session: Session, form: str, offered: UserInput, before: Analysis | None = None, kept: Sequence[StoredMedium] = ()
) -> Analysis | None:
    """What is understood of what is offered, once somebody asked.

    Of an entry that is opened again, `before` is what was said of it and `kept` what was kept with it.
    """
    # Never greyed out: who has just written a line would press in vain, since only leaving the field sends it.
    asked = st.button(
        t("analyse.again" if before else "analyse.button"), icon=":material/auto_awesome:", key=f"analyse_{form}"
    )
    if asked and not (offered or kept):
        st.info(t("analyse.nothing"))
    elif asked or st.session_state.pop(f"face_chosen_{form}", False):
        whole = with_kept(session, offered, kept)
        if not before:  # should the page be reloaded meanwhile, what is written so far is there
            draft.remember(session, draft.analysis(form, offered))
        _analyse(session, form, replace(whole, face=chosen_face(form, whole.picture)))
    analysis = draft.analysis(form, offered)
    if analysis and not before:  # what a person confirmed once is not moved by reading it again
        draft.offer_mood(form, suggestion(analysis))
    if shown := analysis or before:
        understood(shown, form)
    refused = analysis.refusals.get("face") if analysis else None
    if refused and refused.code == "several_faces" and choose_face(form, analysis.user_input.picture, refused):
        st.session_state[f"face_chosen_{form}"] = True
        st.rerun()
    return analysis


def _analyse(session: Session, form: str, offered: UserInput) -> None:
    models, here = analyst(), draft.understanding(form)
    with st.status(t("analyse.working")) as status:
        found = models.analyse(offered, corrections.of(session))
        here.set(found)
        status.update(label=t("analyse.done", seconds=f"{found.seconds:.1f}"), state="complete")
