"""Models: what reads here, how well that was measured, what it must not be used for; and a try of one's own."""

from __future__ import annotations

import streamlit as st

from components.models import measured as shown
from components.models.model_cards import CARDS, own, running_version
from components.models.try_model import try_it
from components.text import plain
from components.visitor import t, visitor
from inference import measured

person = visitor()

st.title(t("models.title"), anchor=False)
st.write(t("models.not_a_feeling"))
names = {name: t(f"models.{name}") for name in CARDS}
chosen = st.segmented_control(
    t("models.which"),
    list(names),
    default="voice",
    format_func=names.__getitem__,
    required=True,
    key="model_choice",
    label_visibility="collapsed",
)
card = CARDS[chosen]
st.header(t(f"models.{chosen}"), anchor=False)
mine = own(chosen)
st.write(t("models.own_what") if mine else t(f"models.{chosen}_what"))

found = measured.read(mine.weights if mine else card.weights)
version = running_version(chosen)
if version is None:
    st.info(t("models.not_here"), icon=":material/hourglass_empty:")
if not found:
    st.info(t("models.not_measured"), icon=":material/straighten:")
else:
    sets = {one.name: t(f"models.set_{one.name}") for one in found}
    of = st.selectbox(t("models.measured_on"), list(sets), format_func=sets.__getitem__)
    one = found[list(sets).index(of)]
    facts = t("models.set_facts", count=f"{one.count:,}", command=one.command)
    if one.groups:
        facts = t("models.set_facts_people", count=f"{one.count:,}", people=one.groups, command=one.command)
    st.caption(facts)
    if version and one.model not in version:
        st.warning(t("models.other_version", measured=one.model, running=version))
    shown.figures(one)
    st.caption(t("models.uar_means", chance=f"{1 / len(one.classes):.0%}"))
    if not one.human:
        st.caption(t(f"models.{chosen}_human"))
    shown.charts(one)

st.subheader(t("models.about"), anchor=False)
if version:
    st.markdown(f"**{t('models.version')}** · {version}")
about = {"data": mine.data, "licence": mine.licence} if mine else {}
for fact in ("data", "licence", "not_for"):
    told = plain(about[fact]) if fact in about else t(f"models.{chosen}_{fact}")
    st.markdown(f"**{t(f'models.{fact}')}** · {told}")

if version:
    try_it(chosen, person)
