"""Imports timm and torchvision, also beside a CPU-only build of torch.

PyPI's torchvision is compiled against the CUDA build of torch. Beside a CPU-only torch its compiled
operators cannot be loaded. Then `import torchvision`, and so `import timm`, fails with "operator
torchvision::nms does not exist": it registers Python kernels for operators that were never declared.
Declaring the two is enough, because no model here calls them.

The plain import comes first: where the operators of torchvision load (CUDA builds, macOS), a second declaration
of the same name would be an error.

All model code imports timm and torchvision from this module, never directly.
"""

from __future__ import annotations

import sys

import torch

_OPERATORS = {
    "nms": "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}
_library = torch.library.Library("torchvision", "FRAGMENT")


def _declare_operators() -> None:
    for schema in _OPERATORS.values():
        _library.define(schema)
    # The failed import left half-loaded modules behind; the next import must start from the beginning.
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        del sys.modules[name]


try:
    import torchvision
except RuntimeError as error:
    if "torchvision::nms" not in str(error):
        raise
    _declare_operators()
    import torchvision

import timm  # noqa: E402  (imports torchvision, so it comes after)

__all__ = ["timm", "torchvision"]
