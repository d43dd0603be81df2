from __future__ import annotations

from itertools import cycle, pairwise, product
from pathlib import Path

import pytest
import torch
from torch import nn

from inference.weights import WeightsError
from tests.thoroughness import IS_WHOLE
from training import loop
from training.loop import TrainingOptions, fit, make_optimizer, make_scheduler, parameter_groups

CPU = torch.device("cpu")


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 1))


def batch_at(step: int) -> tuple[torch.Tensor, torch.Tensor]:
    x = torch.randn(16, 4, generator=torch.Generator().manual_seed(step))
    return x, x.sum(1, keepdim=True)


def loss(model: nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    return (model(batch[0]) - batch[1]).square().mean()


def validate(model: nn.Module) -> dict[str, float]:
    assert not model.training
    with torch.no_grad():
        return {"loss": float(loss(model, batch_at(10_000)))}


def options(**changes) -> TrainingOptions:
    return TrainingOptions(**{"steps": 30, "lr": 0.01, "bf16": False, "show_progress": False, "ema": 0.9, **changes})


def trained(how: TrainingOptions, validation: loop.Validate | None = None) -> tuple[nn.Module, dict[str, float]]:
    model = network()
    numbers = fit(model, batch_at, loss, how, validation)
    assert not model.training
    return model, numbers


def same(one: nn.Module, other: nn.Module) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True))


