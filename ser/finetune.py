"""A pre-trained speech transformer whose upper layers learn too, by the same loop as everything else.

Clips are never padded to 30 s: a batch is as long as its longest clip, and what is padding is masked.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from learning import vision, weights
from learning.loop import Options, fit
from ser import ears
from ser.cache import Copy
from ser.corpora import NINE
from ser.examples import draw, right_answer_loss
from ser.features import whisper_mel
from ser.model import Committee, Listener, StatisticsHead, statistics
from ser.transformer import WhisperEncoder, load_encoder

if TYPE_CHECKING:
    from ser.train import Room

LONGEST = 4.0
"""Seconds of a clip in training."""
SLOW = 0.03
"""The transformer learns this much slower than its new head."""
CALIBRATING = 256
"""Clips that give the head its means and spreads before the training."""


class HubEncoder(nn.Module):
    """wav2vec 2.0, HuBERT or WavLM from Hugging Face (a hub id or a local folder): waves in, layers out."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.width = model.config.hidden_size
        self.layers = model.encoder.layers

    def forward(self, waves: Tensor, valid: Tensor | None = None) -> list[Tensor]:
        mask = None if valid is None else valid.long()
        return list(self.model(waves, attention_mask=mask, output_hidden_states=True).hidden_states[1:])

    def frames(self, samples: Tensor) -> Tensor:
        return self.model._get_feat_extract_output_lengths(samples)


def pretrained_encoder(name: str, file: Path | None = None) -> WhisperEncoder | HubEncoder:
    """From a local safetensors file (Whisper's encoder), or by hub id through `transformers`."""
    if file:
        return load_encoder(file)
    # transformers imports torchvision, which has to be made importable first.
    assert vision.torchvision
    from transformers import AutoModel

    model = AutoModel.from_pretrained(name)
    if model.config.model_type == "whisper":
        encoder = WhisperEncoder(
            model.config.d_model, model.config.encoder_layers, model.config.encoder_attention_heads
        )
        encoder.load_state_dict(model.encoder.state_dict())
        return encoder
    return HubEncoder(model)


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
    frames = torch.tensor([(mel.shape[1] + 1) // 2 for mel in mels])
    padded = nn.utils.rnn.pad_sequence([mel.T for mel in mels], batch_first=True, padding_value=-1.0).transpose(1, 2)
    inside = torch.arange((padded.shape[2] + 1) // 2)[None] < frames[:, None]
    return padded, inside, inside


class FineTuned(Listener):
    """A listener whose encoder may mask samples and whose head masks frames: the two differ for wav2vec 2.0."""

    def forward(self, sound: Tensor, inside: Tensor | None = None, valid: Tensor | None = None):
        return self.head(statistics(self.encoder(sound, inside)[slice(*self.layers)], valid))


def finetune(room: Room, options: Namespace) -> None:
    """`python -m ser.train --finetune N …`: writes the trained listener to `options.out`."""
    encoder = pretrained_encoder(options.model, options.encoder)
    train, _ = room.train_and_test(options.fold)
    model = new_listener(encoder, room, train, options.finetune)
    labels = room.labels()

    def batch_at(step: int) -> tuple[Tensor, ...]:
        chosen, rng = draw(train, labels.share, options.batch, step, options.seed)
        return *wave_batch(encoder, room.copies, chosen, rng), labels.right[chosen], labels.prior[chosen]

    def loss(model: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
        sound, inside, valid, right, prior = batch
        return right_answer_loss(model(sound, inside, valid).logits, right, prior)

    how = Options(
        options.steps or 1000, options.lr, seed=options.seed, bf16=not options.fp32, checkpoint=options.checkpoint,
        logdir=options.logdir, ema=0.99,
    )  # fmt: skip
    fit(model.to(options.device), batch_at, loss, how)
    model.cpu()
    if isinstance(encoder, WhisperEncoder):
        ears.save(ears.whisper_ear(encoder, Committee([model.head]).eval(), options.fold), options.out)
    else:
        meta = ears.describe("hub", options.model, options.fold)
        weights.save(options.out, model.state_dict(), meta)


def new_listener(
    encoder: WhisperEncoder | HubEncoder, room: Room, train: np.ndarray, learning_layers: int
) -> FineTuned:
    """A fresh head on the encoder, of which the last layers learn, slowly."""
    layers = (1, len(encoder.layers))
    model = FineTuned(encoder, StatisticsHead(layers[1] - layers[0], encoder.width, len(NINE)), layers)
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
