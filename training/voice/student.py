"""The student: an image network that learns labels and, more, what the teacher makes of the same sound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from ser.members import LABELS
from ser.model import MelNet
from training.loop import Schedule, TrainingOptions, autocast, fit
from training.progress import Report
from training.voice.batches import Answers, Labels, draw, log_right, plane_loss
from training.voice.mel_cache import MelImages, image_batch
from training.voice.spec_augment import disturb, mix

WIDTH = 160
"""Frames of an image in training: 3.2 s, as long as nine clips in ten."""


@dataclass(frozen=True)
class VoiceHyperparameters:
    """Everything a student's training is told."""

    model: str = "convnext_femto"
    steps: int = 1700
    batch: int = 48
    width: int = WIDTH
    """Frames of an image; a corpus of shorter clips needs no more than its own."""
    lr: float = 2e-3
    seed: int = 0
    soft: float = 0.7
    """How much of the loss is the teacher's scores; the rest is the labels."""
    balance: float = 0.5
    """Between clips as they come (0) and every corpus and class alike (1)."""
    without: tuple[str, ...] = ()
    pretrained: bool = False
    own_scale: bool = True
    """Normalise by each mel band's own mean and spread; else by one of each for all images (the ablation's start)."""
    schedule: Schedule = "cosine"
    bf16: bool = True
    device: str = "cpu"
    workers: int = 0
    checkpoint: Path | None = None
    logdir: Path | None = None
    show_progress: bool = True
    report: Report | None = None
    stop_after: int | None = None


class TrainedMelNet(NamedTuple):
    model: MelNet
    mean: np.ndarray
    std: np.ndarray


class _Batch(NamedTuple):
    images: Tensor
    frames: Tensor
    answers: Answers
    scores: Tensor | None
    """The teacher's, and below its embeddings."""
    embedding: Tensor | None
    partner: Tensor
    share: Tensor


def train_student(
    images: Sequence[MelImages],
    labels: Labels,
    train: np.ndarray,
    settings: VoiceHyperparameters,
    teacher: tuple[np.ndarray, np.ndarray] | None = None,
    start: TrainedMelNet | None = None,
) -> TrainedMelNet:
    """`train`: indices of clips; `teacher`: scores and embeddings of all copies; `start`: weights to go on from."""
    torch.manual_seed(settings.seed)
    model = new_model(settings.model, settings.pretrained, len(labels.names), labels.has_plane)
    if start:
        model.load_state_dict(start.model.state_dict())
    mean, std = (start.mean, start.std) if start else images[0].statistics(train)
    if not settings.own_scale:
        mean, std = np.full_like(mean, -40.0), np.full_like(std, 20.0)
    if teacher:
        # Only the training needs to translate between the two embeddings.
        model.to_teacher = nn.Linear(model.head.in_features, teacher[1].shape[-1])
        teacher = (teacher[0], _standardised(teacher[1], train))
    black = float(((images[0].settings.floor_db - mean) / std).mean())

    def batch_at(step: int) -> _Batch:
        chosen, rng = draw(train, labels.share, settings.batch, step, settings.seed)
        copy = rng.integers(0, len(images), settings.batch)
        clean, frames = image_batch(images, chosen, copy, mean, std, settings.width, rng)
        masked = disturb(clean, rng, settings.without, black)
        partner, share = mix(settings.batch, rng, settings.without)
        mixed = _blend(masked, partner, share).contiguous(memory_format=torch.channels_last)
        frames = torch.maximum(frames, frames[partner])
        told = [torch.from_numpy(part[copy, chosen]).float() for part in teacher] if teacher else [None, None]
        return _Batch(mixed, frames, labels.answers.at(chosen), *told, partner, share)

    def loss(model: MelNet, batch: _Batch) -> Tensor:
        heard = model(batch.images, batch.frames)
        logits = heard.logits.float()
        mine, theirs = batch.answers, batch.answers.at(batch.partner)
        own, other = log_right(logits, mine), log_right(logits, theirs)
        value = -(batch.share * own + (1 - batch.share) * other).mean()
        value = value + plane_loss(heard.plane, _blend(mine.plane, batch.partner, batch.share))
        if batch.scores is None:
            return value
        scores, embedding = (_blend(part, batch.partner, batch.share) for part in (batch.scores, batch.embedding))
        imitation = -(scores * logits.log_softmax(-1)).sum(1).mean()
        distance = functional.mse_loss(model.to_teacher(heard.embedding).float(), embedding)
        return (1 - settings.soft) * value + settings.soft * imitation + distance

    options = TrainingOptions(
        settings.steps, settings.lr, seed=settings.seed, schedule=settings.schedule, bf16=settings.bf16,
        checkpoint=settings.checkpoint, logdir=settings.logdir, show_progress=settings.show_progress,
        report=settings.report, stop_after=settings.stop_after, workers=settings.workers,
    )  # fmt: skip
    fit(model.to(settings.device), batch_at, loss, options)
    model.cpu()
    if teacher:
        del model.to_teacher
    return TrainedMelNet(model, mean, std)


def new_model(name: str, pretrained: bool = False, classes: int = len(LABELS), plane: bool = False) -> MelNet:
    model = MelNet(name, classes, pretrained, 0.05 if name.startswith("convnext") else 0.0, plane)
    if not pretrained:
        # ConvNeXt starts its blocks at a millionth of their strength, for trainings of 300 epochs. This one is short.
        for parameter_name, parameter in model.named_parameters():
            if parameter_name.endswith("gamma"):
                nn.init.constant_(parameter, 0.1)
    return model.to(memory_format=torch.channels_last)


def _standardised(embeddings: np.ndarray, train: np.ndarray) -> np.ndarray:
    """Every dimension counts alike. (Raw, they share one large offset, and a student that has learnt it is content.)"""
    known = embeddings[0, train].astype(np.float32)
    return ((embeddings - known.mean(0)) / (known.std(0) + 1e-3)).astype(np.float16)


def _blend(values: Tensor, partner: Tensor, share: Tensor) -> Tensor:
    share = share.view(-1, *[1] * (values.ndim - 1))
    return share * values + (1 - share) * values[partner]


@torch.inference_mode()
def predict_logits(
    trained: TrainedMelNet, images: MelImages, clips: Iterable[int], batch: int = 48, bf16: bool = True
) -> np.ndarray:
    """Logits for some clips, whole (up to 10 s), in batches of like length."""
    clips = np.asarray(list(clips))
    lengths = np.array([len(images[int(index)]) for index in clips])
    out = np.zeros((len(clips), trained.model.head.out_features), np.float32)
    order = np.argsort(lengths)
    for start in range(0, len(clips), batch):
        some = order[start : start + batch]
        width = max(WIDTH, min(500, int(lengths[some].max())))
        x, frames = image_batch([images], clips[some], np.zeros(len(some), int), trained.mean, trained.std, width)
        with autocast(x.device, bf16):
            told = trained.model(x.contiguous(memory_format=torch.channels_last), frames)
        out[some] = told.logits.float().numpy()
    return out