def rates(how: TrainingOptions) -> list[float]:
    """The learning rate at each step and after the last."""
    optimizer = make_optimizer(network(), how)
    scheduler, found = make_scheduler(optimizer, how), []
    for _ in range(how.steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return [*found, optimizer.param_groups[0]["lr"]]


@pytest.mark.parametrize("schedule", loop.SCHEDULES)
def test_a_resumed_training_ends_with_the_same_weights(tmp_path: Path, schedule: str) -> None:
    """Stopped at the first step, within an epoch, at its end, or before the last step; with and without validation."""
    for number, (validation, epoch) in enumerate(((None, None), (validate, 5))):
        how = {"schedule": schedule, "epoch": epoch}
        straight, numbers = trained(options(**how), validation)
        for stops in ((1,), (13,), (5, 17), (1, 2, 29)):
            file = tmp_path / f"{number}-{stops}" / "state.pt"
            for stop in (*stops, None):
                resumed, again = trained(options(**how, checkpoint=file, stop_after=stop), validation)
            assert same(straight, resumed), (schedule, stops)
            assert numbers == again


def test_a_stop_while_writing_leaves_the_last_checkpoint(tmp_path: Path) -> None:
    file = tmp_path / "state.pt"
    trained(options(checkpoint=file, stop_after=10))
    file.with_suffix(".part").write_bytes(b"half a file")
    assert same(trained(options(checkpoint=file))[0], trained(options())[0])


def test_a_checkpoint_of_another_version_is_refused(tmp_path: Path) -> None:
    torch.save({"step": 3, "average_steps": 3}, tmp_path / "state.pt")
    with pytest.raises(WeightsError, match="delete it and start again"):
        trained(options(checkpoint=tmp_path / "state.pt"))


def test_every_optimizer_and_every_schedule_learns() -> None:
    """HARU_TEST_ALL=1: each optimizer under each schedule."""
    before = validate(network().eval())["loss"]
    pairs = product(loop.OPTIMIZERS, loop.SCHEDULES) if IS_WHOLE else zip(loop.OPTIMIZERS, cycle(loop.SCHEDULES))
    for optimizer, schedule in pairs:
        how = options(steps=150, epoch=50, lr=0.02, optimizer=optimizer, schedule=schedule)
        model, numbers = trained(how, validate)
        assert numbers["loss"] < before / 3, (optimizer, schedule)
        assert validate(model) == numbers


def test_wrong_settings_are_named() -> None:
    with pytest.raises(ValueError, match="choose one of adamw, adam, rmsprop"):
        options(optimizer="lion")
    with pytest.raises(ValueError, match="between 0 and 1"):
        options(warmup=10)


@pytest.mark.parametrize("keep_checkpoint", [True, False])
def test_the_best_epoch_is_kept_not_the_last(tmp_path: Path, keep_checkpoint: bool) -> None:
    losses = iter([3.0, 1.0, 2.0, 2.5, 2.6, 2.7])
    weights: list[torch.Tensor] = []

    def judged(model: nn.Module) -> dict[str, float]:
        weights.append(model[0].weight.detach().clone())
        return {"loss": next(losses)}

    model, numbers = trained(options(epoch=5, checkpoint=tmp_path / "state.pt" if keep_checkpoint else None), judged)
    assert numbers == {"loss": 1.0}
    assert torch.equal(model[0].weight, weights[1])


def test_the_rate_is_cut_when_progress_stalls(tmp_path: Path) -> None:
    losses = iter([1.0, 2.0, 2.0, 2.0, 2.0, 2.0])
    file = tmp_path / "state.pt"
    for stop in (10, None):  # after a stop it still knows the best loss and how long ago it was
        how = options(epoch=5, schedule="plateau", checkpoint=file, optimizer="adam", stop_after=stop)
        trained(how, lambda model: {"loss": next(losses)})
    (first, *_) = torch.load(file, weights_only=True)["optimizer"]["param_groups"]
    assert first["lr"] == pytest.approx(0.01 / 9)


def test_logs_and_reports(tmp_path: Path) -> None:
    lines: list[str] = []
    trained(options(logdir=tmp_path, epoch=10, report=lines.append), validate)
    assert list(tmp_path.glob("events*"))
    assert any("steps to go" in line for line in lines)
    assert [line.split(":")[0] for line in lines if line.startswith("epoch")] == ["epoch 1", "epoch 2", "epoch 3"]


def test_the_rate_rises_then_falls_to_a_hundredth() -> None:
    found = rates(options(steps=100, lr=1.0))
    assert found[0] == pytest.approx(0.01)
    assert max(found) == pytest.approx(1.0)
    assert found.index(max(found)) == 10
    assert found[-1] == pytest.approx(0.01, abs=1e-6)
    assert all(later <= earlier for earlier, later in pairwise(found[10:]))
    constant = rates(options(steps=100, lr=1.0, schedule="constant"))
    assert constant[10:] == pytest.approx([1.0] * 91)


def test_a_training_of_one_step_has_a_schedule() -> None:
    for schedule in loop.SCHEDULES:
        assert len(rates(options(steps=1, schedule=schedule))) == 2


def test_the_average_follows_at_once_and_then_slowly() -> None:
    model = nn.Linear(1, 1, bias=False)
    nn.init.constant_(model.weight, 0.0)
    training = loop._Training(model, options(steps=10_000, lr=0.0, weight_decay=0.0, ema=0.99))

    def update(value: float, times: int) -> float:
        nn.init.constant_(model.weight, value)
        for _ in range(times):
            training.update(model.weight.sum())
        return training.average.weight.item()

    assert update(1.0, 1) == 1.0  # nothing of the random start stays
    assert update(0.0, 10) < 0.1
    update(1.0, 2000)
    assert update(2.0, 1) == pytest.approx(1.01, abs=1e-3)


def test_norms_do_not_decay_and_slow_parts_learn_slowly() -> None:
    how = options(lr_scales={"0": 0.1})
    groups = {(g["lr"], g["weight_decay"]): len(g["params"]) for g in parameter_groups(network(), how)}
    assert groups == {(0.001, 0.05): 1, (0.001, 0.0): 1, (0.01, 0.0): 3, (0.01, 0.05): 1}


def test_batches_made_ahead_by_other_processes_are_the_same(tmp_path: Path) -> None:
    here, _ = trained(options())
    assert same(here, trained(options(workers=2))[0])
    file = tmp_path / "state.pt"
    trained(options(checkpoint=file, stop_after=13, workers=2))
    assert same(here, trained(options(checkpoint=file, workers=2))[0])


def test_an_emulated_bf16_is_never_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails, too, where torch no longer has the private names."""
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    with loop.autocast(CPU):
        assert _product() == torch.float32


def test_bf16_where_the_processor_has_it_unless_unwanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: True)
    with loop.autocast(CPU):
        assert _product() == torch.bfloat16
    with loop.autocast(CPU, wanted=False):
        assert _product() == torch.float32


def _product() -> torch.dtype:
    return (torch.ones(2, 2) @ torch.ones(2, 2)).dtype
