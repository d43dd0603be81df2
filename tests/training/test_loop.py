import pytest
import torch
from torch import nn

from training.loop import Options, fit, parameter_groups
from training.schedule import Average, warmup_cosine


def net() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 1))


def batch_at(step: int) -> tuple[torch.Tensor, torch.Tensor]:
    x = torch.randn(16, 4, generator=torch.Generator().manual_seed(step))
    return x, x.sum(1, keepdim=True)


def loss(model: nn.Module, batch) -> torch.Tensor:
    return (model(batch[0]) - batch[1]).square().mean()


def options(**changes) -> Options:
    return Options(**{"steps": 30, "lr": 0.01, "bf16": False, "progress": False, "ema": 0.9, **changes})


def same(one: nn.Module, other: nn.Module) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True))


@pytest.mark.parametrize("stop", [1, 13, 29])
def test_stopped_and_gone_on_is_as_never_stopped(tmp_path, stop):
    straight = fit(net(), batch_at, loss, options())
    kept = tmp_path / "state.pt"
    fit(net(), batch_at, loss, options(checkpoint=kept, stop_after=stop))
    resumed = fit(net(), batch_at, loss, options(checkpoint=kept))
    assert same(straight, resumed)


def test_a_stop_while_writing_leaves_the_last_checkpoint(tmp_path):
    kept = tmp_path / "state.pt"
    fit(net(), batch_at, loss, options(checkpoint=kept, stop_after=10))
    kept.with_suffix(".part").write_bytes(b"half a file")
    assert same(fit(net(), batch_at, loss, options(checkpoint=kept)), fit(net(), batch_at, loss, options()))


def test_it_learns():
    trained = fit(net(), batch_at, loss, options(steps=300))
    assert loss(trained, batch_at(999)) < 0.3 * loss(net().eval(), batch_at(999))
    assert not trained.training


def test_logs_for_tensorboard(tmp_path):
    fit(net(), batch_at, loss, options(logdir=tmp_path), check=lambda step: {"uar": 0.5})
    assert list(tmp_path.glob("events*"))


def test_the_rate_rises_then_falls():
    optimizer = torch.optim.SGD(net().parameters(), lr=1.0)
    schedule = warmup_cosine(optimizer, 100, 10)
    rates = []
    for _ in range(100):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    assert rates[0] == pytest.approx(0.01)
    assert max(rates) == pytest.approx(1.0)
    assert rates.index(max(rates)) == 10
    assert rates[-1] < 0.02
    assert all(later <= earlier for earlier, later in zip(rates[10:], rates[11:], strict=False))  # noqa: RUF007


def test_a_warm_up_longer_than_the_training_is_named():
    with pytest.raises(ValueError, match="shorter"):
        warmup_cosine(torch.optim.SGD(net().parameters(), lr=1.0), 10, 10)


def test_the_average_starts_at_once_and_then_follows_slowly():
    model = nn.Linear(1, 1, bias=False)
    nn.init.constant_(model.weight, 0.0)
    average = Average(model, 0.99)
    nn.init.constant_(model.weight, 1.0)
    average.update(model)
    assert average.state["weight"].item() > 0.5
    for _ in range(2000):
        average.update(model)
    nn.init.constant_(model.weight, 2.0)
    average.update(model)
    assert average.state["weight"].item() == pytest.approx(1.01, abs=1e-3)


def test_norms_do_not_decay_and_slow_parts_learn_slowly():
    model = net()
    model[0].lr_scale = 0.1
    groups = {(g["lr"], g["weight_decay"]): len(g["params"]) for g in parameter_groups(model, options())}
    assert groups == {(0.001, 0.05): 1, (0.001, 0.0): 1, (0.01, 0.0): 3, (0.01, 0.05): 1}


def test_batches_made_ahead_by_others_are_the_same(tmp_path):
    here = fit(net(), batch_at, loss, options())
    assert same(here, fit(net(), batch_at, loss, options(workers=2)))
    kept = tmp_path / "state.pt"
    fit(net(), batch_at, loss, options(checkpoint=kept, stop_after=13, workers=2))
    assert same(here, fit(net(), batch_at, loss, options(checkpoint=kept, workers=2)))
