"""The two networks: an image network of timm on mel spectrograms, and a speech transformer with a small head."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

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
"""The layers of Whisper base's six that the heads use: the second to the last."""


class MemberOutput(NamedTuple):
    """The output of a member for a batch of clips."""

    logits: Tensor
    embedding: Tensor
    """One vector for each clip, before the last layer."""
    standard: Tensor | None = None
    """The input of the head, standardised by the training clips; `ser.novelty` measures its distance."""
    plane: Tensor | None = None
    """Valence and arousal, -1 to 1, of models that learnt them."""


class MelNet(nn.Module):
    """An image network of timm on a mel spectrogram, pooled over the frames of sound."""

    def __init__(
        self, name: str, classes: int, pretrained: bool = False, drop_path: float = 0.0, plane: bool = False
    ) -> None:
        super().__init__()
        self.backbone = create_backbone(name, pretrained, drop_path)
        self.name = name
        self.norm = nn.LayerNorm(self.backbone.num_features)
        self.head = nn.Linear(self.backbone.num_features, classes)
        self.plane = nn.Linear(self.backbone.num_features, 2) if plane else None

    def forward(self, image: Tensor, frames: Tensor | None = None) -> MemberOutput:
        """`image` is (batch, 1, mels, frames); `frames` is the number of frames of sound, without padding."""
        embedding = self.norm(self.pool(self.features(image), image.shape[-1], frames))
        return MemberOutput(self.head(embedding), embedding, plane=self.plane(embedding).tanh() if self.plane else None)

    def features(self, image: Tensor) -> Tensor:
        """The maps of the last layer, or the tokens of a vision transformer."""
        return self.backbone.forward_features(image)

    def pool(self, maps: Tensor, width: int, frames: Tensor | None) -> Tensor:
        """One vector for each clip: the mean of the maps over the frames of sound."""
        if maps.ndim == 3:  # a ViT's tokens: the class token first
            return self.backbone.forward_head(maps, pre_logits=True)
        # Padding must not dilute the features of a short clip.
        over_time = maps.mean(2)
        if frames is None:
            return over_time.mean(-1)
        columns = torch.arange(over_time.shape[-1], device=maps.device) * (width / over_time.shape[-1])
        inside = (columns[None] < frames[:, None]).to(over_time.dtype)[:, None]
        return (over_time * inside).sum(-1) / inside.sum(-1)


def create_backbone(name: str, pretrained: bool = False, drop_path: float = 0.0) -> Any:
    """A network of timm for one input channel, without its classifier."""
    if name not in TIMM_NAMES:
        raise ValueError(f"There is no model {name!r}; choose one of {', '.join(TIMM_NAMES)}.")
    extra: dict[str, Any] = {"dynamic_img_size": True} if name.startswith("vit") else {}
    if drop_path:
        extra["drop_path_rate"] = drop_path
    return timm.create_model(TIMM_NAMES[name], pretrained=pretrained, in_chans=1, num_classes=0, **extra)


class StatisticsHead(nn.Module):
    """Classifies the mean and standard deviation over time of several layers, with two small layers.

    Learned layer weights with attentive pooling learnt far less in the same time (ser/MODEL_CARD.md).
    """

    def __init__(
        self, layers: int, width: int, classes: int, hidden: int = 256, drop: float = 0.5, plane: bool = False
    ) -> None:
        super().__init__()
        self.mean: Tensor
        self.spread: Tensor
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
        """A head with the shape of trained weights, before they are loaded."""
        layers, width = state[f"{prefix}mean"].shape
        classes, hidden = state[f"{prefix}out.weight"].shape
        return cls(layers, width // 2, classes, hidden, plane=f"{prefix}plane.weight" in state)

    def fit_standardisation(self, statistics: Tensor) -> None:
        """Sets mean and spread by the training clips: (clips, layers, 2 · width)."""
        self.mean.copy_(statistics.mean(0))
        self.spread.copy_(statistics.std(0) + 1e-3)

    def standardised(self, statistics: Tensor) -> Tensor:
        """(clips, features), standardised by the training clips."""
        # Noise or an unusual room can move single features far; values beyond six spreads say no more.
        return ((statistics.float() - self.mean) / self.spread).clamp(-6, 6).flatten(1)

    def forward(self, statistics: Tensor) -> MemberOutput:
        standardised = self.standardised(statistics)
        embedding = functional.gelu(self.norm(self.narrow(self.drop_in(standardised))))
        dropped = self.drop(embedding)
        plane = self.plane(dropped).tanh() if self.plane else None
        return MemberOutput(self.out(dropped), embedding, standardised, plane)


class Committee(nn.Module):
    """Several heads, trained from different seeds; the logits are their mean log-scores."""

    def __init__(self, heads: Iterable[StatisticsHead]) -> None:
        super().__init__()
        self.heads = nn.ModuleList(heads)

    def forward(self, statistics: Tensor) -> MemberOutput:
        outputs: list[MemberOutput] = [head(statistics) for head in self.heads]
        planes = [output.plane for output in outputs if output.plane is not None]
        logits = torch.stack([output.logits.log_softmax(-1) for output in outputs]).mean(0)
        return outputs[0]._replace(logits=logits, plane=torch.stack(planes).mean(0) if planes else None)


class SpeechClassifier(nn.Module):
    """A speech transformer with its head or committee."""

    def __init__(self, encoder: nn.Module, head: nn.Module, layers: tuple[int, int] = LAYERS) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = head
        self.layers = layers

    def forward(self, sound: Tensor, mask: Tensor | None = None, frame_mask: Tensor | None = None) -> MemberOutput:
        """`mask` is False where the input is padding, `frame_mask` where the frames of the encoder are."""
        frame_mask = mask if frame_mask is None else frame_mask
        return self.head(statistics(self.encoder(sound, mask)[slice(*self.layers)], frame_mask))


def statistics(outputs: list[Tensor], frame_mask: Tensor | None = None) -> Tensor:
    """Mean and standard deviation over time of each layer: (batch, layers, 2 · width)."""
    frames = torch.stack([output.float() for output in outputs], 1)
    if frame_mask is None:
        return torch.cat([frames.mean(2), frames.std(2)], -1)
    inside = frame_mask[:, None, :, None].float()
    count = inside.sum(2)
    mean = (frames * inside).sum(2) / count
    square = ((frames - mean[:, :, None]).square() * inside).sum(2)
    return torch.cat([mean, (square / (count - 1).clamp_min(1) + 1e-8).sqrt()], -1)
