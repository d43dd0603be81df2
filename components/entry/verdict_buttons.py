"""The buttons of the verdict: agree and keep, choose another likely mood, or go to the moods at the top."""

from __future__ import annotations

from enum import Enum, auto

import streamlit as st

from components.entry import form_fields, lead_to, open_form
from components.entry.choose import choose, choose_and_keep
from components.moods import mood_name
from components.visitor import t
from emotions import EMOTIONS
from reading import Reading
from understanding import fusion
from understanding.analyst import Analysis


class Buttons(Enum):
    """What the buttons may do."""

    KEEP = auto()
    """The first one keeps the entry at once."""
    CHOOSE = auto()
    """They only choose: a person who changes an entry keeps the changes with the form's own button."""
    NONE = auto()
    """There are none: the person confirmed the mood of this entry long ago."""


def verdict_buttons(analysis: Analysis, fused: Reading, form: str, buttons: Buttons, is_sure: bool) -> None:
    """`is_sure` is false where the first button asks."""
    if buttons is Buttons.NONE:
        return
    with st.container(horizontal=True, gap="xsmall", key=f"verdict_buttons_{form}"):
        moods = _asked_moods(analysis, fused)
        if buttons is Buttons.KEEP and not fusion.contradict(fused):
            _keep_button(fused.label, form, is_sure)
            moods = moods[1:]
        for place, mood in enumerate(moods):
            _mood_button(mood, form, place)
        st.button(
            t("verdict.another"), key=f"verdict_another_{form}", type="tertiary", on_click=_to_all_moods, args=(form,)
        )


def _asked_moods(analysis: Analysis, fused: Reading) -> list[str]:
    """In a contradiction the moods of the sources; else the three likeliest."""
    if fusion.contradict(fused):
        found = (analysis.readings[source].label for source in fusion.SOURCES if source in analysis.readings)
        return list(dict.fromkeys(found))
    return sorted(EMOTIONS, key=lambda mood: -fused.scores[mood])[:3]


def _keep_button(mood: str, form: str, is_sure: bool) -> None:
    label = t("verdict.keep") if is_sure else t("verdict.keep_not_sure", mood=mood_name(mood))
    st.button(
        label, key=f"verdict_keep_{form}", type="primary" if is_sure else "secondary",
        on_click=choose_and_keep, args=(form, mood),
    )  # fmt: skip


def _mood_button(mood: str, form: str, place: int) -> None:
    is_chosen = form_fields.value(form, "mood_choice") == mood
    st.button(
        mood_name(mood), key=f"verdict_mood_{place}_{form}", icon=":material/check:" if is_chosen else None,
        on_click=choose, args=(form, mood),
    )  # fmt: skip


def _to_all_moods(form: str) -> None:
    """Takes back what the models chose, not what the person chose, and leads to the moods."""
    offered = open_form.understanding(form).offered_mood
    if offered and form_fields.value(form, "mood_choice") == offered:
        choose(form, None)
    lead_to.ask(form, lead_to.MOODS)
