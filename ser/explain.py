"""Explains a reading of a voice: when in the recording the model found what speaks for a mood.

ConvNeXts over Whisper's frames are explained over time: by their attention and by what the score loses without each
moment (ser/occlusion.py). An image network is explained on its spectrogram (Grad-CAM).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from emotions import EMOTIONS
from inference.mel import hz_to_mel, mel_to_hz
from ser import audio, moments
from ser.features import MelSettings, mel_image
from ser.members import LABELS, FramesMember, MelMember, prepare
from ser.moments import Moment
from ser.occlusion import FRAME, EncodedClip, parts_of
from ser.predict import WINDOW, Recogniser, pooled_log_scores


@dataclass(frozen=True)
class Spectrogram:
    """The picture of a sound."""

    mel: np.ndarray
    """(mels, frames), decibels."""
    seconds: np.ndarray
    """Of each frame, in the recording."""
    hertz: np.ndarray


@dataclass(frozen=True)
class Places:
    """Where on the spectrogram an image network found evidence (Grad-CAM)."""

    picture: Spectrogram
    mood: str
    weight: np.ndarray
    """(mels, frames), 0 to 1: how much each place spoke for the mood."""


@dataclass(frozen=True)
class Times:
    """When in the recording the ConvNeXts over Whisper's frames found evidence."""

    picture: Spectrogram
    mood: str
    seconds: np.ndarray
    """The middle of each frame of 40 ms, in the recording."""
    attention: np.ndarray
    """The weight of each frame in the pooling; sums to one."""
    falls: np.ndarray
    """How far the mood's log-score falls without the half second around each frame; negative where it rises."""
    moment: Moment | None
    """None where no moment stands out."""
    looked: tuple[float, float] | None
    """The half second with most attention; None where it is spread evenly."""


VoiceExplanation = Places | Times


def can_explain(recogniser: Recogniser) -> bool:
    """Whether a member can be explained; committees over a transformer's statistics and vision transformers cannot."""
    return _explained(recogniser) is not None


def explain(recogniser: Recogniser, wave: np.ndarray, mood: str | None = None, begins: float = 0.0) -> VoiceExplanation:
    """Explains the first ten seconds for `mood`, or for the best mood of what is explained.

    `begins` is where in the recording the wave begins, in seconds. An explanation shows what counted, not why.
    """
    member = _explained(recogniser)
    if member is None:
        raise ValueError("No member of this recogniser can be explained; load the shipped weights.")
    if mood is not None and mood not in EMOTIONS:
        raise ValueError(f"There is no mood {mood!r}; choose one of {', '.join(EMOTIONS)}.")
    first = np.asarray(wave[: int(WINDOW * audio.SAMPLE_RATE)], np.float32)
    if isinstance(member, FramesMember):
        return _times(recogniser, member, first, mood, begins)
    image = member.image(first)
    weight, chosen = grad_cam(member, image, mood)
    return Places(_spectrogram(image, member.settings, begins), chosen, weight)


def _explained(recogniser: Recogniser) -> FramesMember | MelMember | None:
    """The member that is explained: one that tells times, before one that sees a spectrogram."""
    members = recogniser.members
    frames = next((member for member in members if isinstance(member, FramesMember)), None)
    return frames or next(
        (member for member in members if isinstance(member, MelMember) and not member.meta["name"].startswith("vit")),
        None,
    )


def _times(recogniser: Recogniser, member: FramesMember, wave: np.ndarray, mood: str | None, begins: float) -> Times:
    clip = EncodedClip(member, wave)
    outputs = [clip.output if each is member else each.forward(wave) for each in recogniser.members]
    distance = recogniser.distance(outputs)

    def log_scores(logits: np.ndarray) -> np.ndarray:
        """(clips, seven): of the ensemble, in which only this member hears less."""
        each = [
            logits if one is member else np.broadcast_to(output.logits.numpy(), logits.shape)
            for one, output in zip(recogniser.members, outputs, strict=True)
        ]
        return pooled_log_scores(each, recogniser.weights)

    whole = log_scores(clip.output.logits.numpy())[0]
    place = EMOTIONS.index(mood) if mood else int(whole.argmax())

    def score(logs: np.ndarray) -> float:
        return float(recogniser.adapted(recogniser.calibrated(logs, distance), distance)[place])

    parts, falls, moment = parts_of(clip.count), np.zeros(0), None
    if parts:
        falls = whole[place] - log_scores(clip.without(parts))[:, place]
        part = moments.strongest(parts, falls, clip.count)
        before, after = score(whole), score(log_scores(clip.without([part]))[0])
        if moments.stands_out(falls, before, after):
            start, end = (begins + FRAME * frame for frame in part)
            voice, is_pause = moments.voice_there(wave, part), moments.is_pause(wave, part)
            moment = Moment(start, end, before, after, voice, is_pause)
    looked = moments.looked_most(clip.attention, parts)
    settings = MelSettings()
    return Times(
        picture=_spectrogram(mel_image(prepare(wave), settings), settings, begins),
        mood=EMOTIONS[place],
        seconds=begins + FRAME * (np.arange(clip.count) + 0.5),
        attention=clip.attention,
        falls=moments.over_frames(parts, falls, clip.count),
        moment=moment,
        looked=(begins + FRAME * looked[0], begins + FRAME * looked[1]) if looked else None,
    )


def _spectrogram(image: torch.Tensor, settings: MelSettings, begins: float) -> Spectrogram:
    centres = np.linspace(hz_to_mel(settings.low), hz_to_mel(settings.high), settings.mels + 2)[1:-1]
    seconds = begins + (np.arange(image.shape[1]) + settings.margin) * settings.hop / settings.sample_rate
    return Spectrogram(image.numpy(), seconds, mel_to_hz(centres))


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
