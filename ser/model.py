"""The two ears: a ConvNeXt (or another timm network) on mel images, and a speech transformer with a small head."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from learning.vision import timm

TIMM_NAMES: dict[str, str] = {
    **{f"convnext_{size}": f"convnext_{size}" for size in ("atto", "femto", "pico", "nano", "tiny", "small", "base")},
    "convnext_large": "convnext_large",
    "resnet18": "resnet18",
    "efficientnet_b0": "efficientnet_b0",
    "vit_b_16": "vit_base_patch16_224",
}


LAYERS = (1, 6)
"""Which of Whisper-base's six layers are used: the second to the last."""


class Heard(NamedTuple):
    """What a model makes of a batch of clips."""

    logits: Tensor
    embedding: Tensor
    """One vector a clip, before the last layer: what `ser.personal` keeps of an entry in place of its sound."""
    standard: Tensor | None = None
    """What was heard, standardised by the training clips: what `ser.strangeness` judges."""


class MelNet(nn.Module):
    """An image network of timm's on a mel image, pooled over the part that holds sound."""

    def __init__(self, name: str, classes: int, pretrained: bool = False, drop_path: float = 0.0) -> None:
        super().__init__()
        self.backbone = create_backbone(name, pretrained, drop_path)
        self.name = name
        self.norm = nn.LayerNorm(self.backbone.num_features)
        self.head = nn.Linear(self.backbone.num_features, classes)

    def forward(self, image: Tensor, frames: Tensor | None = None) -> Heard:
        """`image` is (batch, 1, mels, frames); `frames` counts those that are sound, not padding."""
        embedding = self.norm(self.pool(self.backbone.forward_features(image), image.shape[-1], frames))
        return Heard(self.head(embedding), embedding)

    def pool(self, maps: Tensor, width: int, frames: Tensor | None) -> Tensor:
        if maps.ndim == 3:  # a ViT's tokens: the class token first
            return self.backbone.forward_head(maps, pre_logits=True)
        # Padding must not thin out what was heard in a short clip.
        over_time = maps.mean(2)
        if frames is None:
            return over_time.mean(-1)
        columns = torch.arange(over_time.shape[-1], device=maps.device) * (width / over_time.shape[-1])
        inside = (columns[None] < frames[:, None]).to(over_time.dtype)[:, None]
        return (over_time * inside).sum(-1) / inside.sum(-1)


def create_backbone(name: str, pretrained: bool = False, drop_path: float = 0.0) -> nn.Module:
    if name not in TIMM_NAMES:
        raise ValueError(f"There is no model {name!r}; choose one of {', '.join(TIMM_NAMES)}.")
    extra = {"dynamic_img_size": True} if name.startswith("vit") else {}
    if drop_path:
        extra["drop_path_rate"] = drop_path
    return timm.create_model(TIMM_NAMES[name], pretrained=pretrained, in_chans=1, num_classes=0, **extra)


class StatisticsHead(nn.Module):
    """Mean and spread over time of several layers → two small layers.

    Chosen over learned layer weights with attentive pooling, which had learnt far less after the same minutes on a CPU
    (ser/MODEL_CARD.md, "What was tried").
    """

    def __init__(self, layers: int, width: int, classes: int, hidden: int = 256, drop: float = 0.5) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(layers, 2 * width))
        self.register_buffer("spread", torch.ones(layers, 2 * width))
        self.drop_in = nn.Dropout(drop)
        self.narrow = nn.Linear(layers * 2 * width, hidden)
        self.norm = nn.LayerNorm(hidden)
        self.drop = nn.Dropout(0.3)
        self.out = nn.Linear(hidden, classes)

    def standardise(self, statistics: Tensor) -> None:
        """Take mean and spread from the training clips: (clips, layers, 2 · width)."""
        self.mean.copy_(statistics.mean(0))
        self.spread.copy_(statistics.std(0) + 1e-3)

    def even(self, statistics: Tensor) -> Tensor:
        """(clips, features) by the mean and spread of the training clips."""
        # Noise or a strange room can throw single features far off; six spreads are as odd as odd can be.
        return ((statistics.float() - self.mean) / self.spread).clamp(-6, 6).flatten(1)

    def forward(self, statistics: Tensor) -> Heard:
        even = self.even(statistics)
        embedding = functional.gelu(self.norm(self.narrow(self.drop_in(even))))
        return Heard(self.out(self.drop(embedding)), embedding, even)


class Committee(nn.Module):
    """Several heads, trained from different seeds, with one mean opinion."""

    def __init__(self, heads: Iterable[StatisticsHead]) -> None:
        super().__init__()
        self.heads = nn.ModuleList(heads)

    def forward(self, statistics: Tensor) -> Heard:
        heard = [head(statistics) for head in self.heads]
        return Heard(torch.stack([h.logits.log_softmax(-1) for h in heard]).mean(0), *heard[0][1:])


class Listener(nn.Module):
    """A speech transformer with its head or committee: frames in, logits out."""

    def __init__(self, encoder: nn.Module, head: nn.Module, layers: tuple[int, int] = LAYERS) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = head
        self.layers = layers

    def forward(self, sound: Tensor, valid: Tensor | None = None) -> Heard:
        return self.head(statistics(self.encoder(sound, valid)[slice(*self.layers)], valid))


def statistics(outputs: list[Tensor], valid: Tensor | None = None) -> Tensor:
    """Mean and standard deviation over time of each layer: (batch, layers, 2 · width)."""
    frames = torch.stack([output.float() for output in outputs], 1)
    if valid is None:
        return torch.cat([frames.mean(2), frames.std(2)], -1)
    inside = valid[:, None, :, None].float()
    count = inside.sum(2)
    mean = (frames * inside).sum(2) / count
    square = ((frames - mean[:, :, None]).square() * inside).sum(2)
    return torch.cat([mean, (square / (count - 1).clamp_min(1) + 1e-8).sqrt()], -1)
