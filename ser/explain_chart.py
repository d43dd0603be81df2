"""Draws an explanation of a voice: the spectrogram in grey, with what counted over it or beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inference.mel import hz_to_mel
from ser.explain import Places, Spectrogram, Times, VoiceExplanation
from ser.occlusion import FRAME

if TYPE_CHECKING:
    import plotly.graph_objects as go

_TICKS = np.array([200, 500, 1000, 2000, 5000])
_LOOKED, _LOST = "#4F95DA", "#E58A45"
"""Readable on light and on dark; an area and bars, so that colour is not the only difference."""
_BANDS = {"yaxis2": (0.86, 0.97), "yaxis3": (0.62, 0.76)}
"""Where above the spectrogram, which ends at `_TOP`, attention and falls are drawn; 1 is the top of the chart."""
_TOP = 0.52
_TITLE = {"xref": "paper", "yref": "paper", "x": 0, "xanchor": "left", "yanchor": "bottom", "showarrow": False}


@dataclass(frozen=True)
class ChartWords:
    """The words in a chart."""

    seconds: str
    hertz: str
    attention: str
    without: str


def figure(explanation: VoiceExplanation, words: ChartWords) -> go.Figure:
    return _times(explanation, words) if isinstance(explanation, Times) else _places(explanation, words)


def _places(explanation: Places, words: ChartWords) -> go.Figure:
    """Warm colours over the places of the spectrogram that counted."""
    import plotly.graph_objects as go

    picture = explanation.picture
    weight = go.Heatmap(
        x=picture.seconds, y=hz_to_mel(picture.hertz), z=explanation.weight, opacity=0.55, showscale=False,
        colorscale=[[0, "rgba(255,255,255,0)"], [0.5, "rgba(245,166,35,0.6)"], [1, "rgba(194,59,59,1)"]],
        hoverinfo="skip",
    )  # fmt: skip
    chart = go.Figure([_spectrogram(picture), weight])
    _lay_out(chart, words, height=280)
    return chart


def _times(explanation: Times, words: ChartWords) -> go.Figure:
    """Attention as an area and the falls as bars, on the time of the spectrogram below them."""
    import plotly.graph_objects as go

    seconds, falls = explanation.seconds, explanation.falls
    looked = explanation.attention * explanation.attention.size  # 1 where it is even
    attention = go.Scatter(
        x=seconds, y=looked, mode="lines", fill="tozeroy", yaxis="y2",
        line={"color": _LOOKED, "width": 2}, name=words.attention, hovertemplate="%{x:.1f} s · ×%{y:.1f}",
    )  # fmt: skip
    lost = go.Bar(
        x=seconds, y=falls, width=FRAME, yaxis="y3", name=words.without, hovertemplate="%{x:.1f} s",
        marker={
            "color": _LOST, "line": {"width": 0},
            "pattern": {"shape": ["/" if fall < 0 else "" for fall in falls], "size": 4},
        },
    )  # fmt: skip
    chart = go.Figure([_spectrogram(explanation.picture), attention, lost])
    _lay_out(chart, words, height=380)
    chart.update_layout(yaxis={"domain": [0, _TOP]}, showlegend=False)
    # Even attention is an even area of half the height, and falls that mean nothing stay small.
    ranges = ((0, max(2.0, 1.05 * float(looked.max()))), (min(-0.05, falls.min()), max(0.1, falls.max())))
    for (name, domain), span in zip(_BANDS.items(), ranges, strict=True):
        band = {"domain": domain, "range": span, "showticklabels": False, "showgrid": False, "fixedrange": True}
        chart.update_layout({name: band})
    for text, (_, top) in zip((words.attention, words.without), _BANDS.values(), strict=True):
        chart.add_annotation(text=text, y=top, font={"size": 12}, **_TITLE)
    if moment := explanation.moment:
        for low, high in ((0, _TOP), *_BANDS.values()):  # not over the titles between
            chart.add_shape(
                type="rect", x0=moment.start, x1=moment.end, y0=low, y1=high, yref="paper",
                line={"color": _LOST, "width": 2, "dash": "dash"},
            )  # fmt: skip
    return chart


def _spectrogram(picture: Spectrogram) -> go.Heatmap:
    import plotly.graph_objects as go

    # Rows are evenly spaced in mels, so the axis is in mels with labels in hertz.
    return go.Heatmap(
        x=picture.seconds, y=hz_to_mel(picture.hertz), z=picture.mel, colorscale="Greys", reversescale=True,
        customdata=np.broadcast_to(picture.hertz[:, None], picture.mel.shape).round(), showscale=False,
        hovertemplate="%{x:.2f} s · %{customdata:.0f} Hz · %{z:.0f} dB<extra></extra>",
    )  # fmt: skip


def _lay_out(chart: go.Figure, words: ChartWords, height: int) -> None:
    # A finger on the chart scrolls the page.
    chart.update_layout(margin={"l": 10, "r": 10, "t": 10, "b": 40}, height=height, dragmode=False)
    chart.update_xaxes(title=words.seconds, fixedrange=True)
    chart.update_layout(
        yaxis={
            "title": {"text": words.hertz, "standoff": 10},
            "tickvals": hz_to_mel(_TICKS),
            "ticktext": [str(tick) for tick in _TICKS],
            "fixedrange": True,
            "automargin": True,
        }
    )
