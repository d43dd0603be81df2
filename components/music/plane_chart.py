"""Charts of the valence/arousal plane: a playlist as numbered points on a line, or one track among the moods."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from components.music.track_text import made_by
from components.visitor import current_language, t
from emotions import SEVEN
from music import recommend
from music.recommend import Choice, Wish

_LINE, _WANTED, _NOW = "#9C4F2E", "#8A7F72", "#E58A45"


def playlist_chart(choices: Sequence[Choice], wish: Wish, at: int) -> None:
    """The tracks as numbered points; the dotted line is the path that the wish asks for."""
    language = current_language()
    wanted = recommend.path(wish)
    figure = _plane()
    if wish.intent != "match":
        figure.add_scatter(
            x=[point[0] for point in wanted],
            y=[point[1] for point in wanted],
            mode="lines",
            line={"dash": "dot", "color": _WANTED, "width": 2},
            name=t("plane.wanted"),
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=[choice.track.valence for choice in choices],
        y=[choice.track.arousal for choice in choices],
        mode="lines+markers+text" if wish.intent != "match" else "markers+text",
        text=[str(place) for place in range(1, len(choices) + 1)],
        textfont={"color": "#FFFFFF", "size": 11},
        marker={
            "size": [28 if place == at else 20 for place in range(len(choices))],
            "color": [_LINE] * len(choices),
            "line": {"width": [4 if place == at else 1 for place in range(len(choices))], "color": _NOW},
        },
        line={"color": _LINE, "width": 2},
        hovertext=[choice.track.title_in(language) for choice in choices],
        hoverinfo="text",
        name=t("plane.list"),
        cliponaxis=False,
    )
    titles = ", ".join(f"{place}. {choice.track.title_in(language)}" for place, choice in enumerate(choices, start=1))
    st.plotly_chart(
        figure,
        key="playlist_plane",
        config={"displayModeBar": False},
        alt=t("plane.alt", intent=t(f"music.{wish.intent}"), titles=titles),
    )
    if st.toggle(t("plane.as_table"), key="plane_as_table"):
        _table(choices)


def track_chart(valence: float, arousal: float, key: str, alt: str) -> None:
    """The place of one track."""
    figure = _plane()
    figure.add_scatter(
        x=[valence],
        y=[arousal],
        mode="markers",
        marker={"size": 18, "color": _LINE, "line": {"width": 3, "color": _NOW}},
        hoverinfo="skip",
        cliponaxis=False,
    )
    st.plotly_chart(figure, key=key, config={"displayModeBar": False}, alt=alt)


def _plane() -> go.Figure:
    """The plane with the seven moods in the background."""
    figure = go.Figure()
    figure.add_scatter(
        x=[emotion.valence for emotion in SEVEN],
        y=[emotion.arousal for emotion in SEVEN],
        mode="text",
        text=[emotion.face for emotion in SEVEN],
        textfont={"size": 17},
        opacity=0.85,
        hovertext=[emotion.name(current_language()) for emotion in SEVEN],
        hoverinfo="text",
        showlegend=False,
    )
    axis = {"range": [-1.12, 1.12], "zeroline": True, "showgrid": False, "showticklabels": False, "fixedrange": True}
    figure.update_layout(
        height=330,
        margin={"l": 6, "r": 6, "t": 6, "b": 6},
        showlegend=False,
        dragmode=False,
        xaxis=axis | {"title": {"text": f"← {t('plane.unpleasant')} · {t('plane.pleasant')} →", "standoff": 2}},
        yaxis=axis | {"title": {"text": f"← {t('plane.still')} · {t('plane.stirred')} →", "standoff": 2}},
    )
    return figure


def _table(choices: Sequence[Choice]) -> None:
    language = current_language()
    rows = [
        {
            t("plane.number"): place,
            t("plane.title"): choice.track.title_in(language),
            t("plane.by"): made_by(choice.track),
            t("plane.valence"): f"{choice.track.valence:+.2f}",
            t("plane.arousal"): f"{choice.track.arousal:+.2f}",
        }
        for place, choice in enumerate(choices, start=1)
    ]
    st.table(rows)
