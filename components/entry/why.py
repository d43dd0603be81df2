"""Explains a verdict: which source counted most, how the voice differs from usual, and which words spoke for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

import streamlit as st
from PIL import Image

from components import page_cache
from components.entry.spoken_words import Mark, SpokenWord, spoken_words
from components.entry.why_voice import why_voice
from components.models.model_cards import MEMBER_NAMES
from components.moods import mood_name, mood_word
from components.recognisers import analyst
from components.visitor import t
from diary import media_types
from emotions import BY_KEY
from fer import explain as face_explain
from fer.predict import FaceReading
from understanding import explanations, face_frames, fusion
from understanding.analyst import Analysis
from understanding.explanations import Explanations
from understanding.spoken_note import NoteWord
from words import explain as words_explain

_LEAST_WEIGHT, _WITH_FACE = 0.15, 0.4
"""The effect of a word, against the strongest, from which it has a line, and from which also the face of a mood."""


def why(analysis: Analysis, form: str, earlier: Callable[[], Sequence[Mapping[str, float]]] = list) -> None:
    """Explains the verdict; `earlier` finds the qualities of the person's earlier readings of their voice."""
    found = explanations_of(analysis, form, earlier)
    for sentence in _what_counted(analysis, found):
        st.markdown(sentence)
    has_player = _spoken_note(analysis, found, form)
    if found.words is not None and not has_player:
        st.markdown(f"**{t('source.words')}**")
        st.html(_note_with_marks(found.words))
    if found.words is not None:
        st.caption(t("why.words", mood=mood_name(found.words.mood)))
    if found.sound is not None or found.voice is not None:
        why_voice(analysis, found, form)
    if found.face is not None and analysis.face is not None:
        _face(analysis.face, found.face)
    if _overlap(analysis):
        st.caption(t("why.overlap"))
    if analysis.fused and (entries := analysis.fused.quality.get(fusion.OWN_ENTRIES)):
        st.caption(t("why.own_moods", count=int(entries)))


def explanations_of(
    analysis: Analysis, form: str, earlier: Callable[[], Sequence[Mapping[str, float]]]
) -> Explanations:
    """Cached: each click on the page reruns it, and the explanation takes seconds to compute."""
    return page_cache.cached(_name(form), analysis, lambda: _explain(analysis, earlier()))


def forget(form: str) -> None:
    """Removes the explanation of this form from memory."""
    page_cache.forget(_name(form))


def _name(form: str) -> str:
    return f"why_{form}"


def _explain(analysis: Analysis, earlier: Sequence[Mapping[str, float]]) -> Explanations:
    models = analyst()
    with st.spinner(t("why.working")):
        return explanations.explain(models, analysis, earlier)


def _what_counted(analysis: Analysis, found: Explanations) -> list[str]:
    """Which source counted most, and which one says another mood than the verdict."""
    sentences = []
    if found.strongest:
        key = "why.most" if len(found.strongest) == 1 else "why.equally"
        sentences.append(t(key, sources=t(f"verdict.by_{'_'.join(found.strongest)}")))
    for source, reading in analysis.readings.items():
        if found.mood and reading.label != found.mood:
            sentences.append(t(f"why.{source}_differs", own=mood_name(reading.label), mood=mood_name(found.mood)))
    return sentences


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
    return True


def _face(reading: FaceReading, explanation: face_explain.FaceExplanation) -> None:
    st.markdown(f"**{t('source.face')}**")
    caption = t("why.face", mood=mood_name(explanation.mood))
    with st.container(horizontal=True):
        st.image(face_explain.as_picture(reading.crop, explanation.ensemble), width=232, alt=caption)
        with st.container(horizontal=True, width=260, gap="small"):
            for name, scores in reading.members.items():
                _member_mood(name, scores, face_explain.as_picture(reading.crop, explanation.members[name], side=120))
    st.caption(caption)
    if reading.quality.get("mouth_movement", 0.0) >= (face_frames.STILL + face_frames.SPEAKING) / 2:
        st.caption(t("why.mouth_moved"))


def _member_mood(name: str, scores: Mapping[str, float], picture: Image.Image) -> None:
    """The mood that one member predicts on its own, and a heat map of the pixels that it used."""
    with st.container(width=116, gap=None):
        st.image(picture, width=104, alt="")
        st.caption(f"{MEMBER_NAMES.get(name, name)}  \n{mood_name(max(scores, key=scores.__getitem__))}")


def _spoken_words(explanation: words_explain.WordsExplanation, words: Sequence[NoteWord]) -> list[SpokenWord]:
    """The words of the note for the player, each with the strongest mark in it."""
    strongest = _strongest(explanation)
    spans = iter(explanation.spans)
    span = next(spans, None)
    found, end = [], 0
    for word in words:
        marks = []
        while span and span.start < word.end:
            if mark := _mark(span, explanation.mood, strongest):
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
    """The note as HTML: a solid line under a word that spoke for the mood, a wavy one under a word against it."""
    strongest = _strongest(explanation)
    parts, end = [], 0
    for span in explanation.spans:
        parts.append(escape(explanation.text[end : span.start]))
        word = escape(explanation.text[span.start : span.end])
        if mark := _mark(span, explanation.mood, strongest):
            face = f'<small aria-hidden="true">{mark.face}</small>' if mark.face else ""
            word = (
                f'<mark class="{"against" if mark.against else "for"}" title="{escape(mark.label)}" '
                f'style="--mood:{mark.colour};--weight:{mark.weight:.2f}">{word}</mark>{face}'
            )
        parts.append(word)
        end = span.end
    parts.append(escape(explanation.text[end:]))
    return f'<p class="haru-why-words">{"".join(parts)}</p>'


def _strongest(explanation: words_explain.WordsExplanation) -> float:
    return max((abs(span.effect) for span in explanation.spans), default=1.0) or 1.0


def _mark(span: words_explain.Span, mood: str, strongest: float) -> Mark | None:
    """The line under a word or sign; None where it weighed little beside the strongest."""
    weight = abs(span.effect) / strongest
    if weight < _LEAST_WEIGHT:
        return None
    if span.effect > 0:
        label = t("why.mark_for", mood=mood_word(mood))
        return Mark(BY_KEY[mood].colour, weight, label, BY_KEY[mood].face if weight >= _WITH_FACE else "")
    # What it spoke for instead: it explains why it counts against the verdict.
    other = max((each for each in span.weights if each != mood), key=span.weights.__getitem__)
    label = t("why.mark_against", mood=mood_word(mood), other=mood_word(other))
    face = BY_KEY[other].face if weight >= _WITH_FACE else ""
    return Mark(BY_KEY[other].colour, weight, label, face, against=True)
