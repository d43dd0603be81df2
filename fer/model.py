"""The members of the face ensemble: ResNet50, VGG16, Xception and AlexNet, each with a small head."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from fer.features import FRAMING
from fer.labels import EIGHT
from inference import weights
from inference.vision import timm, torchvision


@dataclass(frozen=True)
class Architecture:
    """What differs between the architectures."""

    size: int
    """Side of the input: 48 pixels of face, enlarged so that the last maps are at least 3×3. A training may end with
    another size, which is then in the weights' metadata."""
    width: int
    """Channels of the last maps."""
    body: Callable[[bool], nn.Module]
    """Makes the convolutional part for grey pictures; its argument asks for ImageNet weights from the internet."""
    upper_half: str
    """The name of the first part of the upper half; a training may freeze all parts before it."""
    explained: str
    """The name of the part whose maps make the heat map: late, yet at least 6×6."""


class FaceMember(nn.Module):
    """A convolutional body, global pooling, dropout and a linear layer: eight logits.

    Global pooling replaces the classifiers of VGG and AlexNet (119 and 54 million parameters): less to overfit, and
    any input size works.
    """

    def __init__(
        self,
        name: str,
        classes: int,
        pretrained: bool = False,
        drop: float = 0.4,
        architecture: Architecture | None = None,
    ) -> None:
        super().__init__()
        self.name = name
        self.architecture = architecture or architecture_of(name)
        self.size = self.architecture.size
        self.body: Any = self.architecture.body(pretrained)
        self.drop = nn.Dropout(drop)
        self.head = nn.Linear(self.architecture.width, classes)
        nn.init.normal_(self.head.weight, std=0.01)
        nn.init.zeros_(self.head.bias)

    def maps(self, faces: Tensor) -> Tensor:
        """(batch, 1, side, side) → (batch, width, few, few)."""
        return self.body.forward_features(faces) if hasattr(self.body, "forward_features") else self.body(faces)

    def forward(self, faces: Tensor) -> Tensor:
        return self.head(self.drop(self.maps(faces).mean((2, 3))))

    @property
    def explained_layer(self) -> nn.Module:
        """The part whose maps make the heat map."""
        return self.body.get_submodule(self.architecture.explained)

    def freeze_lower_half(self, frozen: bool) -> None:
        """Freezes the pre-trained lower half with its normalisation, or makes all parts trainable."""
        lower = True
        for name, part in self.body.named_children():
            lower = lower and name != self.architecture.upper_half
            for parameter in part.parameters():
                parameter.requires_grad_(not (frozen and lower))
            if frozen and lower:
                part.eval()


def architecture_of(name: str) -> Architecture:
    """The architecture of this name; raises `ValueError` with the known names."""
    if name not in ARCHITECTURES:
        raise ValueError(f"There is no member {name!r}; choose one of {', '.join(ARCHITECTURES)}.")
    return ARCHITECTURES[name]


def save_member(member: FaceMember, path: Path, meta: Mapping[str, Any], storage: weights.Storage = "int8") -> None:
    """Writes a member with its metadata; `meta` adds to it or replaces keys."""
    facts = {"member": member.name, "size": member.size, "labels": list(EIGHT), "framing": FRAMING.as_dict(), **meta}
    weights.save(path, member.state_dict(), facts, storage)


def load_member(path: Path) -> FaceMember:
    """The member of a file, in evaluation mode and with frozen parameters."""
    state, meta = weights.load(path)
    if tuple(meta["labels"]) != EIGHT or meta["framing"] != FRAMING.as_dict():
        raise weights.WeightsError(f"The weights {path} belong to another version of Haru; restore them from git.")
    member = FaceMember(meta["member"], len(EIGHT))
    member.load_state_dict(state)
    member.size = int(meta["size"])
    member.eval().requires_grad_(False)
    return member.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]  (torch documents it)


def _timm_body(name: str) -> Callable[[bool], nn.Module]:
    return lambda pretrained: timm.create_model(name, pretrained=pretrained, in_chans=1, num_classes=0)


def _torchvision_body(name: str) -> Callable[[bool], nn.Module]:
    def make(pretrained: bool) -> nn.Module:
        body = getattr(torchvision.models, name)(weights="DEFAULT" if pretrained else None).features
        # Without the last pooling, which would halve maps that are small already; with one input channel.
        layers = list(body.children())[:-1]
        first = layers[0]
        grey = nn.Conv2d(1, first.out_channels, first.kernel_size, first.stride, first.padding)
        with torch.no_grad():
            grey.weight.copy_(first.weight.sum(1, keepdim=True))
            assert grey.bias is not None
            grey.bias.copy_(first.bias)
        return nn.Sequential(grey, *layers[1:])

    return make


ARCHITECTURES: dict[str, Architecture] = {
    "resnet50": Architecture(96, 2048, _timm_body("resnet50"), upper_half="layer3", explained="layer3"),
    "vgg16": Architecture(48, 512, _torchvision_body("vgg16"), upper_half="14", explained="22"),
    "xception": Architecture(96, 2048, _timm_body("legacy_xception"), upper_half="block6", explained="block11"),
    "alexnet": Architecture(112, 256, _torchvision_body("alexnet"), upper_half="6", explained="11"),
}
