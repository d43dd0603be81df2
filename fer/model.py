"""The four members that were asked for: ResNet50, VGG16, Xception and AlexNet, each with a small head."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from fer.features import FRAMING
from fer.labels import EIGHT
from inference import weights
from inference.vision import timm, torchvision


@dataclass(frozen=True)
class Kind:
    """What is particular to one architecture."""

    size: int
    """Side of its input: 48 pixels of face, spread so that the last maps are at least 3×3. A training may end on
    another; what counts is then in the weights' metadata."""
    width: int
    """Channels of its last maps."""
    body: Callable[[bool], nn.Module]
    """Makes the convolutional part for grey pictures, with ImageNet weights from the internet or without."""
    half: str
    """The first part (by name) of the upper half; everything before it may stay frozen."""
    look: str
    """The part whose maps the heat map is made of: late, yet at least 6×6."""


class Member(nn.Module):
    """A convolutional body, global pooling, dropout, one matrix: eight logits.

    Global pooling in place of VGG's and AlexNet's own classifiers (119 and 54 million parameters): nothing to
    overfit with, and any input size works.
    """

    def __init__(
        self, name: str, classes: int, pretrained: bool = False, drop: float = 0.4, kind: Kind | None = None
    ) -> None:
        super().__init__()
        self.name = name
        self.kind = kind or kind_of(name)
        self.size = self.kind.size
        self.body = self.kind.body(pretrained)
        self.drop = nn.Dropout(drop)
        self.head = nn.Linear(self.kind.width, classes)
        nn.init.normal_(self.head.weight, std=0.01)
        nn.init.zeros_(self.head.bias)

    def maps(self, faces: Tensor) -> Tensor:
        """(batch, 1, side, side) → (batch, width, few, few)."""
        return self.body.forward_features(faces) if hasattr(self.body, "forward_features") else self.body(faces)

    def forward(self, faces: Tensor) -> Tensor:
        return self.head(self.drop(self.maps(faces).mean((2, 3))))

    @property
    def seen_through(self) -> nn.Module:
        """The part whose maps the heat map is made of."""
        return self.body.get_submodule(self.kind.look)

    def freeze_lower_half(self, frozen: bool) -> None:
        """Keep the lower half as it was pre-trained (its normalisation too), or let everything learn."""
        lower = True
        for name, part in self.body.named_children():
            lower = lower and name != self.kind.half
            for parameter in part.parameters():
                parameter.requires_grad_(not (frozen and lower))
            if frozen and lower:
                part.eval()


def kind_of(name: str) -> Kind:
    if name not in KINDS:
        raise ValueError(f"There is no member {name!r}; choose one of {', '.join(KINDS)}.")
    return KINDS[name]


def start_from(member: Member, file: Path) -> None:
    """Pre-trained weights (names as in timm or torchvision) into the body, colour filters summed into grey ones; or
    a whole member that was shipped before, head and all, to be taught further."""
    if not weights.are_of_haru(file):
        fill(member, load_file(file), file.name)
        return
    before = load_member(file)
    if before.name != member.name:
        raise ValueError(f"{file.name} is no start for {member.name}: it holds {before.name}.")
    member.load_state_dict(before.state_dict())


def fill(member: Member, state: Mapping[str, Tensor], source: str) -> None:
    """As `start_from`, with the weights in memory."""
    wanted = member.body.state_dict()
    # torchvision files call the convolutions `features.N`; bodies here are those `features` themselves.
    state = {name.removeprefix("features."): tensor for name, tensor in state.items()}
    for name, tensor in state.items():
        if name in wanted and tensor.ndim == 4 and tensor.shape[1] == 3 and wanted[name].shape[1] == 1:
            state[name] = tensor.sum(1, keepdim=True)
    # How many batches a normalisation has seen is a count nobody here asks for.
    missing = {name for name in wanted.keys() - state.keys() if not name.endswith("num_batches_tracked")}
    if missing:
        raise ValueError(f"{source} is no start for {member.name}: it lacks {', '.join(sorted(missing)[:3])} …")
    member.body.load_state_dict({name: state.get(name, own) for name, own in wanted.items()})


def save_member(member: Member, path: Path, meta: Mapping[str, Any], storage: weights.Storage = "int8") -> None:
    """Everything a user of the weights must know goes into the file with them."""
    facts = {"member": member.name, "size": member.size, "labels": list(EIGHT), "framing": FRAMING.as_dict(), **meta}
    weights.save(path, member.state_dict(), facts, storage)


def load_member(path: Path) -> Member:
    """A member ready for use: in evaluation mode, and nothing to be learned."""
    state, meta = weights.load(path)
    if tuple(meta["labels"]) != EIGHT or meta["framing"] != FRAMING.as_dict():
        raise weights.WeightsError(f"The weights {path} belong to another version of Haru; restore them from git.")
    member = Member(meta["member"], len(EIGHT))
    member.load_state_dict(state)
    member.size = int(meta["size"])
    return member.eval().requires_grad_(False).to(memory_format=torch.channels_last)


def _of_timm(name: str) -> Callable[[bool], nn.Module]:
    return lambda pretrained: timm.create_model(name, pretrained=pretrained, in_chans=1, num_classes=0)


def _of_torchvision(name: str) -> Callable[[bool], nn.Module]:
    def make(pretrained: bool) -> nn.Module:
        body = getattr(torchvision.models, name)(weights="DEFAULT" if pretrained else None).features
        # The last pooling halves maps that are small already; grey pictures need one channel.
        layers = list(body.children())[:-1]
        first = layers[0]
        grey = nn.Conv2d(1, first.out_channels, first.kernel_size, first.stride, first.padding)
        with torch.no_grad():
            grey.weight.copy_(first.weight.sum(1, keepdim=True))
            grey.bias.copy_(first.bias)
        return nn.Sequential(grey, *layers[1:])

    return make


KINDS: dict[str, Kind] = {
    "resnet50": Kind(96, 2048, _of_timm("resnet50"), half="layer3", look="layer3"),
    "vgg16": Kind(48, 512, _of_torchvision("vgg16"), half="14", look="22"),
    "xception": Kind(96, 2048, _of_timm("legacy_xception"), half="block6", look="block11"),
    "alexnet": Kind(112, 256, _of_torchvision("alexnet"), half="6", look="11"),
}
