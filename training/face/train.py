"""Trains one face network on votes, for `python -m training.cli face`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from fer.features import even_light, resize, to_tensor
from fer.labels import EIGHT
from fer.model import FaceMember
from inference import calibration, metrics
from training.face import augment, corpora
from training.face.corpora import Faces, Views
from training.face.pretrained import fill, start_from
from training.face.teacher import SFACE, TEACHER, read_sface
from training.loop import Batch, OptimizerName, Schedule, TrainingOptions, autocast, fit
from training.progress import Report

BATCH: dict[str, int] = {"cpu": 16, "cuda": 512}
"""Faces in a batch of inference; larger batches are slower on a CPU."""


@dataclass(frozen=True)
class FaceHyperparameters:
    """How one network is trained."""

    sizes: tuple[tuple[int, int], ...]
    """(input side, epochs): most epochs on small inputs, the last ones on the final size."""
    lr: float
    body_rate: float = 0.3
    """Share of the learning rate for the pre-trained body."""
    frozen: int = 1
    """First epochs in which only the upper half of a pre-trained body learns."""
    batch: int = 64
    optimizer: OptimizerName = "adamw"
    schedule: Schedule = "cosine"
    drop: float = 0.4
    balance: float = 0.4
    """How strongly rare classes count (0: as they come, 1: all alike)."""
    teaching: float = 0.5
    """Share of the teachers' scores in the target, where there are views."""
    weight_decay: float = 0.05
    ema: float = 0.998

    @property
    def epochs(self) -> int:
        return sum(count for _, count in self.sizes)

    @property
    def final_size(self) -> int:
        return self.sizes[-1][0]

    def size_at(self, epoch: int) -> int:
        for size, count in self.sizes:
            if epoch < count:
                return size
            epoch -= count
        return self.final_size


DEFAULTS: dict[str, FaceHyperparameters] = {
    "resnet50": FaceHyperparameters(((64, 10), (96, 4)), lr=1e-3),
    "vgg16": FaceHyperparameters(((48, 16),), lr=4e-4),
    "xception": FaceHyperparameters(((64, 14), (96, 4)), lr=1.5e-3, body_rate=1.0, frozen=0),
    "alexnet": FaceHyperparameters(((112, 20),), lr=6e-4),
    SFACE: FaceHyperparameters(((80, 10),), lr=1e-3, frozen=10),
}


@dataclass(frozen=True)
class FaceTrainingOptions:
    """Where a training starts, what it writes, and how it runs."""

    folder: Path
    """For checkpoints; a training that was stopped resumes from there."""
    init: Path | None = None
    pretrained: bool = False
    seed: int = 0
    device: str = "cpu"
    without: tuple[str, ...] = ()
    """Augmentations to switch off."""
    logdir: Path | None = None
    show_progress: bool = False
    report: Report | None = None
    stop_after: int | None = None


@dataclass(frozen=True)
class FaceTrainingSet:
    """Faces with the target and the weight of each."""

    pixels: np.ndarray
    targets: np.ndarray
    weights: np.ndarray
    views: Views | None = None
    """Ready variations of the faces with the teachers' scores, one for each epoch, in place of new variations."""

    @classmethod
    def of(cls, faces: Faces, settings: FaceHyperparameters, views: Views | None = None) -> FaceTrainingSet:
        if views and views.pixels.shape[1] != len(faces):
            raise ValueError(f"The views are of {views.pixels.shape[1]} faces, the training has {len(faces)}.")
        targets = faces.targets()
        return cls(faces.pixels, targets, corpora.balance(targets, settings.balance), views)


