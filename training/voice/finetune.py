"""Fine-tunes the last layers of a pre-trained speech transformer together with a new head.

A batch is as long as its longest clip, not 30 s, and its padding is masked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from inference.weights import WeightsError
from ser import members
from ser.features import whisper_mel
from ser.hub import HubEncoder
from ser.model import Committee, SpeechClassifier, StatisticsHead, statistics
from ser.transformer import WhisperEncoder, encoder_mask, pad_batch
from training.loop import TrainingOptions, fit
from training.voice.batches import Labels, draw, total_loss
from training.voice.cache import AugmentedCopy
from training.voice.encoders import SHIPPED, load_whisper, pretrained_encoder
from training.voice.training_data import TrainingData

LONGEST = 4.0
"""Seconds of a clip in training."""
SLOW = 0.03
"""Share of the head's learning rate for the transformer."""
CALIBRATING = 256
"""Clips whose means and spreads the head standardises by."""


def wave_batch(
    encoder: WhisperEncoder | HubEncoder,
    copies: Sequence[AugmentedCopy],
    chosen: np.ndarray,
    rng: np.random.Generator | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """The input of the encoder, which of it is sound, and which of the output frames are sound."""
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
class FinetuneOptions:
    """How a transformer is fine-tuned."""

    model: str
    """A hub id, a local folder, or whisper_base (`encoder`)."""
    layers: int
    """How many of the last layers learn."""
    encoder: Path = SHIPPED
    options: TrainingOptions = field(default_factory=lambda: TrainingOptions(1000, ema=0.99))
    batch: int = 48
    device: str = "cpu"
    balance: float = 1.0


def finetune(
    data: TrainingData, fold: str, how: FinetuneOptions, **facts: object
) -> members.WhisperMember | members.HubMember:
    """A transformer whose last layers were trained further; `facts` go into its metadata."""
    encoder = load_whisper(how.encoder) if how.model == "whisper_base" else pretrained_encoder(how.model)
    train, _ = data.train_and_test(fold)
    labels = data.labels(how.balance)
    head = new_head(encoder, data, train, labels)
    model = SpeechClassifier(encoder, head, _layers_used(encoder))
    encoder.requires_grad_(False)
    layers = list(_layers_of(encoder))
    for layer in layers[len(layers) - how.layers :]:
        layer.requires_grad_(True)

    def batch_at(step: int) -> tuple[Any, ...]:
        chosen, rng = draw(train, labels.share, how.batch, step, how.options.seed)
        return *wave_batch(encoder, data.copies, chosen, rng), labels.answers.at(chosen)

    def loss(model: nn.Module, batch: tuple[Any, ...]) -> Tensor:
        sound, inside, valid, answers = batch
        return total_loss(model(sound, inside, valid), answers)

    fit(model.to(how.device), batch_at, loss, replace(how.options, lr_scales={"encoder": SLOW}))
    model.cpu()
    if isinstance(encoder, WhisperEncoder):
        heads = Committee([head]).eval()
        tuned = members.whisper_member(encoder, heads, fold, labels=list(labels.names), **facts)
        tuned.model.layers = model.layers
        return tuned
    return members.hub_member(model.eval(), how.model, fold, labels=list(labels.names), **facts)


def new_head(
    encoder: WhisperEncoder | HubEncoder, data: TrainingData, train: np.ndarray, labels: Labels
) -> StatisticsHead:
    """A fresh head that standardises by the statistics of some training clips."""
    some = np.random.default_rng(0).choice(train, min(CALIBRATING, len(train)), replace=False)
    found = []
    with torch.inference_mode():
        for part in np.array_split(some, max(1, len(some) // 16)):
            sound, inside, valid = wave_batch(encoder, data.copies, part)
            found.append(statistics(encoder(sound, inside)[slice(*_layers_used(encoder))], valid))
    features = torch.cat(found).clone()
    _, layers, width = features.shape
    head = StatisticsHead(layers, width // 2, len(labels.names), plane=labels.has_plane)
    head.fit_standardisation(features)
    return head


def _layers_used(encoder: WhisperEncoder | HubEncoder) -> tuple[int, int]:
    """The layers that the head uses: every one but the first."""
    return 1, len(_layers_of(encoder))


def _layers_of(encoder: WhisperEncoder | HubEncoder) -> nn.ModuleList:
    if not isinstance(encoder.layers, nn.ModuleList):
        raise WeightsError("This transformer does not list its layers; choose another --model.")
    return encoder.layers
