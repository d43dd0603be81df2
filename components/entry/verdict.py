"""The result of an analysis: which mood it suggests, how sure it is and why. The person decides."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from components.entry.why import why
from components.moods import mood_name
from components.text import score_percent
from components.visitor import current_language, t
from emotions import BY_KEY, EMOTIONS
from language import catalogue
from reading import Reading, Refusal
from understanding import fusion
from understanding.analyst import Analysis

# Distinct by pattern as well as colour.
_BAR_STYLES = {"voice": ("#4F95DA", ""), "face": ("#E58A45", "/"), "words": ("#3A7F52", "x")}


def show_analysis(analysis: Analysis, form: str) -> None:
    """Draws the result; `form` makes the keys of its widgets unique."""
    if analysis.without_model:
        st.info(t("analyse.missing", sources=", ".join(t(f"source.{source}") for source in analysis.without_model)))
    for source, refusal in analysis.refusals.items():
        if refusal.code != "several_faces":  # the page asks which face (components/entry/capture.py)
            st.warning(refusal_sentence(source, refusal), icon=":material/info:")
    if analysis.fused is None:
        return
    with st.container(border=True, key=f"mood_card_{analysis.fused.label}_understood_{form}"):
        st.markdown(f"### {verdict_sentence(analysis, analysis.fused)}")
        if len({reading.label for reading in analysis.readings.values()}) > 1 and not fusion.contradict(analysis.fused):
            # The headline must not hide that a source disagrees.
            st.caption(t("verdict.alone", told=_source_moods(analysis)))
        st.caption(t("verdict.not_a_feeling"))
        st.plotly_chart(
            _scores(analysis), key=f"scores_{form}", config={"displayModeBar": False}, alt=_alt_text(analysis)
        )
        if st.toggle(t("verdict.why"), key=f"why_{form}"):
            why(analysis, form)


def suggested_mood(analysis: Analysis | None) -> str | None:
    """The mood that the form offers; None if the models are not sure."""
    return analysis.fused.label if analysis and analysis.fused and analysis.fused.sure else None


def verdict_sentence(analysis: Analysis, fused: Reading) -> str:
    """The suggested mood in one sentence, with the sources that it comes from."""
    *others, last = (t(f"verdict.{source}") for source in analysis.readings)
    sources = t("verdict.and").join([", ".join(others), last]) if others else last
    if fusion.contradict(fused):
        return t("verdict.contradiction", told=_source_moods(analysis))
    key = "verdict.sure" if fused.sure else "verdict.not_sure"
    return t(key, sources=sources, mood=mood_name(fused.label), percent=score_percent(fused.scores[fused.label]))


def _source_moods(analysis: Analysis) -> str:
    return ", ".join(
        t("verdict.each", source=t(f"verdict.{source}"), mood=mood_name(reading.label))
        for source, reading in analysis.readings.items()
    )


def _scores(analysis: Analysis) -> go.Figure:
    language = current_language()
    names = [f"{BY_KEY[emotion].emoji}<br>{BY_KEY[emotion].name(language)}" for emotion in EMOTIONS]
    bars = [
        go.Bar(
            name=t(f"source.{source}"),
            x=names,
            y=[reading.scores[emotion] for emotion in EMOTIONS],
            marker={"color": _BAR_STYLES[source][0], "pattern": {"shape": _BAR_STYLES[source][1]}},
            hovertemplate="%{y:.0%}",
        )
        for source, reading in analysis.readings.items()
    ]
    figure = go.Figure(bars)
    figure.update_layout(
        height=260,
        margin={"l": 0, "r": 0, "t": 10, "b": 0},
        xaxis={"tickangle": 0, "tickfont": {"size": 10}},
        yaxis={"tickformat": ".0%", "range": [0, 1]},
        legend={"orientation": "h", "y": 1.15},
        showlegend=True,
        dragmode=False,
    )
    return figure


def _alt_text(analysis: Analysis) -> str:
    """The chart in one sentence, for screen readers."""

    def highest(reading: Reading) -> str:
        best = sorted(EMOTIONS, key=lambda emotion: -reading.scores[emotion])[:3]
        return ", ".join(f"{BY_KEY[e].name(current_language())} {score_percent(reading.scores[e])}%" for e in best)

    return "; ".join(f"{t(f'source.{source}')}: {highest(reading)}" for source, reading in analysis.readings.items())


def refusal_sentence(source: str, refusal: Refusal) -> str:
    """The sentence for this code, or the general one of the source if the code has none."""
    key = f"refusal.{refusal.code}"
    return t(key if key in catalogue("en") else f"refusal.{source}")
