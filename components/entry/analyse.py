"""The *Analyse* button and the result below it, in a new entry and in an entry that is opened again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from components import state
from components.entry import dictation, lead_to, open_form
from components.entry.capture import choose_face, chosen_face
from components.entry.kept_media import with_kept
from components.entry.verdict import show_analysis, suggested_mood
from components.entry.verdict_buttons import Buttons
from components.recognisers import analyst, readable_sources
from components.visitor import t
from diary import corrections, readings
from diary.media import StoredMedium
from diary.sessions import Session
from understanding.analyst import Analysis, UserInput

_EARLIER = 60
"""Readings of a voice that tell what is usual for it: a voice changes over the years."""


def analyse_entry(
    session: Session,
    form: str,
    offered: UserInput,
    before: Analysis | None = None,
    kept: Sequence[StoredMedium] = (),
    with_tiles: bool = False,
) -> Analysis | None:
    """Draws the button and the result; returns the analysis of the current input, or None if there is none yet.

    For an entry that is opened again, `before` holds its readings and `kept` its recordings and pictures.
    """
    # Never disabled: the browser sends a note only when its field loses focus, as it does on this click.
    is_pressed = bool(readable_sources()) and st.button(
        t("analyse.again" if before else "analyse.button"), icon=":material/auto_awesome:", key=f"analyse_{form}"
    )
    is_new = form == state.NEW_ENTRY_FORM.get()
    is_time = dictation.is_time(form, dictation.ANALYSE, is_pressed)
    if is_pressed and not is_time:
        st.rerun()  # the line below the note says what it waits for
    if is_time and not (offered or kept):
        st.info(t("analyse.nothing"))
    elif is_time or state.READ_NOW.of(form).pop():
        complete = with_kept(session, offered, kept)
        if is_new:  # a reload during the analysis must lose nothing
            open_form.save_draft(session, open_form.analysis(form, offered))
        _analyse(session, form, replace(complete, face=chosen_face(form, complete.picture)))
    analysis = open_form.analysis(form, offered)
    if is_new:  # a new reading never changes a mood that the person confirmed
        open_form.offer_mood(form, suggested_mood(analysis))
    if shown := analysis or before:
        buttons = Buttons.KEEP if is_new else Buttons.CHOOSE if analysis else Buttons.NONE
        show_analysis(shown, form, buttons, lambda: _earlier_voices(session, shown), with_tiles)
        lead_to.script(form)
    if analysis and _ask_for_face(form, analysis):
        state.READ_NOW.of(form).set(True)
        st.rerun()
    return analysis


def _earlier_voices(session: Session, shown: Analysis) -> list[Mapping[str, float]]:
    """The qualities of earlier readings of this person's voice, without the one that is shown."""
    current = shown.raw["voice"].quality if "voice" in shown.raw else {}
    return [quality for quality in readings.latest_qualities(session, "voice", _EARLIER) if quality != current]


def _ask_for_face(form: str, analysis: Analysis) -> bool:
    """Asks which face to read if there are several; true once the person chose one."""
    refusal = analysis.refusals.get("face")
    if refusal is None or refusal.code != "several_faces" or analysis.user_input.picture is None:
        return False
    return choose_face(form, analysis.user_input, refusal)


def _analyse(session: Session, form: str, offered: UserInput) -> None:
    models, understanding = analyst(), open_form.understanding(form)
    with st.status(t("analyse.working")) as status:
        found = models.analyse(offered, corrections.of(session), corrections.shares(session))
        understanding.set(found)
        lead_to.ask(form, lead_to.VERDICT)
        status.update(label=t("analyse.done", seconds=f"{found.seconds:.1f}"), state="complete")
