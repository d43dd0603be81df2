"""Explains a reading of a voice: the mel spectrogram, and over it the parts that spoke for the mood (Grad-CAM)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from emotions import EMOTIONS
from inference.mel import hz_to_mel, mel_to_hz
from ser import audio
from ser.members import LABELS, MelMember
from ser.predict import Recogniser

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True)
class VoiceExplanation:
    """A spectrogram and the weight of each of its places, on the same grid."""

    mel: np.ndarray
    """(mels, frames), decibels."""
    weight: np.ndarray
    """(mels, frames), 0 to 1: how much each place spoke for the mood."""
    seconds: np.ndarray
    hertz: np.ndarray
    mood: str


def can_explain(recogniser: Recogniser) -> bool:
    """Whether a member has maps over time and frequency; transformers, of sounds or of patches, have none."""
    return any(
        isinstance(member, MelMember) and not member.meta["name"].startswith("vit") for member in recogniser.members
    )


def explain(recogniser: Recogniser, wave: np.ndarray, mood: str | None = None) -> VoiceExplanation:
    """Explains the first ten seconds, for `mood` or for the best mood of the image network.

    The weights show where the network found evidence, not why.
    """
    member = next((member for member in recogniser.members if isinstance(member, MelMember)), None)
    if member is None:
        raise ValueError("No member of this recogniser reads a spectrogram; load the shipped weights.")
    if mood is not None and mood not in EMOTIONS:
        raise ValueError(f"There is no mood {mood!r}; choose one of {', '.join(EMOTIONS)}.")
    image = member.image(np.asarray(wave[: 10 * audio.SAMPLE_RATE], np.float32))
    weight, chosen = grad_cam(member, image, mood)
    settings = member.settings
    centres = np.linspace(hz_to_mel(settings.low), hz_to_mel(settings.high), settings.mels + 2)[1:-1]
    seconds = (np.arange(image.shape[1]) + settings.margin) * settings.hop / settings.sample_rate
    return VoiceExplanation(image.numpy(), weight, seconds, mel_to_hz(centres), chosen)


def grad_cam(member: MelMember, image: torch.Tensor, mood: str | None) -> tuple[np.ndarray, str]:
    """The last maps, each weighted by its mean gradient; negative evidence is left out."""
    x, frames = member.batch(image)
    network = member.model
    with torch.enable_grad():
        maps = network.features(x).detach().requires_grad_(True)
        if maps.ndim != 4:
            raise ValueError(f"{member.meta['name']} has no maps over time and frequency to explain.")
        logits = network.head(network.norm(network.pool(maps, x.shape[-1], frames)))[0, : len(EMOTIONS)]
        index = LABELS.index(mood) if mood else int(logits.argmax())
        (gradient,) = torch.autograd.grad(logits[index], maps)
    cam = functional.relu((gradient.mean((2, 3), keepdim=True) * maps.detach()).sum(1, keepdim=True))
    wide = functional.interpolate(cam, size=x.shape[-2:], mode="bilinear")[0, 0, :, : image.shape[-1]]
    return (wide / wide.max().clamp_min(1e-9)).numpy(), LABELS[index]


def figure(explanation: VoiceExplanation, time: str = "seconds", frequency: str = "hertz") -> go.Figure:
    """The spectrogram in grey with the weights in warm colours over it; the caller gives the titles of the axes."""
    import plotly.graph_objects as go

    ticks = [200, 500, 1000, 2000, 5000]
    # Rows are evenly spaced in mels, so the axis is in mels with labels in hertz.
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
    chart.update_layout(margin={"l": 60, "r": 10, "t": 10, "b": 40}, height=280)
    chart.update_xaxes(title=time)
    chart.update_yaxes(title=frequency, tickvals=hz_to_mel(np.array(ticks)), ticktext=[str(tick) for tick in ticks])
    return chart
