"""Models: what each model does, how well it was measured, what it must not be used for, and a form to try it."""

from __future__ import annotations

import streamlit as st

from components.models import mood_card, transcript_card
from components.models.model_cards import WEIGHT_FOLDERS
from components.visitor import t, visitor

person = visitor()

st.title(t("models.title"), anchor=False)
st.write(t("models.not_a_feeling"))
names = {name: t(f"models.{name}") for name in (*WEIGHT_FOLDERS, transcript_card.NAME)}
chosen = st.segmented_control(
    t("models.which"),
    list(names),
    default="voice",
    format_func=names.__getitem__,
    required=True,
    key="model_choice",
    label_visibility="collapsed",
)
st.header(names[chosen], anchor=False)
if chosen == transcript_card.NAME:
    transcript_card.show()
else:
    mood_card.show(chosen, person)
