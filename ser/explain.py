"""What the ear looked at: the mel image, and over it the parts that spoke for the verdict (Grad-CAM)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from emotions import EMOTIONS
from inference.mel import hz_to_mel, mel_to_hz
from ser import audio
from ser.members import LABELS, MelEar
from ser.predict import Recogniser

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True)
class Explanation:
    """An image and what weighed in it, on the same grid."""

    mel: np.ndarray
    """(mels, frames), decibels."""
    weight: np.ndarray
    """(mels, frames), 0…1: how much each place spoke for the mood."""
    seconds: np.ndarray
    hertz: np.ndarray
    mood: str


def can_explain(recogniser: Recogniser) -> bool:
    """Whether any of the ears looks at an image in places: a transformer, of sounds or of patches, does not."""
    return any(isinstance(ear, MelEar) and not ear.meta["name"].startswith("vit") for ear in recogniser.members)


def explain(recogniser: Recogniser, wave: np.ndarray, mood: str | None = None) -> Explanation:
    """Of the first ten seconds, for `mood` or the image network's own verdict.

    It shows where the network looked, not why: a bright place is evidence, no proof.
    """
    ear = next((ear for ear in recogniser.members if isinstance(ear, MelEar)), None)
    if ear is None:
        raise ValueError("None of these ears looks at an image; load the shipped weights.")
    if mood is not None and mood not in EMOTIONS:
        raise ValueError(f"There is no mood {mood!r}; choose one of {', '.join(EMOTIONS)}.")
    image = ear.image(np.asarray(wave[: 10 * audio.SAMPLE_RATE], np.float32))
    weight, chosen = grad_cam(ear, image, mood)
    settings = ear.settings
    centres = np.linspace(hz_to_mel(settings.low), hz_to_mel(settings.high), settings.mels + 2)[1:-1]
    seconds = (np.arange(image.shape[1]) + settings.margin) * settings.hop / settings.sample_rate
    return Explanation(image.numpy(), weight, seconds, mel_to_hz(centres), chosen)


def grad_cam(ear: MelEar, image: torch.Tensor, mood: str | None) -> tuple[np.ndarray, str]:
    """Channels of the last maps, each weighted by its mean gradient; what speaks against the mood is left out."""
    x, frames = ear.batch(image)
    with torch.enable_grad():
        maps = ear.model.backbone.forward_features(x).detach().requires_grad_(True)
        if maps.ndim != 4:
            raise ValueError(f"{ear.meta['name']} has no maps over time and frequency to explain.")
        logits = ear.model.head(ear.model.norm(ear.model.pool(maps, x.shape[-1], frames)))[0, : len(EMOTIONS)]
        index = LABELS.index(mood) if mood else int(logits.argmax())
        (slope,) = torch.autograd.grad(logits[index], maps)
    cam = functional.relu((slope.mean((2, 3), keepdim=True) * maps.detach()).sum(1, keepdim=True))
    wide = functional.interpolate(cam, size=x.shape[-2:], mode="bilinear")[0, 0, :, : image.shape[-1]]
    return (wide / wide.max().clamp_min(1e-9)).numpy(), LABELS[index]


def figure(explanation: Explanation, title: str = "", time: str = "seconds", frequency: str = "hertz") -> go.Figure:
    """The image in grey, what weighed in it in warm colours over it. The words come from the caller's language."""
    import plotly.graph_objects as go

    ticks = [200, 500, 1000, 2000, 5000]
    # Rows are evenly spaced in mels, not in hertz: the axis is one of mels with labels in hertz.
    rows = hz_to_mel(explanation.hertz)
    mel = go.Heatmap(
        x=explanation.seconds, y=rows, z=explanation.mel, colorscale="Greys", reversescale=True, showscale=False,
        customdata=np.broadcast_to(explanation.hertz[:, None], explanation.mel.shape).round(),
        hovertemplate="%{x:.2f} s · %{customdata:.0f} Hz · %{z:.0f} dB<extra></extra>",
    )  # fmt: skip
    weight = go.Heatmap(
        x=explanation.seconds, y=rows, z=explanation.weight, opacity=0.55, showscale=False, hoverinfo="skip",
        colorscale=[[0, "rgba(255,255,255,0)"], [0.5, "rgba(245,166,35,0.6)"], [1, "rgba(194,59,59,1)"]],
    )  # fmt: skip
    chart = go.Figure([mel, weight])
    chart.update_layout(title=title or None, margin={"l": 60, "r": 10, "t": 40 if title else 10, "b": 40}, height=280)
    chart.update_xaxes(title=time)
    chart.update_yaxes(title=frequency, tickvals=hz_to_mel(np.array(ticks)), ticktext=[str(tick) for tick in ticks])
    return chart