def vote_loss(logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Kullback–Leibler divergence from the shares of votes to the scores, weighted by face."""
    each = nn.functional.kl_div(logits.float().log_softmax(-1), targets, reduction="none").sum(-1)
    return (each * weights).mean()


def make_batches(
    faces: FaceTrainingSet, settings: FaceHyperparameters, options: FaceTrainingOptions
) -> tuple[Callable[[int], Batch], int]:
    """The batch of each step, which depends on the step's number alone; and the steps of an epoch."""
    steps, device = len(faces.targets) // settings.batch, torch.device(options.device)

    def batch_at(step: int) -> tuple[Tensor, Tensor, Tensor]:
        epoch, place = divmod(step, steps)
        order = np.random.default_rng([options.seed, epoch]).permutation(len(faces.targets))
        chosen = np.sort(order[place * settings.batch : (place + 1) * settings.batch])
        targets = faces.targets[chosen]
        if faces.views:
            view = epoch % len(faces.views)
            pictures = to_tensor(faces.views.pixels[view][chosen]).to(device)
            targets = (1 - settings.teaching) * targets + settings.teaching * faces.views.scores[view][chosen]
        else:
            pictures = to_tensor(faces.pixels[chosen]).to(device)
            pictures = augment.vary(pictures, options.seed * 1_000_003 + step, options.without)
        pictures = resize(even_light(pictures), settings.size_at(epoch)).contiguous(memory_format=torch.channels_last)
        return pictures, torch.from_numpy(targets).to(device), torch.from_numpy(faces.weights[chosen]).to(device)

    return batch_at, steps


@torch.inference_mode()
def logits_of(member: nn.Module, pixels: np.ndarray, size: int, mirrored: bool = False) -> np.ndarray:
    """(faces, 8) of a whole set; `mirrored` averages each face with its mirror image."""
    device = next(member.parameters()).device
    batch, out = BATCH[device.type], []
    for start in range(0, len(pixels), batch):
        faces = resize(even_light(to_tensor(pixels[start : start + batch]).to(device)), size)
        faces = faces.contiguous(memory_format=torch.channels_last)
        with autocast(device):
            logits = member(faces).float()
            if mirrored:
                logits = (logits + member(faces.flip(-1)).float()) / 2
        out.append(logits.cpu().numpy())
    return np.concatenate(out)


def validation_numbers(logits: np.ndarray, faces: Faces) -> dict[str, float]:
    """The figures of an epoch; `loss` chooses the best one."""
    among = faces.majority < 7
    return {
        "loss": calibration.negative_log_likelihood(logits, faces.targets()),
        "majority_loss": calibration.negative_log_likelihood(logits, faces.majority),
        "accuracy": metrics.accuracy(faces.majority, logits.argmax(1)),
        "uar": metrics.uar(faces.majority[among], logits[among, :7].argmax(1), 7),
    }


def train(
    name: str,
    learn: Faces,
    held: Faces,
    settings: FaceHyperparameters,
    options: FaceTrainingOptions,
    views: Views | None = None,
) -> tuple[FaceMember, dict[str, float]]:
    """The network of the best epoch, by its loss on the faces `held`, and its figures."""
    member = new_member(name, settings, options)
    batch_at, steps = make_batches(FaceTrainingSet.of(learn, settings, views), settings, options)
    has_start = options.pretrained or options.init is not None

    def start_epoch(model: nn.Module, epoch: int) -> None:
        model.train()
        if isinstance(model, FaceMember):
            model.freeze_lower_half(has_start and epoch < settings.frozen)

    numbers = fit(
        member,
        batch_at,
        loss=lambda model, batch: vote_loss(model(batch[0]), batch[1], batch[2]),
        # On the final size, also after epochs on smaller inputs: that is what the network will be used on.
        validate=lambda model: validation_numbers(logits_of(model, held.pixels, settings.final_size), held),
        options=TrainingOptions(
            steps=settings.epochs * steps,
            epoch=steps,
            lr=settings.lr,
            lr_scales={"body": settings.body_rate},
            optimizer=settings.optimizer,
            schedule=settings.schedule,
            warmup=0.05,
            weight_decay=settings.weight_decay,
            ema=settings.ema,
            seed=options.seed,
            checkpoint=options.folder / "last.pt",
            logdir=options.logdir,
            show_progress=options.show_progress,
            report=options.report,
            stop_after=options.stop_after,
        ),
        start_epoch=start_epoch,
    )
    member.requires_grad_(False).size = settings.final_size
    return member, numbers


def new_member(name: str, settings: FaceHyperparameters, options: FaceTrainingOptions) -> FaceMember:
    torch.manual_seed(options.seed)
    torch.backends.cudnn.benchmark = True
    teacher = TEACHER if name == SFACE else None
    member = FaceMember(name, len(EIGHT), options.pretrained and teacher is None, settings.drop, teacher)
    if options.init and teacher and options.init.suffix == ".onnx":
        fill(member, read_sface(options.init), options.init.name)
    elif options.init:
        start_from(member, options.init)
    return member.to(options.device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]  (missing in the stub)
