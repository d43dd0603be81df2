"""The average of two trainings lies between them."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from tests.words.conftest import tiny_model
from training.words.average import average
from training.words.shorten import SPECIAL, tokenizer_of
from words.model import MOOD, WordsModel
from words.parts import encode


def _trained(value: float) -> WordsModel:
    """A model whose mood head adds this number."""
    found = tiny_model()
    with torch.no_grad():
        found.net.get_parameter(f"heads.{MOOD}.bias").fill_(value)
    return replace(found, meta=found.meta | {"source_offsets": {"events_ko": [value] * 7}})


def test_the_average_lies_where_the_share_says() -> None:
    first, second = _trained(0.0), _trained(4.0)
    between = average(first, second, 0.25)
    pieces = encode(first.tokenizer, ["went home sad"])
    assert between.logits(pieces) - first.logits(pieces) == pytest.approx(1.0, abs=1e-5)
    assert between.meta["source_offsets"]["events_ko"] == pytest.approx([1.0] * 7)
    assert first.net.get_parameter(f"heads.{MOOD}.bias")[0] == 0.0  # its own weights stay


def test_models_of_two_tokenizers_are_not_averaged() -> None:
    other = replace(_trained(1.0), tokenizer=tokenizer_of([(piece, -1.0) for piece in (*SPECIAL, "▁", "a")]))
    with pytest.raises(ValueError, match="different tokenizers"):
        average(_trained(0.0), other, 0.5)
