"""The verdict of an analysis in one card: which mood it suggests, how sure it is and why. The person decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

import streamlit as st

from components.entry import form_fields
from components.entry.tiles import tiles
from components.entry.verdict_buttons import Buttons, verdict_buttons
from components.entry.why import why
from components.moods import mood_name, mood_word
from components.text import score_percent
from components.visitor import t
from emotions import BY_KEY, EMOTIONS
from inference.calibration import LEAST_SURE
from language import catalogue
from reading import Reading, Refusal
from ser.novelty import is_new_voice
from understanding import fusion
from understanding.analyst import Analysis

QUITE_SURE = 0.85
"""The score from which the sentence says "quite", not "fairly"."""
_ICONS = {"voice": ":material/mic:", "face": ":material/face:", "words": ":material/notes:"}


def show_analysis(
    analysis: Analysis,
    form: str,
    buttons: Buttons,
    earlier: Callable[[], Sequence[Mapping[str, float]]] = list,
    with_tiles: bool = False,
) -> None:
    """Draws the card; `form` makes the keys of its widgets unique.

    `earlier` finds the qualities of the person's earlier readings of their voice, once *Why* needs them. `with_tiles`
    shows the reasons of each sense at once.
    """
    if analysis.without_model:
        st.info(t("analyse.missing", sources=", ".join(t(f"source.{source}") for source in analysis.without_model)))
    for source, refusal in analysis.refusals.items():
        if refusal.code != "several_faces":  # the page asks which face (components/entry/capture.py)
            st.warning(refusal_sentence(source, refusal), icon=":material/info:")
    if analysis.fused is None:
        return
    # The card has the colour of a mood only where the models are sure of it.
    suggested = suggested_mood(analysis)
    card = f"mood_card_{suggested}" if suggested else "verdict"
    with st.container(border=True, key=f"{card}_understood_{form}", gap="xsmall"):
        st.markdown(f"## {_headline(analysis, analysis.fused)}")
        st.markdown(_sentence_of_card(analysis, analysis.fused))
        if with_tiles:
            tiles(analysis, form, earlier)
        elif len(analysis.readings) > 1:
            st.markdown("  \n".join(_source_line(source, reading) for source, reading in _in_order(analysis)))
        if _is_voice_new(analysis):
            st.caption(t("verdict.voice_new"))
        if not fusion.contradict(analysis.fused):  # put together, the two sides would look like one
            st.html(_scores(analysis.fused))
        verdict_buttons(analysis, analysis.fused, form, buttons, suggested is not None)
        if buttons is not Buttons.NONE and (other := _correction(analysis.fused, form)):
            st.markdown(t("verdict.corrected", mood=mood_name(other), read=mood_name(analysis.fused.label)))
        st.caption(t("verdict.not_a_feeling"))
        if st.toggle(t("verdict.why"), key=f"why_{form}"):
            why(analysis, form, earlier)


def suggested_mood(analysis: Analysis | None) -> str | None:
    """The mood that the form offers; None if the models are not sure."""
    return analysis.fused.label if analysis and analysis.fused and _is_sure(analysis.fused) else None


def _is_sure(fused: Reading) -> bool:
    """Whether the mood is a verdict, not a question. Older readings were called sure of a mood with a low score."""
    return fused.sure and fused.scores[fused.label] >= LEAST_SURE


def _is_likely(fused: Reading) -> bool:
    """Whether one mood is likely but not sure: to ask "this or that?" would contradict the scale."""
    return not _is_sure(fused) and fused.scores[fused.label] >= LEAST_SURE


def verdict_sentence(analysis: Analysis, fused: Reading) -> str:
    """The verdict in one sentence, or the question in its place."""
    if fusion.contradict(fused):
        told = ", ".join(
            t("verdict.each", source=t(f"verdict.{source}"), mood=mood_name(reading.label))
            for source, reading in _in_order(analysis)
        )
        return t("verdict.contradiction", told=told)
    if _is_likely(fused):
        return t("verdict.likely", mood=mood_name(fused.label))
    if not _is_sure(fused):
        first, second = (mood_name(mood) for mood in _likeliest(fused)[:2])
        return t("verdict.not_sure", first=first, second=second)
    return _sure_sentence(analysis, fused)


def refusal_sentence(source: str, refusal: Refusal) -> str:
    """The sentence for this code, or the general one of the source if the code has none."""
    key = f"refusal.{refusal.code}"
    return t(key if key in catalogue("en") else f"refusal.{source}")


def _headline(analysis: Analysis, fused: Reading) -> str:
    if fusion.contradict(fused):
        return t("verdict.headline_contradiction")
    if _is_likely(fused):
        return t("verdict.headline_likely", mood=mood_name(fused.label))
    if not _is_sure(fused):
        first, second = (mood_name(mood) for mood in _likeliest(fused)[:2])
        return t("verdict.headline_not_sure", first=first, second=second)
    return mood_name(fused.label)


def _sentence_of_card(analysis: Analysis, fused: Reading) -> str:
    """What the headline does not say."""
    if fusion.contradict(fused):
        return t("verdict.which")
    if _is_likely(fused):
        return t("verdict.likely_which")
    return _sure_sentence(analysis, fused) if _is_sure(fused) else t("verdict.not_sure_which")


def _sure_sentence(analysis: Analysis, fused: Reading) -> str:
    sources = "_".join(source for source, _ in _in_order(analysis))
    sentence = t("verdict.closest", sources=t(f"verdict.by_{sources}"), mood=mood_name(fused.label))
    score = fused.scores[fused.label]
    key = "verdict.quite_sure" if score >= QUITE_SURE else "verdict.fairly_sure"
    return f"{sentence} {t(key, percent=score_percent(score))}"


def _source_line(source: str, reading: Reading) -> str:
    sureness = t("verdict.source_sure" if reading.sure else "verdict.source_not_sure")
    return f"{_ICONS[source]} {t(f'source.{source}')}: {mood_name(reading.label)} · {sureness}"


def _correction(fused: Reading, form: str) -> str | None:
    """The mood that the person chose, where it is not the one that the models said."""
    chosen = form_fields.value(form, "mood_choice")
    is_other = chosen in EMOTIONS and chosen != fused.label and not fusion.contradict(fused)
    return str(chosen) if is_other else None


def _is_voice_new(analysis: Analysis) -> bool:
    voice = analysis.raw.get("voice")
    return voice is not None and is_new_voice(voice)


def _scores(fused: Reading) -> str:
    """HTML: one bar for each mood, in the order of the mood buttons."""
    bars = "".join(
        f'<li style="--share:{fused.scores[mood]:.3f};--mood:{BY_KEY[mood].colour}">'
        f"<b>{score_percent(fused.scores[mood])}%</b><i></i>"
        f'<span aria-hidden="true">{BY_KEY[mood].face}</span><small>{escape(mood_word(mood))}</small></li>'
        for mood in EMOTIONS
    )
    return f'<ul class="haru-scores" aria-label="{escape(t("verdict.scores"))}">{bars}</ul>'


def _likeliest(fused: Reading) -> list[str]:
    return sorted(EMOTIONS, key=lambda mood: -fused.scores[mood])


def _in_order(analysis: Analysis) -> list[tuple[str, Reading]]:
    return [(source, analysis.readings[source]) for source in fusion.SOURCES if source in analysis.readings]
