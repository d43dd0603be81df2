"""Training in epochs, beside `training.loop`: a validation after each, the best one kept, the learning rate cut when
progress stalls, several optimizers; EMA, bf16, logs and exact resuming as there.

A batch is a pure function of the step's number, and the random state is kept with the weights: a training that was
stopped, even in the middle of an epoch, ends in the same weights as one that was not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.loop import parameter_groups, save_whole, summary_writer
from training.pace import Pace, Tell
from training.precision import autocast
from training.schedule import Average

OPTIMIZERS = ("adamw", "adam", "rmsprop")
SCHEDULES = ("cosine", "plateau")


@dataclass(frozen=True)
class Plan:
    """What a training in epochs is told, whatever it trains."""

    epochs: int
    steps: int
    """Of one epoch."""
    lr: float = 1e-3
    optimizer: str = "adamw"
    schedule: str = "cosine"
    warmup: float = 0.05
    """Share of all steps."""
    patience: int = 2
    """Epochs without a better validation loss before the learning rate is cut to a third (`plateau`)."""
    weight_decay: float = 0.05
    ema: float = 0.998
    clip_norm: float = 1.0
    bf16: bool = True
    """Where the machine computes in it."""
    seed: int = 0
    checkpoint: Path | None = None
    """Where to keep the state; a training that finds one there goes on from it. The best epoch lies beside it."""
    checkpoint_every: int = 100
    logdir: Path | None = None
    tell: Tell | None = None
    """Hears after the first steps how long the rest will take, validations not counted."""
    stop_after: int | None = None
    """Stop at this step, as an interruption would (the resume test)."""

    @property
    def best(self) -> Path | None:
        return self.checkpoint.with_suffix(".best.pt") if self.checkpoint else None


BatchAt = Callable[[int], Any]
Loss = Callable[[nn.Module, Any], Tensor]
Validate = Callable[[nn.Module], dict[str, float]]


@dataclass
class _State:
    """Everything that changes while training, besides the tensors."""

    step: int = 0
    best_loss: float = math.inf
    since_best: int = 0
    cut: float = 1.0


def fit(
    model: nn.Module,
    batch_at: BatchAt,
    loss: Loss,
    validate: Validate,
    plan: Plan,
    begin: Callable[[nn.Module, int], None] = lambda model, epoch: model.train(),
) -> dict[str, float]:
    """Train; leaves the averaged weights of the best epoch in the model and returns what `validate` said of them.

    `validate` gives numbers for the log, among them `loss`. `begin(model, epoch)` puts the model into training mode;
    what it freezes stays frozen for that epoch.
    """
    torch.manual_seed(plan.seed)
    device = next(model.parameters()).device
    optimizer = _optimizer(model, plan)
    rates = [group["lr"] for group in optimizer.param_groups]
    average, state = Average(model, plan.ema), _State()
    numbers = _resume(plan, model, optimizer, average, state)
    writer = summary_writer(plan.logdir)
    pace = Pace(plan.epochs * plan.steps - state.step, plan.tell)
    watched = _Averaged(model, average)
    began = None
    while state.step < plan.epochs * plan.steps:
        epoch = state.step // plan.steps
        if began != epoch:
            begin(model, epoch)
            began = epoch
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * share_of_rate(plan, state.step) * state.cut
        with autocast(device, plan.bf16):
            value = loss(model, batch_at(state.step))
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        nn.utils.clip_grad_norm_(model.parameters(), plan.clip_norm)
        optimizer.step()
        average.update(model)
        state.step += 1
        pace.step()
        if writer and state.step % 20 == 0:
            writer.add_scalar("train/loss", value.item(), state.step)
            writer.add_scalar("train/learning_rate", optimizer.param_groups[-1]["lr"], state.step)
        if state.step % plan.steps == 0:
            with watched:
                now = validate(model)
            began = None
            numbers = _judge(plan, state, average, numbers, now)
            for name, number in now.items():
                if writer:
                    writer.add_scalar(f"valid/{name}", number, state.step)
            print(f"epoch {state.step // plan.steps}: " + ", ".join(f"{k} {v:.4f}" for k, v in now.items()), flush=True)
        stopping = state.step == plan.stop_after
        if plan.checkpoint and (state.step % plan.checkpoint_every == 0 or state.step % plan.steps == 0 or stopping):
            save_whole(plan.checkpoint, _everything(model, optimizer, average, state, numbers))
        if stopping:
            break
    if writer:
        writer.close()
    return _best_into(plan, model, average, numbers)


def share_of_rate(plan: Plan, step: int) -> float:
    """Of the full learning rate at a step: a linear warm-up, then half a cosine down to a hundredth, or level."""
    total = plan.epochs * plan.steps
    warmup = max(1, round(plan.warmup * total))
    if step < warmup:
        return (step + 1) / warmup
    if plan.schedule == "plateau":
        return 1.0
    done = (step - warmup) / max(1, total - warmup)
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done))


def _optimizer(model: nn.Module, plan: Plan) -> torch.optim.Optimizer:
    groups = parameter_groups(model, plan)
    if plan.optimizer == "adamw":
        return torch.optim.AdamW(groups, lr=plan.lr)
    # Their own decay is mixed into the gradient, where it means something else: ten thousandths of what AdamW takes.
    for group in groups:
        group["weight_decay"] *= 1e-3
    if plan.optimizer == "adam":
        return torch.optim.Adam(groups, lr=plan.lr)
    if plan.optimizer == "rmsprop":
        return torch.optim.RMSprop(groups, lr=plan.lr, alpha=0.99, momentum=0.9)
    raise ValueError(f"There is no optimizer {plan.optimizer!r}; choose one of {', '.join(OPTIMIZERS)}.")


class _Averaged:
    """`with` it, the model holds its averaged weights and is in evaluation mode; afterwards its own again."""

    def __init__(self, model: nn.Module, average: Average) -> None:
        self.model, self.average = model, average

    def __enter__(self) -> None:
        self.own = {name: tensor.detach().clone() for name, tensor in self.model.state_dict().items()}
        self.average.copy_to(self.model)
        self.model.eval()

    def __exit__(self, *error: object) -> None:
        self.model.load_state_dict(self.own)


def _judge(
    plan: Plan, state: _State, average: Average, best: dict[str, float], now: dict[str, float]
) -> dict[str, float]:
    if now["loss"] < state.best_loss:
        state.best_loss, state.since_best = now["loss"], 0
        if plan.best:
            save_whole(plan.best, {"average": average.state, "numbers": now})
        return now
    state.since_best += 1
    if plan.schedule == "plateau" and state.since_best >= plan.patience:
        state.cut /= 3
        state.since_best = 0
    return best


def _best_into(plan: Plan, model: nn.Module, average: Average, numbers: dict[str, float]) -> dict[str, float]:
    if plan.best and plan.best.exists():
        kept = torch.load(plan.best, weights_only=True, map_location="cpu")
        model.load_state_dict(kept["average"])
        numbers = kept["numbers"]
    else:
        average.copy_to(model)
    model.eval()
    return numbers


def _everything(model: nn.Module, optimizer, average: Average, state: _State, numbers: dict[str, float]) -> dict:
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "average": average.state,
        "average_steps": average.steps,
        "state": vars(state),
        "numbers": numbers,
        "random": torch.get_rng_state(),
    }


def _resume(plan: Plan, model: nn.Module, optimizer, average: Average, state: _State) -> dict[str, float]:
    if plan.checkpoint is None or not plan.checkpoint.exists():
        return {}
    kept = torch.load(plan.checkpoint, weights_only=True, map_location=next(model.parameters()).device)
    model.load_state_dict(kept["model"])
    optimizer.load_state_dict(kept["optimizer"])
    average.state, average.steps = kept["average"], kept["average_steps"]
    for name, value in kept["state"].items():
        setattr(state, name, value)
    torch.set_rng_state(kept["random"].cpu())
    return kept["numbers"]
