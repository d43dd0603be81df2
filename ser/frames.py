"""A one-dimensional ConvNeXt over what Whisper's encoder hears: its layers every 40 ms, pooled by attention.

After Liu et al. 2022 ("A ConvNet for the 2020s"): depthwise convolution over seven frames, LayerNorm, GELU, layer scale
and stochastic depth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from ser.model import LAYERS, Committee, MemberOutput, statistics
from ser.transformer import WhisperEncoder, encoder_mask


def frames_of(
    outputs: Sequence[Tensor], inside: Tensor | None = None, layers: tuple[int, int] = LAYERS
) -> tuple[Tensor, Tensor]:
    """(batch, 40 ms frames, layers, width) from the encoder's 20 ms outputs, and where they are not padding.

    Each is the mean of two outputs, or of one where the sound ends between them. `inside` (batch, 20 ms frames) is
    False where a clip was padded.
    """
    chosen = torch.stack([output.float() for output in outputs[slice(*layers)]], 2)
    batch, count, depth, width = chosen.shape
    sound = torch.ones(batch, count) if inside is None else inside.float()
    if count % 2:
        chosen, sound = functional.pad(chosen, (0, 0, 0, 0, 0, 1)), functional.pad(sound, (0, 1))
    pairs, each = chosen.view(batch, -1, 2, depth, width), sound.view(batch, -1, 2)
    summed = (pairs * each[..., None, None]).sum(2)
    return summed / each.sum(2).clamp_min(1)[..., None, None], each.sum(2) > 0


@dataclass(frozen=True)
class FrameShape:
    """The size of a network; part of the weights' metadata."""

    layers: int = LAYERS[1] - LAYERS[0]
    width: int = 512
    """Channels of each of Whisper's layers."""
    channels: int = 160
    blocks: int = 3
    drop_path: float = 0.1
    drop: float = 0.3

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


class Block(nn.Module):
    """A block of ConvNeXt over time; `inside` (batch, frames, 1) is 0 where a clip was padded."""

    def __init__(self, channels: int, drop_path: float, scale: float = 0.1) -> None:
        super().__init__()
        self.depthwise = nn.Conv1d(channels, channels, 7, padding=3, groups=channels)
        self.norm = nn.LayerNorm(channels)
        self.widen = nn.Linear(channels, 4 * channels)
        self.narrow = nn.Linear(4 * channels, channels)
        self.scale = nn.Parameter(torch.full((channels,), scale))
        self.drop_path = drop_path

    def forward(self, x: Tensor, inside: Tensor) -> Tensor:
        y = self.depthwise(x.transpose(1, 2)).transpose(1, 2)
        y = self.scale * self.narrow(functional.gelu(self.widen(self.norm(y))))
        if self.training and self.drop_path:
            kept = torch.rand(len(x), 1, 1, device=x.device) >= self.drop_path
            y = y * kept / (1 - self.drop_path)
        return (x + y) * inside


