"""Models: what reads here, how well that was measured, what it must not be used for; and a try of one's own."""

from __future__ import annotations

import streamlit as st

from diary import consents
from diary.analysis import Offered
from learning import measured
from parts import measured as shown
from parts.model_cards import CARDS, own, running_version
from parts.models import analyst
from parts.moods import mood_name
from parts.plain import plain
from parts.samples import stand_in
from parts.understood import kindly
from parts.visitor import t, visitor

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

if version and chosen in ("voice", "face", "words"):
    st.subheader(t("models.try"), anchor=False)
    st.caption(t("models.try_means"))
    offered = Offered()
    if chosen == "words":
        offered = Offered(line=st.text_input(t("models.try_line"), key="try_line"))
    elif chosen not in consents.given(person.account_id):
        st.caption(t(f"capture.{chosen}_off"))
    elif chosen == "voice":
        recorded = st.audio_input(t("capture.voice"), key="try_voice")
        offered = Offered(sound=recorded.getvalue() if recorded else stand_in("voice", "try"))
    else:
        taken = None
        if st.toggle(t("capture.camera_on"), key="try_camera"):
            taken = st.camera_input(t("capture.face"), key="try_face")
        offered = Offered(picture=taken.getvalue() if taken else stand_in("face", "try"))
    if offered:
        with st.spinner(t("analyse.working")):
            analysis = analyst().analyse(offered)
        if refusal := analysis.refusals.get(chosen):
            st.warning(kindly(chosen, refusal), icon=":material/info:")
        elif reading := analysis.readings.get(chosen):
            sure = t("models.said_sure") if reading.sure else t("models.said_not_sure")
            st.markdown(f"### {mood_name(reading.label)} · {sure}")
            shown.scores_chart(dict(reading.scores), key=f"try_scores_{chosen}")
            st.caption(t("understood.not_a_feeling"))
