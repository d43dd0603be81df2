"""A pre-trained speech transformer whose upper layers learn too, by the same loop as everything else.

Clips are never padded to 30 s: a batch is as long as its longest clip, and what is padding is masked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from ser import members
from ser.features import whisper_mel
from ser.hub import HubEncoder
from ser.model import Committee, SpeechClassifier, StatisticsHead, statistics
from ser.transformer import WhisperEncoder, encoder_mask, pad_batch
from training.loop import Options, fit
from training.voice.batches import Labels, draw, whole_loss
from training.voice.cache import Copy
from training.voice.encoders import pretrained_encoder

if TYPE_CHECKING:
    from training.voice.train import Room

LONGEST = 4.0
"""Seconds of a clip in training."""
SLOW = 0.03
"""The transformer learns this much slower than its new head."""
CALIBRATING = 256
"""Clips that give the head its means and spreads before the training."""


def wave_batch(
    encoder: WhisperEncoder | HubEncoder,
    copies: Sequence[Copy],
    chosen: np.ndarray,
    rng: np.random.Generator | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """What the encoder takes, which of it is sound, and which of the frames it gives are sound."""
    longest = int(LONGEST * 16_000)
    waves = []
    for index in chosen:
        wave = copies[int(rng.integers(len(copies))) if rng else 0].wave(int(index))
        start = int(rng.integers(wave.size - longest + 1)) if rng and wave.size > longest else 0
        waves.append(torch.from_numpy(wave[start : start + longest]))
    lengths = torch.tensor([wave.numel() for wave in waves])
    if isinstance(encoder, HubEncoder):
        padded = nn.utils.rnn.pad_sequence(waves, batch_first=True)
        inside = torch.arange(padded.shape[1])[None] < lengths[:, None]
        frames = encoder.frames(lengths)
        return padded, inside, torch.arange(int(encoder.frames(torch.tensor(padded.shape[1]))))[None] < frames[:, None]
    mels = [whisper_mel(wave) for wave in waves]
    padded, inside = pad_batch(mels, max(mel.shape[1] for mel in mels))
    return padded, inside, encoder_mask(inside)


@dataclass(frozen=True)
class Finetuning:
    """Everything a fine-tuning is told."""

    model: str
    """A hub id, a local folder, or whisper_base with `encoder`."""
    layers: int
    """How many of the last layers learn."""
    encoder: Path | None = None
    options: Options = field(default_factory=lambda: Options(1000, ema=0.99))
    batch: int = 48
    device: str = "cpu"
    balance: float = 1.0


def finetune(room: Room, fold: str, how: Finetuning, **facts: object) -> members.WhisperMember | members.HubMember:
    """An ear whose encoder was trained further; `facts` go into its metadata."""
    encoder = pretrained_encoder(how.model, how.encoder)
    train, _ = room.train_and_test(fold)
    labels = room.labels(how.balance)
    model = new_listener(encoder, room, train, how.layers, labels)

    def batch_at(step: int) -> tuple[Any, ...]:
        chosen, rng = draw(train, labels.share, how.batch, step, how.options.seed)
        return *wave_batch(encoder, room.copies, chosen, rng), labels.answers.at(chosen)

    def loss(model: nn.Module, batch: tuple[Any, ...]) -> Tensor:
        sound, inside, valid, answers = batch
        return whole_loss(model(sound, inside, valid), answers)

    fit(model.to(how.device), batch_at, loss, how.options)
    model.cpu()
    if isinstance(encoder, WhisperEncoder):
        heads = Committee([model.head]).eval()
        ear = members.whisper_member(encoder, heads, fold, labels=list(labels.names), **facts)
        ear.model.layers = model.layers
        return ear
    return members.hub_member(model.eval(), how.model, fold, labels=list(labels.names), **facts)


def new_listener(
    encoder: WhisperEncoder | HubEncoder, room: Room, train: np.ndarray, learning_layers: int, labels: Labels
) -> SpeechClassifier:
    """A fresh head on the encoder, of which the last layers learn, slowly."""
    layers = (1, len(encoder.layers))
    head = StatisticsHead(layers[1] - layers[0], encoder.width, len(labels.names), plane=labels.has_plane)
    model = SpeechClassifier(encoder, head, layers)
    some = np.random.default_rng(0).choice(train, min(CALIBRATING, len(train)), replace=False)
    with torch.inference_mode():
        heard = []
        for part in np.array_split(some, max(1, len(some) // 16)):
            sound, inside, valid = wave_batch(encoder, room.copies, part)
            heard.append(statistics(encoder(sound, inside)[slice(*layers)], valid))
    model.head.standardise(torch.cat(heard).clone())
    encoder.requires_grad_(False)
    for layer in encoder.layers[len(encoder.layers) - learning_layers :] if learning_layers else []:
        layer.requires_grad_(True)
    encoder.lr_scale = SLOW
    return model