class AttentivePooling(nn.Module):
    """Mean and spread over time, weighted by how much each frame says."""

    def __init__(self, channels: int, hidden: int = 64) -> None:
        super().__init__()
        self.score = nn.Sequential(nn.Linear(channels, hidden), nn.Tanh(), nn.Linear(hidden, channels))

    def forward(self, x: Tensor, inside: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, 2 · channels); and the weight of each frame, averaged over the channels."""
        scores = self.score(x).float().masked_fill(inside == 0, -torch.inf)
        weight = scores.softmax(1)
        mean = (weight * x).sum(1)
        spread = ((weight * (x - mean[:, None]).square()).sum(1) + 1e-4).sqrt()
        return torch.cat([mean, spread], -1), weight.mean(-1)


class FrameNet(nn.Module):
    """Reads (batch, frames, layers, width) as Whisper's encoder gives them."""

    def __init__(self, shape: FrameShape, classes: int, plane: bool = False) -> None:
        super().__init__()
        self.shape = shape
        self.middle: Tensor
        self.spread: Tensor
        self.register_buffer("middle", torch.zeros(shape.layers, shape.width))
        self.register_buffer("spread", torch.ones(shape.layers, shape.width))
        self.mix = nn.Parameter(torch.zeros(shape.layers))
        """Logarithms of the layers' shares."""
        self.stem = nn.Linear(shape.layers * shape.width, shape.channels)
        self.norm = nn.LayerNorm(shape.channels)
        rates = torch.linspace(0, shape.drop_path, shape.blocks).tolist()
        self.blocks = nn.ModuleList(Block(shape.channels, rate) for rate in rates)
        self.pool = AttentivePooling(shape.channels)
        self.after = nn.LayerNorm(2 * shape.channels)
        self.drop = nn.Dropout(shape.drop)
        self.out = nn.Linear(2 * shape.channels, classes)
        self.plane = nn.Linear(2 * shape.channels, 2) if plane else None

    def forward(self, frames: Tensor, inside: Tensor | None = None) -> MemberOutput:
        """`inside` (batch, frames) is False where a clip was padded."""
        mask = torch.ones(frames.shape[:2], device=frames.device) if inside is None else inside.float()
        x = self.local(frames, mask[..., None])
        pooled, _ = self.pool(x, mask[..., None])
        return self.answer(pooled)

    def answer(self, pooled: Tensor) -> MemberOutput:
        """What the heads say to (batch, 2 · channels), as `pool` gives them."""
        embedding = self.after(pooled)
        dropped = self.drop(embedding)
        plane = self.plane(dropped).tanh() if self.plane else None
        return MemberOutput(self.out(dropped), embedding, plane=plane)

    @property
    def reach(self) -> int:
        """How many frames to either side `local` uses for one."""
        return 3 * len(self.blocks)

    def local(self, frames: Tensor, inside: Tensor) -> Tensor:
        """(batch, frames, channels), before the pooling."""
        # Standardising and mixing the layers are one linear step with the stem, on a third of the memory.
        gain = ((self.mix.softmax(0) * self.shape.layers)[:, None] / self.spread).flatten()
        weight = self.stem.weight * gain
        bias = self.stem.bias - weight @ self.middle.flatten()
        x = self.norm(functional.linear(frames.flatten(2), weight, bias)) * inside
        for block in self.blocks:
            x = block(x, inside)
        return x


class FramesClassifier(nn.Module):
    """Whisper's encoder with several networks over its frames, and a committee over their statistics.

    The committee makes other errors than the ConvNeXt; its statistics also tell how unusual a recording is.
    """

    def __init__(self, encoder: WhisperEncoder, nets: Iterable[FrameNet], committee: Committee, share: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.nets = nn.ModuleList(nets)
        self.committee = committee
        self.share = share
        """The weight of the ConvNeXt; the committee has the rest."""

    def forward(self, mel: Tensor, mask: Tensor | None = None) -> MemberOutput:
        """`mask` (batch, 10 ms frames) is False where a clip was padded."""
        outputs, inside = self.encoder(mel, mask), None if mask is None else encoder_mask(mask)
        ours = self.convnext(*frames_of(outputs, inside))
        other = self.committee(statistics(outputs[slice(*LAYERS)], inside))
        logits = self.share * ours.logits + (1 - self.share) * other.logits
        return ours._replace(logits=logits, standard=other.standard)

    def convnext(self, frames: Tensor, inside: Tensor | None = None) -> MemberOutput:
        """The mean log-scores of the networks over frames."""
        each: list[MemberOutput] = [net(frames, inside) for net in self.nets]
        planes = [output.plane for output in each if output.plane is not None]
        logits = torch.stack([output.logits.log_softmax(-1) for output in each]).mean(0)
        return each[0]._replace(logits=logits, plane=torch.stack(planes).mean(0) if planes else None)
