"""The text classifier: a small multilingual transformer with its tokenizer, from one file each.

Labels, calibration and the words that it knows are part of the file of weights, which also names its tokenizer.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

import settings
from emotions import EMOTIONS
from inference import weights as weights_on_disk
from inference.calibration import softmax
from inference.processor import has_bfloat16
from inference.weights import WeightsError
from words.transformer import PADDING, Shape, Transformer

WEIGHTS = settings.ASSETS / "weights" / "words" / "words.safetensors"
FREE_WEIGHTS = WEIGHTS.with_name("words_free.safetensors")
"""Trained only on lines that are free to use (`python -m training.words.train --free`)."""
MOOD = "mood"
"""The head with a logit for each of the seven; the others know finer labels."""
_BATCH = 2048
"""Pieces that go through the network at once, filling included."""


@dataclass(frozen=True)
class WordsModel:
    """A trained transformer with its tokenizer and metadata."""

    net: Transformer
    tokenizer: Tokenizer
    known: np.ndarray
    """Sorted CRC-32 of the English words that occur in the training lines or are common, uint32."""
    meta: dict[str, Any]

    @property
    def name(self) -> str:
        """Name and version, as readings store them."""
        return f"{self.meta['name']} {self.meta['version']}"

    def logits(self, parts: Sequence[np.ndarray]) -> np.ndarray:
        """(parts, seven) of texts as numbers of pieces, before offsets and temperature."""
        return self.outputs(parts)[MOOD]

    def outputs(self, parts: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
        """(parts, labels) logits of each head."""
        found = {head: np.zeros((len(parts), self.net.labels(head)), np.float32) for head in self.net.heads}
        lengths = np.array([len(part) for part in parts])
        with torch.inference_mode():
            for rows in _batches(lengths):
                for head, logits in self.net(filled([parts[row] for row in rows])).items():
                    found[head][rows] = logits.float().numpy()
        return found

    def scores(self, logits: np.ndarray, korean: np.ndarray) -> np.ndarray:
        """Calibrated scores where each mood is equally frequent; `korean` is the share of Korean in each text."""
        return calibrated(logits, korean, self.meta["calibration"])

    def for_reading(self) -> WordsModel:
        """The model as the app uses it: in bfloat16 where the processor has that, which it converts in place."""
        return replace(self, net=self.net.bfloat16()) if has_bfloat16() else self

    def knows(self, word: str) -> bool:
        """Whether a word in lower case is one of the known English words."""
        key = np.uint32(zlib.crc32(word.encode()))
        place = int(np.searchsorted(self.known, key))
        return place < len(self.known) and bool(self.known[place] == key)


def _batches(lengths: np.ndarray) -> list[np.ndarray]:
    """Rows of about the same length, so that little is filled in."""
    order, found, start = np.argsort(lengths, kind="stable"), [], 0
    for end in range(1, len(order) + 1):
        if end == len(order) or (end + 1 - start) * lengths[order[end]] > _BATCH:
            found.append(order[start:end])
            start = end
    return found


def filled(parts: Sequence[np.ndarray]) -> torch.Tensor:
    """(parts, longest): shorter ones filled up with padding."""
    out = np.full((len(parts), max(map(len, parts))), PADDING, np.int64)
    for row, part in enumerate(parts):
        out[row, : len(part)] = part
    return torch.from_numpy(out)


def calibrated(logits: np.ndarray, korean: np.ndarray, calibration: Mapping[str, Mapping[str, Any]]) -> np.ndarray:
    """Scores by the offsets and temperature of each language; a mixed text gets values between the two."""
    english, other = calibration["en"], calibration["ko"]
    korean = np.asarray(korean, np.float64)[:, None]
    offsets = (1 - korean) * np.array(english["offsets"]) + korean * np.array(other["offsets"])
    temperature = (1 - korean) * english["temperature"] + korean * other["temperature"]
    return softmax((logits + offsets) / temperature)


def tokenizer_file(weights: Path) -> Path:
    """The tokenizer that lies beside a file of weights."""
    return weights.with_suffix(".tokenizer.json")


def save(model: WordsModel, path: Path) -> None:
    """Writes the weights as int8 with one scale a row, and the tokenizer beside them."""
    text = model.tokenizer.to_str()
    state = dict(model.net.state_dict())
    state["known_words"] = torch.from_numpy(model.known.view(np.int32))
    shape = model.net.shape.as_meta()
    heads = {name: model.net.labels(name) for name in model.net.heads}
    meta = model.meta | {"shape": shape, "heads": heads, "tokenizer": _digest(text)}
    weights_on_disk.save(path, state, meta, storage="int8")
    tokenizer_file(path).write_text(text, encoding="utf-8")


def load(path: Path = WEIGHTS) -> WordsModel:
    """The model of a file and of the tokenizer beside it, in evaluation mode."""
    state, meta = weights_on_disk.load(path)
    if meta["labels"] != list(EMOTIONS):
        raise WeightsError(f"{path} knows {meta['labels']}; Haru needs {list(EMOTIONS)}.")
    if "tokenizer" not in meta:
        raise WeightsError(f"{path} is of an older version of Haru, without a tokenizer; train it again.")
    net = Transformer(Shape(**meta["shape"]), meta["heads"])
    known = state.pop("known_words").numpy().view(np.uint32)
    net.load_state_dict(state)
    return WordsModel(net.eval(), _read_tokenizer(path, meta["tokenizer"]), known, meta)


def _read_tokenizer(weights: Path, digest: str) -> Tokenizer:
    file = tokenizer_file(weights)
    if not file.is_file():
        raise WeightsError(f"The weights {weights} need their tokenizer {file}, which is missing; restore both files.")
    text = file.read_text(encoding="utf-8", errors="replace")
    if _digest(text) != digest:
        raise WeightsError(
            f"The tokenizer {file} does not belong to the weights {weights}; copy both from one training."
        )
    return Tokenizer.from_str(text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
