"""Shortens the vocabulary of multilingual-e5-small to Korean and English.

Of its 250,002 pieces, these stay: all with Hangul, every emoji, every printable ASCII character, and each English or
other piece that the training lines or the commonest English words need. A piece that goes is written as shorter ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import Tensor

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
"""The first four pieces; their numbers are part of the model."""
_KOREAN = re.compile("[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]")
_EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
_LETTER = re.compile("▁?[ -~]")


def needed(full: Tokenizer, texts: Iterable[str], words: Iterable[str], least: int) -> set[int]:
    """The numbers of the pieces to keep: used in `least` texts or more, or in one of the words."""
    counts: Counter[int] = Counter()
    for text in full.encode_batch(list(texts)):
        counts.update(set(text.ids))
    kept = {piece for piece, count in counts.items() if count >= least}
    for word in full.encode_batch(list(words)):
        kept.update(word.ids)
    for piece, number in full.get_vocab().items():
        if piece in SPECIAL or _KOREAN.search(piece) or _EMOJI.search(piece) or _LETTER.fullmatch(piece):
            kept.add(number)
    return kept


def tokenizer_of(pieces: list[tuple[str, float]]) -> Tokenizer:
    """A tokenizer of these pieces with their scores; e5's own rules around them."""
    made = Tokenizer(models.Unigram(pieces, unk_id=SPECIAL.index("<unk>"), byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return made


def shorten(full: Tokenizer, scores: dict[str, float], kept: set[int]) -> tuple[Tokenizer, np.ndarray]:
    """The tokenizer of the kept pieces, and the row of the full embedding that each one has."""
    numbers = full.get_vocab()
    names = {number: piece for piece, number in numbers.items()}
    first = [numbers[piece] for piece in SPECIAL]
    order = first + sorted(kept - set(first))
    return tokenizer_of([(names[number], scores[names[number]]) for number in order]), np.array(order)


def start(weights: Path, order: np.ndarray) -> dict[str, Tensor]:
    """The published encoder with only these rows of its embedding."""
    state = {name: tensor.float() for name, tensor in load_file(weights).items()}
    name = "embeddings.word_embeddings.weight"
    state[name] = state[name][torch.from_numpy(order)].clone()
    name = "embeddings.token_type_embeddings.weight"
    state[name] = state[name][:1].clone()
    return state
