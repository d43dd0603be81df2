"""Figures of one clip of each class: the wave, its spectrogram and its mel image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import torch

from ser import audio
from ser.features import MelSettings, log_mel

if TYPE_CHECKING:
    import plotly.graph_objects as go

SECONDS = 6
_WIDE = 300
"""Points or frames of a panel; more would make the page heavy."""


def draw_waves(waves: Mapping[str, np.ndarray]) -> list[tuple[str, go.Figure]]:
    """Three figures with a panel for each class."""
    short = {label: wave[: SECONDS * audio.SAMPLE_RATE] for label, wave in waves.items()}
    return [
        ("Waveforms", _rows(short, _wave)),
        ("Spectrograms", _rows(short, _spectrogram)),
        ("Mel images, as a model sees them", _rows(short, _mel)),
    ]


def _rows(waves: Mapping[str, np.ndarray], one) -> go.Figure:
    from plotly.subplots import make_subplots

    columns = 2
    rows = max(1, -(-len(waves) // columns))
    figure = make_subplots(rows, columns, subplot_titles=list(waves), vertical_spacing=min(0.08, 0.4 / rows))
    for place, wave in enumerate(waves.values()):
        figure.add_trace(one(wave), row=1 + place // columns, col=1 + place % columns)
    figure.update_layout(height=60 + 170 * rows, showlegend=False)
    return figure


def _wave(wave: np.ndarray) -> go.Scatter:
    import plotly.graph_objects as go

    # Highest and lowest of each stretch: plain thinning would draw another wave.
    parts = np.array_split(wave, min(_WIDE, max(1, wave.size)))
    edges = np.array([(part.min(), part.max()) for part in parts if part.size], np.float64).ravel()
    seconds = np.linspace(0, wave.size / audio.SAMPLE_RATE, edges.size)
    return go.Scatter(x=seconds.round(3), y=edges.round(4), mode="lines", line={"width": 1, "color": "#3b5b8c"})


def _spectrogram(wave: np.ndarray) -> go.Heatmap:
    import plotly.graph_objects as go

    spectrum = torch.stft(
        torch.from_numpy(np.pad(wave, (0, max(0, 512 - wave.size)))), 512, 160, window=torch.hann_window(512),
        return_complex=True,
    ).abs()  # fmt: skip
    decibels = 20 * torch.log10((spectrum / spectrum.max().clamp_min(1e-9)).clamp_min(1e-4))
    return _heat(decibels.numpy()[::2], wave, audio.SAMPLE_RATE / 2000, go)


def _mel(wave: np.ndarray) -> go.Heatmap:
    import plotly.graph_objects as go

    settings = MelSettings()
    return _heat(log_mel(torch.from_numpy(wave), settings).numpy(), wave, settings.mels, go)


def _heat(image: np.ndarray, wave: np.ndarray, top: float, go) -> go.Heatmap:
    columns = np.linspace(0, image.shape[1] - 1, min(_WIDE, image.shape[1])).astype(int)
    return go.Heatmap(
        z=image[:, columns].round().astype(np.int16),
        x=np.linspace(0, wave.size / audio.SAMPLE_RATE, columns.size).round(2),
        y=np.linspace(0, top, image.shape[0]).round(2),
        colorscale="Magma",
        showscale=False,
    )
