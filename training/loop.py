"""The training loop of the voice and face networks: warm-up, EMA, bf16, validation, logs, and resuming after a stop.

A batch depends on the number of its step alone, and a checkpoint holds the random state. A training that was stopped
and resumed therefore ends with the same weights as one that ran through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, LRScheduler, ReduceLROnPlateau, SequentialLR
from torch.utils.data import DataLoader, Dataset

from inference.vision import timm
from inference.weights import WeightsError
from training.progress import Report, TimeEstimate, progress_bar, summary_writer

Schedule = Literal["cosine", "constant", "plateau"]
OptimizerName = Literal["adamw", "adam", "rmsprop"]
OPTIMIZERS: tuple[str, ...] = get_args(OptimizerName)
SCHEDULES: tuple[str, ...] = get_args(Schedule)
LOWEST = 0.01
"""Share of the learning rate at the start of the warm-up and at the end of the cosine."""
CHECKPOINT_FORMAT = 2

Batch = Any
BatchAt = Callable[[int], Batch]
Model = TypeVar("Model", bound=nn.Module)


@dataclass(frozen=True)
class TrainingOptions:
    """Settings of a training, for any network."""

    steps: int
    lr: float = 1e-3
    epoch: int | None = None
    """Steps between two validations; without it there is no validation."""
    optimizer: OptimizerName = "adamw"
    schedule: Schedule = "cosine"
    """After the warm-up; `plateau` cuts the rate to a third when the validation loss stalls."""
    warmup: float = 0.1
    """Share of the steps."""
    patience: int = 2
    """Epochs without a better validation loss before `plateau` cuts."""
    lr_scales: Mapping[str, float] = field(default_factory=dict)
    """Parts of the network that learn slower: name of the part, share of the learning rate."""
    weight_decay: float = 0.05
    ema: float = 0.998
    clip_norm: float = 1.0
    bf16: bool = True
    """Use bf16 where the processor computes in it."""
    seed: int = 0
    checkpoint: Path | None = None
    """The file to save the state in; the training resumes from it if it exists."""
    checkpoint_every: int = 200
    logdir: Path | None = None
    show_progress: bool = True
    workers: int = 0
    """Processes that make batches ahead, so that a GPU does not wait for them."""
    report: Report | None = None
    stop_after: int | None = None
    """Stop after this step, as an interruption would; for tests of resuming."""

    def __post_init__(self) -> None:
        if not 0 < self.warmup < 1:
            raise ValueError(f"the warm-up is a share of the steps, between 0 and 1; it was {self.warmup}")
        if self.optimizer not in OPTIMIZERS:
            raise ValueError(f"There is no optimizer {self.optimizer!r}; choose one of {', '.join(OPTIMIZERS)}.")


def _train_mode(model: nn.Module, epoch: int) -> None:
    model.train()


def fit(
    model: Model,
    batch_at: BatchAt,
    loss: Callable[[Model, Batch], Tensor],
    options: TrainingOptions,
    validate: Callable[[nn.Module], Mapping[str, float]] | None = None,
    start_epoch: Callable[[Model, int], None] = _train_mode,
) -> dict[str, float]:
    """Trains `model` in place and returns the validation numbers of its best epoch.

    The model ends with averaged weights (EMA): those of the epoch with the lowest `loss` in `validate`, or the last
    ones without a validation. `start_epoch(model, epoch)` sets the training mode and may freeze parts.
    """
    torch.manual_seed(options.seed)
    device = next(model.parameters()).device
    training = _Training(model, options)
    training.resume()
    writer, estimate = summary_writer(options.logdir), TimeEstimate(options.steps - training.step, options.report)
    epoch_length, running = options.epoch or options.steps, -1
    steps = range(training.step, options.steps)
    bar = progress_bar(steps, steps.stop, "step", steps.start) if options.show_progress else steps
    for step, batch in zip(bar, _batches_ahead(batch_at, steps, options.workers), strict=True):
        if step // epoch_length != running:
            running = step // epoch_length
            start_epoch(model, running)
        with autocast(device, options.bf16):
            value = loss(model, on_device(batch, device))
        training.update(value)
        estimate.step()
        done = training.step
        if writer and done % 10 == 0:
            writer.add_scalar("train/loss", value.item(), done)
            writer.add_scalar("train/learning_rate", training.optimizer.param_groups[-1]["lr"], done)
        ends_epoch = done % epoch_length == 0
        if validate and ends_epoch:
            numbers = dict(validate(training.average))
            training.finish_epoch(numbers)
            if options.report:
                options.report(f"epoch {running + 1}: " + ", ".join(f"{k} {v:.4f}" for k, v in numbers.items()))
            if writer:
                for name, number in numbers.items():
                    writer.add_scalar(f"valid/{name}", number, done)
        stop = done == options.stop_after
        if stop or ends_epoch or done % options.checkpoint_every == 0 or done == options.steps:
            training.save()
        if stop:
            break
    if writer:
        writer.close()
    model.load_state_dict(training.best_weights or training.average.state_dict())
    model.eval()
    return training.best_numbers


class _Training:
    """Everything that changes during a training; a checkpoint holds all of it."""

    def __init__(self, model: nn.Module, options: TrainingOptions) -> None:
        self.model, self.options = model, options
        self.optimizer = make_optimizer(model, options)
        self.scheduler = make_scheduler(self.optimizer, options)
        self.plateau = (
            ReduceLROnPlateau(self.optimizer, factor=1 / 3, patience=options.patience - 1, threshold=0.0)
            if options.schedule == "plateau"
            else None
        )
        # The decay grows with the steps: a short training would otherwise keep its random start.
        average = timm.utils.ModelEmaV3  # pyright: ignore[reportAttributeAccessIssue]  (timm loads its submodules)
        self.ema = average(model, options.ema, use_warmup=True, warmup_gamma=10, warmup_power=1)
        self.step = 0
        self.best_numbers: dict[str, float] = {}
        self.best_weights: dict[str, Tensor] | None = None

    @property
    def average(self) -> nn.Module:
        """The network with the averaged weights, in evaluation mode."""
        return self.ema.module.eval()

    def update(self, loss: Tensor) -> None:
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), self.options.clip_norm)
        self.optimizer.step()
        self.scheduler.step()
        self.step += 1
        self.ema.update(self.model, self.step)

    def finish_epoch(self, numbers: dict[str, float]) -> None:
        """Keeps the weights if the epoch was the best so far, and cuts the rate if progress has stalled."""
        if not self.best_numbers or numbers["loss"] < self.best_numbers["loss"]:
            self.best_numbers = numbers
            self.best_weights = {name: tensor.detach().cpu().clone() for name, tensor in self._average_state().items()}
            if self.options.checkpoint:
                save_checkpoint(_best_file(self.options.checkpoint), {"average": self.best_weights, "numbers": numbers})
        if self.plateau:
            self.plateau.step(numbers["loss"])

    def save(self) -> None:
        if self.options.checkpoint is None:
            return
        content = {
            "format": CHECKPOINT_FORMAT,
            "step": self.step,
            "model": self.model.state_dict(),
            "average": self._average_state(),
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict(),
            "plateau": self.plateau.state_dict() if self.plateau else None,
            "random": torch.get_rng_state(),
        }
        save_checkpoint(self.options.checkpoint, content)

    def resume(self) -> None:
        """Continues from the checkpoint, if there is one."""
        path = self.options.checkpoint
        if path is None or not path.exists():
            return
        content = torch.load(path, weights_only=True, map_location="cpu")
        if content.get("format") != CHECKPOINT_FORMAT:
            raise WeightsError(f"{path} is a checkpoint of another version of Haru; delete it and start again.")
        self.step = content["step"]
        self.model.load_state_dict(content["model"])
        self.ema.module.load_state_dict(content["average"])
        self.optimizer.load_state_dict(content["optimizer"])
        self.scheduler.load_state_dict(content["scheduler"])
        if self.plateau:
            self.plateau.load_state_dict(content["plateau"])
        torch.set_rng_state(content["random"])
        if _best_file(path).exists():
            best = torch.load(_best_file(path), weights_only=True, map_location="cpu")
            self.best_weights, self.best_numbers = best["average"], best["numbers"]

    def _average_state(self) -> dict[str, Tensor]:
        return self.ema.module.state_dict()


def make_optimizer(model: nn.Module, options: TrainingOptions) -> Optimizer:
    """The optimizer of the options, with weight decay and rates by part."""
    groups = parameter_groups(model, options)
    if options.optimizer == "adamw":
        return torch.optim.AdamW(groups, lr=options.lr)
    # Adam and RMSprop add the decay to the gradient, where a thousandth of AdamW's value has about its effect.
    for group in groups:
        group["weight_decay"] *= 1e-3
    if options.optimizer == "adam":
        return torch.optim.Adam(groups, lr=options.lr)
    return torch.optim.RMSprop(groups, lr=options.lr, alpha=0.99, momentum=0.9)


def parameter_groups(model: nn.Module, options: TrainingOptions) -> list[dict[str, Any]]:
    """Weights decay; biases, norms and scales do not. The parts in `lr_scales` learn slower."""
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        scale = min((s for part, s in options.lr_scales.items() if name.startswith(f"{part}.")), default=1.0)
        decay = options.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((scale, decay), []).append(parameter)
    return [
        {"params": parameters, "lr": options.lr * scale, "weight_decay": decay}
        for (scale, decay), parameters in groups.items()
    ]


def make_scheduler(optimizer: Optimizer, options: TrainingOptions) -> LRScheduler:
    """A linear warm-up, then half a cosine down to `LOWEST`, or the full rate to the end."""
    warmup = min(max(1, round(options.warmup * options.steps)), max(1, options.steps - 1))
    rise = LinearLR(optimizer, LOWEST, 1.0, warmup)
    if options.schedule != "cosine":
        return rise
    # torch takes one lowest rate for all groups.
    highest = max(group["initial_lr"] for group in optimizer.param_groups)
    fall = CosineAnnealingLR(optimizer, max(1, options.steps - warmup), eta_min=LOWEST * highest)
    return SequentialLR(optimizer, [rise, fall], [warmup])


class _BatchesByStep(Dataset):
    def __init__(self, batch_at: BatchAt) -> None:
        self.batch_at = batch_at

    def __getitem__(self, step: int) -> Batch:
        return self.batch_at(step)


def _batches_ahead(batch_at: BatchAt, steps: range, workers: int) -> Iterable[Batch]:
    """The batches of these steps in their order, made by other processes if there are any."""
    if not workers:
        return map(batch_at, steps)
    # Forked, so that memory-mapped data stays shared. A generator of its own leaves the random state of dropout alone.
    return DataLoader(
        _BatchesByStep(batch_at), batch_size=None, sampler=steps, num_workers=workers, prefetch_factor=4,
        multiprocessing_context="fork", collate_fn=_unchanged, generator=torch.Generator(),
    )  # fmt: skip


def _unchanged(batch: Batch) -> Batch:
    return batch


def on_device(batch: Batch, device: torch.device) -> Batch:
    """The batch with every tensor in its (named) tuples moved to the device."""
    if isinstance(batch, Tensor):
        return batch.to(device, non_blocking=True)
    if isinstance(batch, tuple):
        moved = [on_device(part, device) for part in batch]
        return type(batch)(*moved) if hasattr(batch, "_fields") else tuple(moved)
    return batch


def save_checkpoint(path: Path, content: dict[str, Any]) -> None:
    """Writes to a second file first: a stop while writing leaves the last whole checkpoint."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    torch.save(content, unfinished)
    unfinished.replace(path)


def _best_file(checkpoint: Path) -> Path:
    return checkpoint.with_suffix(".best.pt")


def computes_bf16(device: torch.device) -> bool:
    """Whether the processor computes in bf16; one that emulates it is far slower with it than in fp32."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    # Private names of the pinned torch (tests/training/test_loop.py checks them): no public function tells an
    # AVX-512 processor with bf16 from one without.
    return device.type == "cpu" and (torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def autocast(device: torch.device, wanted: bool = True) -> torch.autocast:
    """bf16 where the processor computes in it."""
    return torch.autocast(device.type, torch.bfloat16, enabled=wanted and computes_bf16(device))
