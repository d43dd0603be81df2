"""Try a model on the Models page with a note, a recording, a picture or a track; none of the input is stored."""

from __future__ import annotations

import streamlit as st

from components import state, uploads
from components.demo.stand_ins import stand_in
from components.entry import attached
from components.entry.camera import camera
from components.entry.capture import SOUNDS
from components.entry.verdict import refusal_sentence
from components.models import measured as shown
from components.moods import mood_name
from components.music.own_tracks import music_refusal_sentence
from components.recognisers import analyst
from components.visitor import t
from diary import consents
from diary.sessions import Session
from inference.weights import WeightsError
from music import analyse
from reading import Refusal
from understanding.analyst import UserInput


def try_model(model: str, session: Session) -> None:
    st.subheader(t("models.try"), anchor=False)
    st.caption(t("models.try_means"))
    if model == "music":
        _try_track()
    elif model == "words" or model in consents.given(session.account_id):
        _try_reading(model)
    else:
        st.caption(t(f"capture.{model}_off"))


def _try_reading(model: str) -> None:
    offered = _offered(model)
    if not offered:
        return
    with st.spinner(t("analyse.working")):
        analysis = analyst().analyse(offered)
    if refusal := analysis.refusals.get(model):
        st.warning(refusal_sentence(model, refusal), icon=":material/info:")
    elif reading := analysis.readings.get(model):
        sure = t("models.said_sure") if reading.sure else t("models.said_not_sure")
        st.markdown(f"### {mood_name(reading.label)} · {sure}")
        shown.scores_chart(dict(reading.scores), key=f"try_scores_{model}")
        st.caption(t("verdict.not_a_feeling"))


def _offered(model: str) -> UserInput:
    if model == "words":
        return UserInput(note=st.text_input(t("models.try_line"), key="try_line"))
    if model == "voice":
        recorded = st.audio_input(t("capture.voice"), key="try_voice")
        return UserInput(recording=recorded.getvalue() if recorded else stand_in("voice", "try"))
    camera("try")
    taken = attached.content("try", "face")
    return UserInput(picture=taken or stand_in("face", "try"), frames=attached.frames("try"))


def _try_track() -> None:
    uploaded = st.file_uploader(t("models.try_music"), type=SOUNDS, key="try_music", max_upload_size=uploads.MUSIC)
    if not uploaded:
        return
    # A long track takes seconds: it is analysed once, not at every rerun.
    tried = state.TRIED_TRACK.get()
    if tried is None or tried[0] != uploaded.file_id:
        try:
            with st.spinner(t("analyse.working")):
                tried = (uploaded.file_id, analyse.load().read_one(uploaded.getvalue()))
        except WeightsError:
            st.warning(t("own.no_model"))
            return
        state.TRIED_TRACK.set(tried)
    answer = tried[1]
    if isinstance(answer, Refusal):
        st.warning(music_refusal_sentence(answer), icon=":material/info:")
        return
    st.markdown(t("own.verdict", eight=t(f"eight.{answer.emotion8}"), four=t(f"four.{answer.emotion4}")))
    shown.scores_chart(dict(answer.scores4), key="try_scores_music")
    st.caption(t("own.not_a_fact"))
