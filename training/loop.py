"""One training loop for every model of the house: AdamW, warm-up and cosine, EMA, bf16, logs, resuming after a stop.

A batch is a pure function of the step's number, and the random state is kept with the weights: a training that was
stopped and went on ends in the same weights as one that was not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from training.pace import Pace, Tell
from training.precision import autocast
from training.schedule import Average, warmup_constant, warmup_cosine

Schedule = Literal["cosine", "constant"]


@dataclass(frozen=True)
class Options:
    """What a training is told, whatever it trains."""

    steps: int
    lr: float = 1e-3
    warmup: float = 0.1
    """Share of the steps."""
    schedule: Schedule = "cosine"
    weight_decay: float = 0.05
    ema: float = 0.998
    clip_norm: float = 1.0
    bf16: bool = True
    """Where the machine computes in it."""
    seed: int = 0
    checkpoint: Path | None = None
    """Where to keep the state; a training that finds one there goes on from it."""
    checkpoint_every: int = 200
    logdir: Path | None = None
    progress: bool = True
    workers: int = 0
    """Processes that make the batches ahead: for a GPU that would wait for them."""
    tell: Tell | None = None
    """Hears after the first steps how long the rest will take."""
    stop_after: int | None = None
    """Stop early, as an interruption would (the resume test)."""


Batch = Any
BatchAt = Callable[[int], Batch]
Loss = Callable[[nn.Module, Batch], Tensor]


def fit(model: nn.Module, batch_at: BatchAt, loss: Loss, options: Options, check: Callable[[int], dict] | None = None):
    """Train; leaves the averaged weights in the model and returns it. `check(step)` gives numbers for the log."""
    torch.manual_seed(options.seed)
    device = next(model.parameters()).device
    optimizer = torch.optim.AdamW(parameter_groups(model, options), lr=options.lr)
    warmup = max(1, round(options.warmup * options.steps))
    shape = warmup_cosine if options.schedule == "cosine" else warmup_constant
    schedule = shape(optimizer, options.steps, warmup)
    average = Average(model, options.ema)
    first = _resume(options.checkpoint, model, optimizer, schedule, average)
    writer, pace = summary_writer(options.logdir), Pace(options.steps - first, options.tell)
    model.train()
    steps = range(first, options.steps)
    for step, batch in zip(_bar(steps, options), _made_ahead(batch_at, steps, options.workers), strict=True):
        batch = on_device(batch, device)
        with autocast(device, options.bf16):
            value = loss(model, batch)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        nn.utils.clip_grad_norm_(model.parameters(), options.clip_norm)
        optimizer.step()
        schedule.step()
        average.update(model)
        pace.step()
        done = step + 1
        if writer and done % 10 == 0:
            writer.add_scalar("loss", value.item(), done)
            writer.add_scalar("learning_rate", schedule.get_last_lr()[0], done)
        stopping = done == options.stop_after
        if options.checkpoint and (done % options.checkpoint_every == 0 or stopping or done == options.steps):
            _keep(options.checkpoint, done, model, optimizer, schedule, average)
        if stopping:
            break
    average.copy_to(model)
    model.eval()
    if writer:
        for name, number in (check(options.steps) if check else {}).items():
            writer.add_scalar(name, number, options.steps)
        writer.close()
    return model


class _Batches(Dataset):
    def __init__(self, batch_at: BatchAt) -> None:
        self.batch_at = batch_at

    def __getitem__(self, step: int) -> Batch:
        return self.batch_at(step)


def _made_ahead(batch_at: BatchAt, steps: range, workers: int) -> Iterable[Batch]:
    """The batches of these steps in their order; since each depends on its number alone, others may make them."""
    if not workers:
        return map(batch_at, steps)
    # Forked, so that data that is only mapped into memory stays shared; a generator of its own, so that dropout finds
    # the random state as it would without.
    return DataLoader(
        _Batches(batch_at), batch_size=None, sampler=steps, num_workers=workers, prefetch_factor=4,
        multiprocessing_context="fork", collate_fn=_as_it_is, generator=torch.Generator(),
    )  # fmt: skip


def _as_it_is(batch: Batch) -> Batch:
    return batch


def on_device(batch: Batch, device: torch.device) -> Batch:
    """Every tensor of a (named) tuple of tensors, moved; the rest as it is."""
    if isinstance(batch, Tensor):
        return batch.to(device, non_blocking=True)
    if isinstance(batch, tuple):
        moved = [on_device(part, device) for part in batch]
        return type(batch)(*moved) if hasattr(batch, "_fields") else tuple(moved)
    return batch


def parameter_groups(model: nn.Module, options: Options) -> list[dict]:
    """Weights decay; biases, norms and scales do not. A part with `lr_scale` learns that much slower."""
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    scales = {name: module.lr_scale for name, module in model.named_modules() if hasattr(module, "lr_scale")}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        scale = min((s for prefix, s in scales.items() if name.startswith(prefix)), default=1.0)
        decay = options.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((scale, decay), []).append(parameter)
    return [
        {"params": parameters, "lr": options.lr * scale, "weight_decay": decay}
        for (scale, decay), parameters in groups.items()
    ]


def _bar(steps: range, options: Options):
    if not options.progress:
        return steps
    from tqdm import tqdm

    return tqdm(steps, initial=steps.start, total=steps.stop, mininterval=5, unit="step")


def summary_writer(logdir: Path | None):
    if logdir is None:
        return None
    from torch.utils.tensorboard import SummaryWriter

    return SummaryWriter(str(logdir))


def _keep(path: Path, step: int, model, optimizer, schedule, average: Average) -> None:
    save_whole(
        path,
        {
            "step": step,
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "schedule": schedule.state_dict(),
            "average": average.state,
            "average_steps": average.steps,
            "random": torch.get_rng_state(),
        },
    )


def save_whole(path: Path, content: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    torch.save(content, unfinished)
    unfinished.replace(path)  # a stop in the middle of writing leaves the last whole checkpoint


def _resume(path: Path | None, model, optimizer, schedule, average: Average) -> int:
    if path is None or not path.exists():
        return 0
    kept = torch.load(path, weights_only=True, map_location="cpu")
    model.load_state_dict(kept["model"])
    optimizer.load_state_dict(kept["optimizer"])
    schedule.load_state_dict(kept["schedule"])
    average.state, average.steps = kept["average"], kept["average_steps"]
    torch.set_rng_state(kept["random"])
    return kept["step"]
