"""Trains an image network on mel images, from labels and from the scores of a teacher."""

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
    """How an image network is trained."""

    model: str = "convnext_femto"
    steps: int = 1700
    batch: int = 48
    width: int = WIDTH
    """Frames of an image; a corpus of shorter clips needs no more than its own."""
    lr: float = 2e-3
    seed: int = 0
    soft: float = 0.7
    """Share of the teacher's scores in the loss; the rest is the labels."""
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
    teacher: tuple[Tensor, Tensor] | None
    """The teacher's scores and embeddings."""
    partner: Tensor
    share: Tensor


class _Student(nn.Module):
    """The network, and a projection onto the teacher's embedding that only the training needs."""

    def __init__(self, net: MelNet, teacher_width: int | None) -> None:
        super().__init__()
        self.net = net
        self.project = nn.Linear(net.head.in_features, teacher_width) if teacher_width else None


def train_student(
    images: Sequence[MelImages],
    labels: Labels,
    train: np.ndarray,
    settings: VoiceHyperparameters,
    teacher: tuple[np.ndarray, np.ndarray] | None = None,
    start: TrainedMelNet | None = None,
) -> TrainedMelNet:
    """Trains on the clips `train` (indices); `teacher` holds scores and embeddings of all copies."""
    torch.manual_seed(settings.seed)
    net = new_model(settings.model, settings.pretrained, len(labels.names), labels.has_plane)
    if start:
        net.load_state_dict(start.model.state_dict())
    mean, std = (start.mean, start.std) if start else images[0].statistics(train)
    if not settings.own_scale:
        mean, std = np.full_like(mean, -40.0), np.full_like(std, 20.0)
    student = _Student(net, teacher[1].shape[-1] if teacher else None).to(settings.device)
    scores, embeddings = (teacher[0], _standardised(teacher[1], train)) if teacher else (None, None)
    black = float(((images[0].settings.floor_db - mean) / std).mean())

    def batch_at(step: int) -> _Batch:
        chosen, rng = draw(train, labels.share, settings.batch, step, settings.seed)
        copy = rng.integers(0, len(images), settings.batch)
        clean, frames = image_batch(images, chosen, copy, mean, std, settings.width, rng)
        masked = disturb(clean, rng, settings.without, black)
        partner, share = mix(settings.batch, rng, settings.without)
        mixed = _blend(masked, partner, share).contiguous(memory_format=torch.channels_last)
        soft = None
        if scores is not None and embeddings is not None:
            soft = (torch.from_numpy(scores[copy, chosen]).float(), torch.from_numpy(embeddings[copy, chosen]).float())
        answers = labels.answers.at(chosen)
        return _Batch(mixed, torch.maximum(frames, frames[partner]), answers, soft, partner, share)

    options = TrainingOptions(
        settings.steps, settings.lr, seed=settings.seed, schedule=settings.schedule, bf16=settings.bf16,
        checkpoint=settings.checkpoint, logdir=settings.logdir, show_progress=settings.show_progress,
        report=settings.report, stop_after=settings.stop_after, workers=settings.workers,
    )  # fmt: skip
    fit(student, batch_at, lambda model, batch: _loss(model, batch, settings.soft), options)
    return TrainedMelNet(student.net.cpu(), mean, std)


def _loss(student: _Student, batch: _Batch, soft: float) -> Tensor:
    """Of the labels and, with a teacher, of its scores and embeddings; mixed clips count by their shares."""
    output = student.net(batch.images, batch.frames)
    logits = output.logits.float()
    mine, theirs = batch.answers, batch.answers.at(batch.partner)
    own, other = log_right(logits, mine), log_right(logits, theirs)
    value = -(batch.share * own + (1 - batch.share) * other).mean()
    value = value + plane_loss(output.plane, _blend(mine.plane, batch.partner, batch.share))
    if batch.teacher is None or student.project is None:
        return value
    scores, embedding = (_blend(part, batch.partner, batch.share) for part in batch.teacher)
    imitation = -(scores * logits.log_softmax(-1)).sum(1).mean()
    distance = functional.mse_loss(student.project(output.embedding).float(), embedding)
    return (1 - soft) * value + soft * imitation + distance


def new_model(name: str, pretrained: bool = False, classes: int = len(LABELS), plane: bool = False) -> MelNet:
    model = MelNet(name, classes, pretrained, 0.05 if name.startswith("convnext") else 0.0, plane)
    if not pretrained:
        # ConvNeXt starts its blocks at a millionth of their strength, for trainings of 300 epochs. This one is short.
        for parameter_name, parameter in model.named_parameters():
            if parameter_name.endswith("gamma"):
                nn.init.constant_(parameter, 0.1)
    return model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]  (missing in the stub)


def _standardised(embeddings: np.ndarray, train: np.ndarray) -> np.ndarray:
    """Embeddings with mean 0 and spread 1; raw, they share a large offset that alone is easy to learn."""
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
            output = trained.model(x.contiguous(memory_format=torch.channels_last), frames)
        out[some] = output.logits.float().numpy()
    return out
