"""A shortened vocabulary writes what it must with whole pieces and the rest with shorter ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from training.words.shorten import SPECIAL, needed, shorten, start, tokenizer_of

PIECES = [
    *SPECIAL, "▁", "▁happy", "▁ha", "ppy", "▁행복", "해", "▁Glück", "▁Gl", "ü", "ck", "😊", *"acdhklpyG",
]  # fmt: skip
SCORES = {piece: -float(len(PIECES) - len(piece)) for piece in PIECES}


def test_it_keeps_korean_emoji_letters_and_what_is_used() -> None:
    full = tokenizer_of(list(SCORES.items()))
    kept = needed(full, ["happy", "happy"], words=["day"], least=2)
    short, order = shorten(full, SCORES, kept)
    names = set(short.get_vocab())
    assert {"▁happy", "▁행복", "해", "😊", *SPECIAL} <= names
    assert not {"▁Glück", "▁Gl", "ü"} & names
    assert [short.id_to_token(number) for number in range(4)] == list(SPECIAL)
    assert short.encode("happy 행복해 😊").tokens[1:-1] == ["▁happy", "▁행복", "해", "▁", "😊"]
    assert short.encode("Glück").tokens != full.encode("Glück").tokens
    assert [full.id_to_token(int(number)) for number in order] == [short.id_to_token(n) for n in range(len(order))]


def test_the_encoder_starts_with_the_rows_of_the_kept_pieces(tmp_path: Path) -> None:
    rows = torch.arange(40.0).view(20, 2).half()
    save_file(
        {"embeddings.word_embeddings.weight": rows, "embeddings.token_type_embeddings.weight": torch.ones(2, 2).half()},
        tmp_path / "e5.safetensors",
    )
    found = start(tmp_path / "e5.safetensors", np.array([0, 3, 19]))
    assert found["embeddings.word_embeddings.weight"].tolist() == [[0, 1], [6, 7], [38, 39]]
    assert found["embeddings.token_type_embeddings.weight"].shape == (1, 2)
