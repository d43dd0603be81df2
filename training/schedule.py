"""How fast a model learns over time: a linear warm-up, then half a cosine; and the slow average of its weights."""

from __future__ import annotations

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, LRScheduler, SequentialLR


def warmup_cosine(optimizer: Optimizer, steps: int, warmup: int, floor: float = 0.01) -> LRScheduler:
    """From `floor` of the learning rate up to all of it, and down to `floor` again at the last step."""
    if not 0 < warmup < steps:
        raise ValueError(f"the warm-up ({warmup} steps) must be shorter than the training ({steps} steps)")
    up = LinearLR(optimizer, floor, 1.0, warmup)
    # A cosine falls to the smallest rate of each group; torch takes one number for all groups.
    highest = max(group["initial_lr"] for group in optimizer.param_groups)
    down = CosineAnnealingLR(optimizer, steps - warmup, eta_min=floor * highest)
    return SequentialLR(optimizer, [up, down], [warmup])


def warmup_constant(optimizer: Optimizer, steps: int, warmup: int, floor: float = 0.01) -> LRScheduler:
    """The same warm-up, then all of the learning rate to the end: what a schedule is measured against."""
    if not 0 < warmup < steps:
        raise ValueError(f"the warm-up ({warmup} steps) must be shorter than the training ({steps} steps)")
    return LinearLR(optimizer, floor, 1.0, warmup)


class Average:
    """Exponential moving average of a model's weights: what is measured and shipped.

    The decay grows from 0 towards its final value, so that a short training does not keep its random beginning.
    """

    def __init__(self, model: nn.Module, decay: float = 0.998) -> None:
        self.decay = decay
        self.steps = 0
        self.state = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        self.steps += 1
        keep = min(self.decay, (1 + self.steps) / (10 + self.steps))
        now = model.state_dict()
        numbers = [name for name, mine in self.state.items() if mine.is_floating_point()]
        # All at once: one by one, a GPU waits longer for the calls than it computes.
        torch._foreach_lerp_([self.state[name] for name in numbers], [now[name] for name in numbers], 1 - keep)
        for name in self.state.keys() - set(numbers):
            self.state[name].copy_(now[name])

    def copy_to(self, model: nn.Module) -> None:
        model.load_state_dict(self.state)
