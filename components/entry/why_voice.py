"""*Why* of a voice: how it differs from usual, which moment spoke most for the mood, and the picture of the sound."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components.moods import mood_name, mood_word
from components.text import score_percent
from components.visitor import t
from ser.explain import Times, VoiceExplanation
from ser.explain_chart import ChartWords, figure
from ser.moments import Moment
from ser.predict import WINDOW
from understanding.analyst import Analysis
from understanding.explanations import Explanations, VoiceDifferences


def why_voice(analysis: Analysis, found: Explanations, form: str) -> None:
    """The reason in words; the picture of the sound only on request."""
    st.markdown(f"**{t('source.voice')}**")
    if found.sound is not None:
        st.markdown(_beside_usual(found.sound))
        st.caption(t("why.no_proof" if found.sound.usual.is_own else "why.no_proof_yet"))
    if isinstance(found.voice, Times):
        st.markdown(" ".join(_moment_sentences(found, found.voice)))
        if remarks := _remarks(analysis, found.voice):
            st.caption(" ".join(remarks))
    if found.voice is not None and st.toggle(t("why.show_sound"), key=f"why_sound_{form}"):
        _picture(found.voice, form)


def _beside_usual(sound: VoiceDifferences) -> str:
    """How the voice differs from usual, in one sentence."""
    if not sound.outside:
        return t("why.sound_own_same" if sound.usual.is_own else "why.sound_most_same")
    return t("why.sound_own" if sound.usual.is_own else "why.sound_most", differences=_listed(sound.outside))


def _moment_sentences(found: Explanations, times: Times) -> list[str]:
    """Which moment spoke most for the mood, how the voice sounds there, and at what the model looked."""
    moment, mood = times.moment, mood_name(times.mood)
    if moment is None:
        sentences = [t("why.moment_none", mood=mood)]
    else:
        before, after = score_percent(moment.score), score_percent(moment.score_without)
        between = _between(moment.start, moment.end)
        sentences = [t("why.moment", between=between, mood=mood, before=before, after=after)]
        sentences += _there(found, moment)
    if times.looked:
        start, end = times.looked
        is_there = moment is not None and start < moment.end and end > moment.start
        sentences.append(t("why.looked_there") if is_there else t("why.looked", between=_between(start, end)))
    return sentences


def _there(found: Explanations, moment: Moment) -> list[str]:
    if moment.is_pause:
        return [t("why.moment_pause")]
    if moment.voice is None:
        return []
    if not moment.voice.beside_rest:
        return [t("why.moment_same")]
    sentences = [t("why.moment_rest", differences=_listed(moment.voice.beside_rest))]
    if found.sound and (also := found.moment_beside_usual):
        key = "why.moment_own" if found.sound.usual.is_own else "why.moment_most"
        sentences.append(t(key, differences=_listed(also)))
    return sentences


def _remarks(analysis: Analysis, times: Times) -> list[str]:
    raw, shown = analysis.raw["voice"], analysis.readings["voice"]
    remarks = []
    if raw.quality.get("seconds", 0.0) > WINDOW:
        remarks.append(t("why.first_ten_seconds"))
    if times.moment and raw.scores != shown.scores:
        remarks.append(t("why.before_corrections"))
    return remarks


def _picture(explanation: VoiceExplanation, form: str) -> None:
    key = "why.times" if isinstance(explanation, Times) else "why.voice"
    words = ChartWords(t("why.seconds"), t("why.hertz"), t("why.attention"), t("why.without"))
    st.plotly_chart(
        figure(explanation, words),
        key=f"why_voice_{form}",
        config={"displayModeBar": False},
        alt=t(key, mood=mood_word(explanation.mood)),
    )
    st.caption(t(key, mood=mood_name(explanation.mood)))


def _listed(differences: Mapping[str, bool]) -> str:
    """“Louder, faster and in a higher voice”."""
    said = [t(f"why.{name}_{'above' if is_above else 'below'}") for name, is_above in differences.items()]
    *others, last = said
    return t("why.and").join([", ".join(others), last]) if others else last


def _between(start: float, end: float) -> str:
    return t("why.between", start=f"{start:.1f}", end=f"{end:.1f}")
