from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import nn

from training import epochs
from training.epochs import Plan, share_of_rate

PLAN = Plan(epochs=6, steps=5, lr=0.05, weight_decay=0.0, ema=0.5, bf16=False)


def line(seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Linear(3, 1)


def batch_at(step: int) -> tuple[torch.Tensor, torch.Tensor]:
    x = torch.randn(32, 3, generator=torch.Generator().manual_seed(step))
    return x, x @ torch.tensor([[1.0], [-2.0], [0.5]]) + 0.3


def loss(model: nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    return (model(batch[0]) - batch[1]).square().mean()


def validate(model: nn.Module) -> dict[str, float]:
    with torch.no_grad():
        return {"loss": float(loss(model, batch_at(10_000)))}


@pytest.mark.parametrize("optimizer", epochs.OPTIMIZERS)
@pytest.mark.parametrize("schedule", epochs.SCHEDULES)
def test_every_optimizer_learns_under_every_schedule(optimizer: str, schedule: str) -> None:
    model = line()
    before = validate(model)["loss"]
    numbers = epochs.fit(model, batch_at, loss, validate, replace(PLAN, optimizer=optimizer, schedule=schedule))
    assert numbers["loss"] < before / 2


def test_an_unknown_optimizer_is_named() -> None:
    with pytest.raises(ValueError, match="choose one of adamw, adam, rmsprop"):
        epochs.fit(line(), batch_at, loss, validate, replace(PLAN, optimizer="lion"))


@pytest.mark.parametrize("stops", [(3,), (5, 17), (1, 2, 29)])
def test_stopped_anywhere_it_ends_in_the_same_weights(stops: tuple[int, ...], tmp_path: Path) -> None:
    whole = line()
    numbers = epochs.fit(whole, batch_at, loss, validate, replace(PLAN, checkpoint=tmp_path / "whole.pt"))
    for stop in (*stops, None):
        parts = line(seed=7)  # what it starts from no longer matters once there is a checkpoint
        if stop == stops[0]:
            parts = line()
        plan = replace(PLAN, checkpoint=tmp_path / "parts.pt", stop_after=stop)
        resumed = epochs.fit(parts, batch_at, loss, validate, plan)
    assert resumed == numbers
    assert torch.equal(whole.weight, parts.weight)


def test_the_best_epoch_is_kept_not_the_last(tmp_path: Path) -> None:
    told = iter([3.0, 1.0, 2.0, 2.5, 2.6, 2.7])
    seen: list[torch.Tensor] = []

    def judged(model: nn.Module) -> dict[str, float]:
        seen.append(model.weight.detach().clone())
        return {"loss": next(told)}

    model = line()
    numbers = epochs.fit(model, batch_at, loss, judged, replace(PLAN, checkpoint=tmp_path / "last.pt"))
    assert numbers == {"loss": 1.0}
    assert torch.equal(model.weight, seen[1])


def test_the_rate_is_cut_when_progress_stalls(tmp_path: Path) -> None:
    plan = replace(PLAN, schedule="plateau", patience=2, checkpoint=tmp_path / "last.pt", optimizer="adam")
    told = iter([1.0, 2.0, 2.0, 2.0, 2.0, 2.0])
    epochs.fit(line(), batch_at, loss, lambda model: {"loss": next(told)}, plan)
    assert torch.load(tmp_path / "last.pt", weights_only=True)["state"]["cut"] == pytest.approx(1 / 9)


def test_warm_up_then_down_to_a_hundredth() -> None:
    plan = Plan(epochs=10, steps=10, warmup=0.1)
    shares = [share_of_rate(plan, step) for step in range(100)]
    assert shares[0] == pytest.approx(0.1)
    assert max(shares) == shares[9] == shares[10] == 1
    assert shares[-1] == pytest.approx(0.01, abs=0.002)
    assert all(later <= earlier for earlier, later in pairwise(shares[10:]))


def test_without_a_checkpoint_the_average_stays_in_the_model() -> None:
    model = line()
    numbers = epochs.fit(model, batch_at, loss, validate, PLAN)
    assert validate(model) == numbers
    assert not model.training
