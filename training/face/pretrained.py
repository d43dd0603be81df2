"""Starts a member of the face ensemble from pre-trained weights."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor

from fer.model import FaceMember, load_member
from inference import weights


def start_from(member: FaceMember, file: Path) -> None:
    """Loads pre-trained weights (names as in timm or torchvision) into the body, or a whole member of Haru."""
    if not weights.has_haru_metadata(file):
        fill(member, load_file(file), file.name)
        return
    before = load_member(file)
    if before.name != member.name:
        raise ValueError(f"{file.name} is no start for {member.name}: it holds {before.name}.")
    member.load_state_dict(before.state_dict())


def fill(member: FaceMember, state: Mapping[str, Tensor], source: str) -> None:
    """Loads pre-trained weights into the body; colour filters are summed into grey ones."""
    body = member.body.state_dict()
    # In torchvision's files the convolutions are `features.N`; a body here is `features` itself.
    state = {name.removeprefix("features."): tensor for name, tensor in state.items()}
    for name, tensor in state.items():
        if name in body and tensor.ndim == 4 and tensor.shape[1] == 3 and body[name].shape[1] == 1:
            state[name] = tensor.sum(1, keepdim=True)
    # Nothing here uses the number of batches that a normalisation has seen.
    missing = {name for name in body.keys() - state.keys() if not name.endswith("num_batches_tracked")}
    if missing:
        raise ValueError(f"{source} is no start for {member.name}: it lacks {', '.join(sorted(missing)[:3])} …")
    member.body.load_state_dict({name: state.get(name, own) for name, own in body.items()})
