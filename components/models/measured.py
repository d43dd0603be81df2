"""The measured figures of a model: numbers with intervals, two charts, and both charts as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go
import streamlit as st

from components.visitor import current_language, t
from emotions import BY_KEY
from inference.measured import Measured
from inference.metrics import Interval

_NO_TOOLBAR = {"displayModeBar": False}
_PART_NAMES = {
    **{"ko": "한국어", "en": "English"},
    **{
        "ravdess": "RAVDESS",
        "emodb": "EMO-DB",
        "nemo": "nEMO",
        "tess": "TESS",
        "korean": "emotiontts_open_db (한국어)",
        "cremad": "CREMA-D",
        "ased": "ASED",
        "emovo": "EMOVO",
        "emotale": "EmoTale",
    },
    **{"savee": "SAVEE", "crema-d": "CREMA-D", "dacon": "DACON", "aihub-actors": "AI Hub 259"},
    **{"aihub-dialogues": "AI Hub 58", "aihub": "AI Hub 한국인 얼굴"},
}
FEWEST = 10
"""Groups of the reliability diagram with fewer examples are not shown: their share that was right is mostly chance."""
_INK, _PALE = "#9C4F2E", "#F6EEDF"


def figures(found: Measured) -> None:
    """How often the model is right: as a mean over moods, overall, when it is sure, and what a person reaches."""
    boxes = [_figure("uar", found.uar), _figure("accuracy", found.accuracy)]
    if found.human:
        boxes.append(_figure("human", found.human))
    if found.right_when_sure is not None:
        how_often = t("models.how_often_sure", share=f"{found.sure:.0%}")
        boxes.append(box(t("models.when_sure"), f"{found.right_when_sure:.0%}", how_often))
    show_boxes(boxes)
    if found.parts:
        parts = ", ".join(f"{_part(part)} {share:.0%}" for part, share in found.parts.items())
        st.caption(t("models.parts", parts=parts))


def show_boxes(boxes: Sequence[str]) -> None:
    st.html(f'<dl class="haru-figures">{"".join(boxes)}</dl>')


def charts(found: Measured) -> None:
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{t('models.reliability')}**")
        _show_reliability(found)
    with right:
        st.markdown(f"**{t('models.confusion')}**")
        st.plotly_chart(_confusion(found), config=_NO_TOOLBAR, key=f"confusion_{found.name}", alt=_confusion_alt(found))
        st.caption(t("models.confusion_means"))
    if st.toggle(t("models.as_tables"), key=f"tables_{found.name}"):
        if rows := _reliability_rows(found):
            st.table(rows)
        st.table(_confusion_rows(found))


def _show_reliability(found: Measured) -> None:
    bins = _bins(found)
    if not bins:
        st.caption(t("models.bins_none"))
        return
    st.plotly_chart(_reliability(bins), config=_NO_TOOLBAR, key=f"reliability_{found.name}", alt=_reliability_alt(bins))
    sentences = [t("models.reliability_means", ece=f"{100 * found.ece:.1f}")]
    if len(bins) < len(found.counts):
        sentences.append(t("models.bins_left_out"))
    st.caption(" ".join(sentences))


def scores_chart(scores: dict[str, float], key: str) -> None:
    """One bar for each mood, the likeliest on top."""
    ordered = sorted(scores, key=scores.__getitem__)
    names = [_name(mood) for mood in ordered]
    figure = go.Figure(
        go.Bar(
            x=[scores[mood] for mood in ordered],
            y=names,
            orientation="h",
            marker_color=[BY_KEY[_mood(mood)].colour for mood in ordered],
            text=[f"{scores[mood]:.0%}" for mood in ordered],
            hoverinfo="skip",
        )
    )
    figure.update_layout(
        height=280, margin={"l": 0, "r": 30, "t": 5, "b": 0}, xaxis={"visible": False, "range": [0, 1]}
    )
    alt = ", ".join(f"{_name(mood)} {scores[mood]:.0%}" for mood in reversed(ordered))
    st.plotly_chart(figure, config=_NO_TOOLBAR, key=key, alt=alt)


def _figure(name: str, interval: Interval) -> str:
    between = t("models.between", low=f"{interval.low:.0%}", high=f"{interval.high:.0%}")
    return box(t(f"models.{name}"), f"{interval.value:.0%}", between)


def box(name: str, value: str, small: str) -> str:
    """One figure with its name and a remark, as HTML."""
    return f"<div><dt>{escape(name)}</dt><dd>{escape(value)} <small>{escape(small)}</small></dd></div>"


@dataclass(frozen=True)
class _Bin:
    """Examples with about the same top score: its mean, the share that was right, and how many they are."""

    promised: float
    kept: float
    count: int


def _bins(found: Measured) -> list[_Bin]:
    """The groups of the reliability diagram that have enough examples to say something."""
    every = map(_Bin, found.promised, found.kept, found.counts)
    return [one for one in every if one.count >= FEWEST]


def _reliability(bins: Sequence[_Bin]) -> go.Figure:
    most = max(one.count for one in bins)
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"dash": "dot", "color": "gray"}, hoverinfo="skip", showlegend=False
    )
    figure.add_scatter(
        x=[one.promised for one in bins],
        y=[one.kept for one in bins],
        mode="lines+markers",
        line={"color": _INK},
        marker={"size": [8 + 18 * (one.count / most) ** 0.5 for one in bins], "color": _INK},
        customdata=[one.count for one in bins],
        hovertemplate="%{x:.0%} → %{y:.0%} (%{customdata})<extra></extra>",
        showlegend=False,
    )
    figure.update_layout(
        height=320,
        margin={"l": 0, "r": 10, "t": 10, "b": 0},
        xaxis={"tickformat": ".0%", "range": [0, 1.04], "title": t("models.promised"), "dtick": 0.25},
        yaxis={"tickformat": ".0%", "range": [0, 1.04], "title": t("models.kept"), "dtick": 0.25},
        dragmode=False,
    )
    return figure


def _confusion(found: Measured) -> go.Figure:
    shares = _shares(found)
    faces = [BY_KEY[_mood(name)].face for name in found.classes]
    names = [_name(mood) for mood in found.classes]
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=faces,
            y=names,
            text=[[f"{100 * share:.0f}" if share >= 0.005 else "" for share in row] for row in shares],
            texttemplate="%{text}",
            colorscale=[(0, _PALE), (1, _INK)],
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate="%{y} → %{x}: %{z:.0%}<extra></extra>",
        )
    )
    figure.update_layout(
        height=320,
        margin={"l": 0, "r": 0, "t": 10, "b": 0},
        xaxis={"side": "top", "fixedrange": True},
        yaxis={"autorange": "reversed", "fixedrange": True},
        dragmode=False,
    )
    return figure


def _shares(found: Measured) -> list[list[float]]:
    return [[count / max(1, sum(row)) for count in row] for row in found.confusion]


def _reliability_rows(found: Measured) -> list[dict[str, str]]:
    return [
        {
            t("models.promised"): f"{one.promised:.0%}",
            t("models.kept"): f"{one.kept:.0%}",
            t("models.how_many"): f"{one.count:,}",
        }
        for one in _bins(found)
    ]


def _confusion_rows(found: Measured) -> list[dict[str, str]]:
    columns = [_name(mood) for mood in found.classes]
    return [
        {t("models.was"): _name(mood)} | {name: f"{share:.0%}" for name, share in zip(columns, row, strict=True)}
        for mood, row in zip(found.classes, _shares(found), strict=True)
    ]


def _reliability_alt(bins: Sequence[_Bin]) -> str:
    return "; ".join(
        t("models.promise", promised=f"{one.promised:.0%}", kept=f"{one.kept:.0%}", count=one.count) for one in bins
    )


def _confusion_alt(found: Measured) -> str:
    """For each mood its recall, and the mood that it is most often confused with."""
    sentences = []
    for place, (mood, row) in enumerate(zip(found.classes, _shares(found), strict=True)):
        other = max((at for at in range(len(row)) if at != place), key=row.__getitem__)
        sentences.append(
            t(
                "models.mistake",
                mood=_name(mood),
                found=f"{row[place]:.0%}",
                other=_name(found.classes[other]),
                share=f"{row[other]:.0%}",
            )
        )
    return "; ".join(sentences)


def _part(name: str) -> str:
    """The name of a part of the test set: a language or a corpus."""
    return _PART_NAMES.get(name, name)


def _name(name: str) -> str:
    return BY_KEY[_mood(name)].name(current_language())


def _mood(name: str) -> str:
    """The diary's key of a class: the music model calls happiness joy."""
    return {"joy": "happiness"}.get(name, name)
