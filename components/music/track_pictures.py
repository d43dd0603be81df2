"""Pictures of a track: its waveform and its spectrogram."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from components.visitor import t
from music.analyse import TrackAnalysis


def waveform(answer: TrackAnalysis) -> go.Figure:
    """Lowest and highest sample of each interval, as one filled band."""
    chart = answer.chart
    low, high = chart.waveform[:, 0], chart.waveform[:, 1]
    figure = go.Figure(
        go.Scatter(
            x=np.concatenate([chart.waveform_seconds, chart.waveform_seconds[::-1]]),
            y=np.concatenate([high, low[::-1]]),
            fill="toself",
            mode="lines",
            line={"width": 0.5, "color": "#9C4F2E"},
            hoverinfo="skip",
        )
    )
    figure.update_layout(
        height=160,
        margin={"l": 0, "r": 0, "t": 6, "b": 0},
        dragmode=False,
        xaxis={"title": {"text": t("why.seconds")}},
        yaxis={"range": [-1, 1], "showticklabels": False},
    )
    return figure


def spectrogram(answer: TrackAnalysis) -> go.Figure:
    chart = answer.chart
    figure = go.Figure(
        go.Heatmap(
            x=chart.mel_seconds,
            y=chart.mel_hertz,
            z=chart.mel,
            zmin=-80,
            zmax=0,
            # Not Magma or Inferno: they begin with #000004, which Streamlit's theme replaces.
            colorscale="Cividis",
            showscale=False,
            hovertemplate="%{x:.1f} s, %{y:.0f} Hz<extra></extra>",
        )
    )
    figure.update_layout(
        height=240,
        margin={"l": 0, "r": 0, "t": 6, "b": 0},
        dragmode=False,
        xaxis={"title": {"text": t("why.seconds")}},
        yaxis={"type": "log", "title": {"text": t("why.hertz")}},
    )
    return figure
