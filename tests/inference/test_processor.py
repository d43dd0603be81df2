"""Only a processor that multiplies bfloat16 itself gets it."""

from __future__ import annotations

import pytest
import torch

from inference import processor
from tests.words.conftest import tiny_model


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"avx512_bf16": True}, True),
        ({"amx_bf16": True}, True),
        ({"avx2": True, "avx512_bf16": False}, False),
        ({}, False),
    ],
)
def test_what_the_processor_reports_decides(
    monkeypatch: pytest.MonkeyPatch, found: dict[str, bool], expected: bool
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found)
    processor.has_bfloat16.cache_clear()
    try:
        assert processor.has_bfloat16() is expected
        dtype = torch.bfloat16 if expected else torch.float32
        assert next(tiny_model().for_reading().net.parameters()).dtype == dtype
    finally:
        processor.has_bfloat16.cache_clear()
