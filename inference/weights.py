"""Saves and loads weights as safetensors, with the metadata of the model inside the file.

Never pickle: loading weights must not be able to run code. Matrices may be stored as fp16, or as int8 with one scale
per row (a quarter of the size); they load as fp32.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

Storage = Literal["fp32", "fp16", "int8"]

_SCALE = "::scale"
"""`name::scale` beside an int8 `name` holds one fp32 scale per row."""
_META = "haru"
"""The key of the metadata in the safetensors header."""
REQUIRED = ("name", "version", "labels", "training_data", "licence")
"""Keys that the metadata must have."""


class WeightsError(RuntimeError):
    """A file of weights is missing, damaged or of another kind; the message says what to do."""


def save(path: Path, state: Mapping[str, Tensor], meta: Mapping[str, Any], storage: Storage = "fp16") -> None:
    """Writes weights with their metadata: any JSON, with at least the keys in `REQUIRED`."""
    missing = [key for key in REQUIRED if key not in meta]
    if missing:
        raise ValueError(f"the metadata of {path.name} lacks {', '.join(missing)}")
    tensors: dict[str, Tensor] = {}
    for name, tensor in state.items():
        tensors.update(_stored(name, tensor.detach().cpu().contiguous(), storage))
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata={_META: json.dumps(dict(meta), ensure_ascii=False, sort_keys=True)})


def load(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The weights as fp32 (integers unchanged), and the metadata."""
    meta = read_meta(path)
    with _open(path) as file:
        raw = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  (not a dict)
    state = {name: _restored(name, tensor, raw) for name, tensor in raw.items() if not name.endswith(_SCALE)}
    return state, meta


def read_meta(path: Path) -> dict[str, Any]:
    """The metadata alone, without reading the weights."""
    text = _meta_text(path)
    if text is None:
        raise WeightsError(f"{path} has no metadata of Haru; use a file that one of the trainings wrote.")
    return json.loads(text)


def has_haru_metadata(path: Path) -> bool:
    """Whether `save` wrote this file; False for other safetensors."""
    return _meta_text(path) is not None


def _meta_text(path: Path) -> str | None:
    with _open(path) as file:
        return (file.metadata() or {}).get(_META)


def _open(path: Path):
    if not path.is_file():
        raise WeightsError(f"The weights {path} are missing; restore them with `git checkout -- {path.name}`.")
    try:
        return safe_open(path, "pt")
    except (SafetensorError, OSError) as error:
        raise WeightsError(f"The weights {path} are damaged ({error}); restore them from git.") from error


def _stored(name: str, tensor: Tensor, storage: Storage) -> dict[str, Tensor]:
    if not tensor.is_floating_point() or storage == "fp32":
        return {name: tensor}
    # Matrices alone: a row of other tensors (a table of means) may hold numbers of very different size.
    if storage == "int8" and name.endswith("weight") and tensor.ndim >= 2 and tensor[0].numel() >= 16:
        rows = tensor.float().flatten(1)
        scale = rows.abs().amax(1).clamp_min(1e-12) / 127
        whole = torch.round(rows / scale[:, None]).clamp(-127, 127).to(torch.int8)
        return {name: whole.view(tensor.shape), name + _SCALE: scale}
    # A statistic beyond the range of fp16 (a running variance) stays fp32.
    fits = tensor.abs().max() < torch.finfo(torch.float16).max if tensor.numel() else True
    return {name: tensor.half() if fits else tensor.float()}


def _restored(name: str, tensor: Tensor, raw: Mapping[str, Tensor]) -> Tensor:
    if tensor.dtype == torch.int8 and name + _SCALE in raw:
        scale = raw[name + _SCALE]
        return tensor.float() * scale.view(-1, *[1] * (tensor.ndim - 1))
    return tensor.float() if tensor.is_floating_point() else tensor
