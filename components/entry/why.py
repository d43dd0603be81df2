"""Explains a suggested mood: which parts of the recording, the face and the note counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st
from PIL import Image

from components import page_cache
from components.entry.spoken_words import Mark, SpokenWord, spoken_words
from components.models.model_cards import MEMBER_NAMES, shares_text
from components.moods import mood_name
from components.recognisers import analyst
from components.text import score_percent
from components.visitor import current_language, t
from diary import media_types
from emotions import BY_KEY
from fer import explain as face_explain
from fer.predict import FaceReading
from ser import explain as voice_explain
from understanding import explanations
from understanding.analyst import Analysis
from understanding.explanations import Explanations
from understanding.spoken_note import NoteWord
from words import explain as words_explain


def why(analysis: Analysis, form: str) -> None:
    # Cached: each click on the page reruns it, and the explanation takes seconds to compute.
    found = page_cache.cached(_name(form), analysis, lambda: _explain(analysis))
    has_player = _spoken_note(analysis, found, form)
    if found.voice is not None:
        _voice(found.voice, form)
    if found.face is not None and analysis.face is not None:
        _face(analysis.face, found.face)
    if found.words is not None and not has_player:
        st.markdown(f"**{t('source.words')}**")
        st.html(_note_with_marks(found.words))
        st.caption(t("why.words"))
    weights = ", ".join(f"{t(f'source.{source}')} {weight:.2f}" for source, weight in found.weights.items())
    st.caption(t("why.weights", weights=weights))
    if _overlap(analysis):
        st.caption(t("why.overlap"))


def forget(form: str) -> None:
    """Removes the explanation of this form from memory."""
    page_cache.forget(_name(form))


def _name(form: str) -> str:
    return f"why_{form}"


def _explain(analysis: Analysis) -> Explanations:
    models = analyst()
    with st.spinner(t("why.working")):
        return explanations.explain(models, analysis)


def _overlap(analysis: Analysis) -> bool:
    """Whether voice and words weighed less together, because most of the note was said in the recording."""
    words, fused = analysis.readings.get("words"), analysis.fused
    if words is None or fused is None:
        return False
    return fused.quality.get("overlap", 0.0) > 0 and words.quality.get("spoken", 0.0) >= 0.5


def _spoken_note(analysis: Analysis, found: Explanations, form: str) -> bool:
    """Plays the recording above the words that were said in it; False where the note was typed, or nothing can play."""
    recording = analysis.user_input.recording
    if found.words is None or not found.spoken or recording is None:
        return False
    mime = media_types.mime_of("sound", recording)
    if mime == media_types.UNKNOWN:
        return False
    st.markdown(f"**{t('why.said')}**")
    spoken_words(recording, mime, _spoken_words(found.words, found.spoken), key=f"why_{form}")
    st.caption(t("why.words"))
    return True


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


def _spoken_words(explanation: words_explain.WordsExplanation, words: Sequence[NoteWord]) -> list[SpokenWord]:
    """The words of the note for the player, each with the strongest mark in it."""
    strongest = _strongest(explanation)
    spans = iter(explanation.spans)
    span = next(spans, None)
    found, end = [], 0
    for word in words:
        marks = []
        while span and span.start < word.end:
            if mark := _mark(span, strongest):
                marks.append(mark)
            span = next(spans, None)
        said = word.said
        found.append(
            SpokenWord(
                explanation.text[end : word.end],
                said.start if said else None,
                said.end if said else None,
                unsure=said is not None and not said.is_sure,
                mark=max(marks, key=lambda mark: mark.weight, default=None),
            )
        )
        end = word.end
    return found


def _note_with_marks(explanation: words_explain.WordsExplanation) -> str:
    """The note as HTML: a line under each word in the colour of its mood, thicker for a greater weight."""
    strongest = _strongest(explanation)
    parts, end = [], 0
    for span in explanation.spans:
        parts.append(escape(explanation.text[end : span.start]))
        word = escape(explanation.text[span.start : span.end])
        if mark := _mark(span, strongest):
            word = (
                f'<mark title="{escape(mark.label)}" style="background:none;color:inherit;'
                f'border-bottom:{1 + 4 * mark.weight:.1f}px solid {mark.colour}">{word}</mark>'
                f"<small>{mark.emoji}</small>"
            )
        parts.append(word)
        end = span.end
    parts.append(escape(explanation.text[end:]))
    return f'<p style="white-space:pre-wrap;line-height:2">{"".join(parts)}</p>'


def _strongest(explanation: words_explain.WordsExplanation) -> float:
    return max((span.weights[span.mood] for span in explanation.spans), default=1.0) or 1.0


def _mark(span: words_explain.Span, strongest: float) -> Mark | None:
    """The line under a word or sign; None where it weighed little beside the strongest."""
    weight = max(0.0, span.weights[span.mood]) / strongest
    if weight < 0.15:
        return None
    emotion = BY_KEY[span.mood]
    label = f"{emotion.name(current_language())} {weight:.0%}"
    return Mark(emotion.colour, weight, label, emotion.emoji if weight >= 0.4 else "")
