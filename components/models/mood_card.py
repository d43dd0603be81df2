"""The card of a model that reads a mood: its measured figures, what it learnt from, and a form to try it."""

from __future__ import annotations

import streamlit as st

from components.models import comparison
from components.models import measured as shown
from components.models.model_cards import (
    WEIGHT_FOLDERS,
    free_words,
    is_left_out,
    own_model,
    running_version,
    shares_text,
    training_figures,
)
from components.models.try_model import try_model
from components.text import plain
from components.visitor import t
from diary.sessions import Session
from inference import measured


def show(chosen: str, person: Session) -> None:
    own = own_model(chosen)
    st.write(t("models.own_what") if own else t(f"models.{chosen}_what"))
    if is_left_out(chosen):
        st.info(t("models.not_free"), icon=":material/info:")
        return
    own = own or (free_words() if chosen == "words" else None)
    if shares := shares_text(chosen):
        st.caption(t("models.shares", shares=shares))

    found = measured.read(own.weights if own else WEIGHT_FOLDERS[chosen])
    version = running_version(chosen)
    if version is None:
        st.info(t("models.not_here"), icon=":material/hourglass_empty:")
    if not found:
        st.info(t("models.not_measured"), icon=":material/straighten:")
    else:
        compared = [] if own else found
        comparison.show(chosen, compared)
        sets = {test_set.name: t(f"models.set_{test_set.name}") for test_set in found}
        name = st.selectbox(t("models.measured_on"), list(sets), format_func=sets.__getitem__)
        figures = found[list(sets).index(name)]
        facts = t("models.set_facts", count=f"{figures.count:,}", command=figures.command)
        if figures.groups:
            facts = t(
                "models.set_facts_people", count=f"{figures.count:,}", people=figures.groups, command=figures.command
            )
        st.caption(facts)
        if version and figures.model not in version:
            st.warning(t("models.other_version", measured=figures.model, running=version))
        shown.figures(figures)
        st.caption(t("models.uar_means", chance=f"{1 / len(figures.classes):.0%}"))
        if not figures.human and not comparison.is_shown(chosen, compared):
            st.caption(t(f"models.{chosen}_human"))
        shown.charts(figures)

    st.subheader(t("models.about"), anchor=False)
    if version:
        st.markdown(f"**{t('models.version')}** · {version}")
    own_facts = {"data": own.data, "licence": own.licence} if own else {}
    for fact in ("data", "licence", "not_for"):
        values = training_figures(chosen) if fact == "data" else {}
        text = plain(own_facts[fact]) if fact in own_facts else t(f"models.{chosen}_{fact}", **values)
        st.markdown(f"**{t(f'models.{fact}')}** · {text}")

    if version:
        try_model(chosen, person)
