"""Explains a suggested mood: which parts of the recording, the face and the note counted."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st
from PIL import Image

from components import page_cache
from components.models.model_cards import MEMBER_NAMES, shares_text
from components.moods import mood_name
from components.recognisers import analyst
from components.text import score_percent
from components.visitor import current_language, t
from emotions import BY_KEY
from fer import explain as face_explain
from fer.predict import FaceReading
from ser import explain as voice_explain
from understanding import explanations
from understanding.analyst import Analysis
from understanding.explanations import Explanations
from words import explain as words_explain


def why(analysis: Analysis, form: str) -> None:
    # Cached: each click on the page reruns it, and the explanation takes seconds to compute.
    found = page_cache.cached(_name(form), analysis, lambda: _explain(analysis))
    if found.voice is not None:
        _voice(found.voice, form)
    if found.face is not None and analysis.face is not None:
        _face(analysis.face, found.face)
    if found.words is not None:
        st.markdown(f"**{t('source.words')}**")
        st.html(_note_with_marks(found.words))
        st.caption(t("why.words"))
    weights = ", ".join(f"{t(f'source.{source}')} {weight:.2f}" for source, weight in found.weights.items())
    st.caption(t("why.weights", weights=weights))


def forget(form: str) -> None:
    """Removes the explanation of this form from memory."""
    page_cache.forget(_name(form))


def _name(form: str) -> str:
    return f"why_{form}"


def _explain(analysis: Analysis) -> Explanations:
    models = analyst()
    with st.spinner(t("why.working")):
        return explanations.explain(models, analysis)


def _voice(found: voice_explain.VoiceExplanation, form: str) -> None:
    st.markdown(f"**{t('source.voice')}**")
    shown = voice_explain.figure(found, time=t("why.seconds"), frequency=t("why.hertz"))
    st.plotly_chart(shown, key=f"why_voice_{form}", config={"displayModeBar": False}, alt=t("why.voice"))
    st.caption(t("why.voice"))
    _member_shares("voice")


def _face(reading: FaceReading, explanation: face_explain.FaceExplanation) -> None:
    st.markdown(f"**{t('source.face')}**")
    with st.container(horizontal=True):
        st.image(face_explain.as_picture(reading.crop, explanation.ensemble), width=232, alt=t("why.face"))
        with st.container(horizontal=True, width=260, gap="small"):
            for name, scores in reading.members.items():
                _member_mood(name, scores, face_explain.as_picture(reading.crop, explanation.members[name], side=120))
    st.caption(t("why.face"))
    _member_shares("face")


def _member_shares(model: str) -> None:
    if shares := shares_text(model):
        st.caption(t("models.shares", shares=shares))


def _member_mood(name: str, scores: Mapping[str, float], picture: Image.Image) -> None:
    """The mood that one member predicts on its own, and a heat map of the pixels that it used."""
    best = max(scores, key=scores.__getitem__)
    with st.container(width=116, gap=None):
        st.image(picture, width=104, alt="")
        st.caption(f"{MEMBER_NAMES.get(name, name)}  \n{mood_name(best)} {score_percent(scores[best])}%")


def _note_with_marks(explanation: words_explain.WordsExplanation) -> str:
    """The note as HTML: a line under each word in the colour of its mood, thicker for a greater weight."""
    strongest = max((span.weights[span.mood] for span in explanation.spans), default=1.0) or 1.0
    parts, end = [], 0
    for span in explanation.spans:
        parts.append(escape(explanation.text[end : span.start]))
        weight = max(0.0, span.weights[span.mood]) / strongest
        emotion = BY_KEY[span.mood]
        word = escape(explanation.text[span.start : span.end])
        if weight >= 0.15:
            label = escape(f"{emotion.name(current_language())} {weight:.0%}")
            word = (
                f'<mark title="{label}" style="background:none;color:inherit;'
                f'border-bottom:{1 + 4 * weight:.1f}px solid {emotion.colour}">{word}</mark>'
                f"<small>{emotion.emoji if weight >= 0.4 else ''}</small>"
            )
        parts.append(word)
        end = span.end
    parts.append(escape(explanation.text[end:]))
    return f'<p style="white-space:pre-wrap;line-height:2">{"".join(parts)}</p>'
