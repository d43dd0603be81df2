"""bf16 where the machine computes in it. A processor that only imitates it is far slower with it than in fp32."""

from __future__ import annotations

import torch


def computes_bf16(device: torch.device) -> bool:
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    # Private names of the pinned torch (tests/training/test_precision.py asks for them): no public one tells an
    # AVX-512 processor with bf16 from one without.
    return device.type == "cpu" and (torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def autocast(device: torch.device, wanted: bool = True) -> torch.autocast:
    return torch.autocast(device.type, torch.bfloat16, enabled=wanted and computes_bf16(device))
