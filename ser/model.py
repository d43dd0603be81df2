"""The two ears: a ConvNeXt (or another timm network) on mel images, and a speech transformer with a small head."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from inference.vision import timm

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
    """One vector a clip, before the last layer: in place of its sound."""
    standard: Tensor | None = None
    """What was heard, standardised by the training clips: what `ser.novelty` judges."""
    plane: Tensor | None = None
    """Valence and arousal, -1…1, where the model has learnt them."""


class MelNet(nn.Module):
    """An image network of timm's on a mel image, pooled over the part that holds sound."""

    def __init__(
        self, name: str, classes: int, pretrained: bool = False, drop_path: float = 0.0, plane: bool = False
    ) -> None:
        super().__init__()
        self.backbone = create_backbone(name, pretrained, drop_path)
        self.name = name
        self.norm = nn.LayerNorm(self.backbone.num_features)
        self.head = nn.Linear(self.backbone.num_features, classes)
        self.plane = nn.Linear(self.backbone.num_features, 2) if plane else None

    def forward(self, image: Tensor, frames: Tensor | None = None) -> Heard:
        """`image` is (batch, 1, mels, frames); `frames` counts those that are sound, not padding."""
        embedding = self.norm(self.pool(self.backbone.forward_features(image), image.shape[-1], frames))
        return Heard(self.head(embedding), embedding, plane=self.plane(embedding).tanh() if self.plane else None)

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

    def __init__(
        self, layers: int, width: int, classes: int, hidden: int = 256, drop: float = 0.5, plane: bool = False
    ) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(layers, 2 * width))
        self.register_buffer("spread", torch.ones(layers, 2 * width))
        self.drop_in = nn.Dropout(drop)
        self.narrow = nn.Linear(layers * 2 * width, hidden)
        self.norm = nn.LayerNorm(hidden)
        self.drop = nn.Dropout(0.3)
        self.out = nn.Linear(hidden, classes)
        self.plane = nn.Linear(hidden, 2) if plane else None

    @classmethod
    def like(cls, state: Mapping[str, Tensor], prefix: str) -> StatisticsHead:
        """A head of the shape of trained weights."""
        layers, width = state[f"{prefix}mean"].shape
        classes, hidden = state[f"{prefix}out.weight"].shape
        return cls(layers, width // 2, classes, hidden, plane=f"{prefix}plane.weight" in state)

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
        dropped = self.drop(embedding)
        plane = self.plane(dropped).tanh() if self.plane else None
        return Heard(self.out(dropped), embedding, even, plane)


class Committee(nn.Module):
    """Several heads, trained from different seeds, with one mean opinion."""

    def __init__(self, heads: Iterable[StatisticsHead]) -> None:
        super().__init__()
        self.heads = nn.ModuleList(heads)

    def forward(self, statistics: Tensor) -> Heard:
        heard = [head(statistics) for head in self.heads]
        planes = [one.plane for one in heard if one.plane is not None]
        logits = torch.stack([one.logits.log_softmax(-1) for one in heard]).mean(0)
        return heard[0]._replace(logits=logits, plane=torch.stack(planes).mean(0) if planes else None)


class Listener(nn.Module):
    """A speech transformer with its head or committee: what its encoder takes in, logits out."""

    def __init__(self, encoder: nn.Module, head: nn.Module, layers: tuple[int, int] = LAYERS) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = head
        self.layers = layers

    def forward(self, sound: Tensor, inside: Tensor | None = None, valid: Tensor | None = None) -> Heard:
        """`inside` says what of the input is sound, `valid` which of the encoder's frames are; padding is neither."""
        valid = inside if valid is None else valid
        return self.head(statistics(self.encoder(sound, inside)[slice(*self.layers)], valid))


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
