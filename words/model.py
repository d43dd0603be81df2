"""The text classifier: the weighted sum of one small vector for each feature, then a hidden layer and the seven logits.

Labels, vocabulary (as CRC-32 keys), normalisation, offsets and temperature are part of the model and its weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

import settings
from emotions import EMOTIONS
from inference import weights as weights_on_disk
from inference.calibration import softmax
from words.features import BLOCKS, Features

WEIGHTS = settings.ASSETS / "weights" / "words" / "words.safetensors"

LEXICON_WEIGHT = 0.35
"""The weight of one hit of the lexicon, where all words of a text have 1; at most three hits of a kind count."""


@dataclass(frozen=True)
class Vocabulary:
    """The features that the model knows."""

    keys: np.ndarray
    """Sorted CRC-32, uint32."""
    rarity: np.ndarray
    """Logarithm of inverse document frequency of each."""

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, keys: np.ndarray) -> np.ndarray:
        """The row of each key; -1 for an unknown one."""
        rows = np.searchsorted(self.keys, keys)
        rows[rows == len(self.keys)] = 0
        return np.where(self.keys[rows] == keys, rows, -1)

    def weigh(self, keys: np.ndarray, blocks: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The distinct known rows of a text's features, their weights, and the row of each feature (-1 if unknown).

        Words and letters are tf-idf vectors of length one each, so that the length of a note has no influence.
        """
        each = self.find(keys)
        known = each >= 0
        rows, place, counts = np.unique(each[known], return_inverse=True, return_counts=True)
        block = np.zeros(len(rows), np.uint8)
        block[place] = blocks[known]
        values = (1 + np.log(counts, dtype=np.float32)) * self.rarity[rows]
        for number, name in enumerate(BLOCKS):
            here = block == number
            if name == "lexicon":
                values[here] = LEXICON_WEIGHT * np.minimum(counts[here], 3)
            elif here.any():
                values[here] /= np.linalg.norm(values[here])
        return rows, values.astype(np.float32), each


class Bag(nn.Module):
    """An embedding bag; its sum goes through a linear layer and a hidden layer in parallel."""

    def __init__(self, pieces: int, width: int = 24, hidden: int = 64, dropout: float = 0.3) -> None:
        super().__init__()
        self.pieces = nn.Embedding(pieces, width, sparse=True)
        self.straight = nn.Linear(width, len(EMOTIONS))
        self.hidden = nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Dropout(dropout))
        self.bent = nn.Linear(hidden, len(EMOTIONS), bias=False)
        nn.init.normal_(self.pieces.weight, 0, 0.05)
        nn.init.zeros_(self.bent.weight)

    def pool(self, rows: Tensor, starts: Tensor, values: Tensor) -> Tensor:
        """(texts, width): the weighted sum of the vectors of each text, which begins at its start."""
        return nn.functional.embedding_bag(
            rows, self.pieces.weight, starts, mode="sum", per_sample_weights=values, sparse=self.training
        )

    def classify(self, pooled: Tensor) -> Tensor:
        """(texts, seven): the logits."""
        return self.straight(pooled) + self.bent(self.hidden(pooled))


@dataclass(frozen=True)
class WordsModel:
    """A trained bag with its vocabulary and metadata."""

    bag: Bag
    vocabulary: Vocabulary
    meta: dict[str, Any]

    @property
    def name(self) -> str:
        """Name and version, as readings store them."""
        return f"{self.meta['name']} {self.meta['version']}"

    def logits(self, texts: list[Features]) -> np.ndarray:
        """(texts, seven), before offsets and temperature."""
        weighed = [self.vocabulary.weigh(text.keys, text.blocks)[:2] for text in texts]
        starts = np.cumsum([0, *(len(rows) for rows, _ in weighed)])[:-1]
        with torch.inference_mode():
            pooled = self.bag.pool(
                torch.from_numpy(np.concatenate([rows for rows, _ in weighed]).astype(np.int64)),
                torch.from_numpy(starts.astype(np.int64)),
                torch.from_numpy(np.concatenate([values for _, values in weighed])),
            )
            return self.bag.classify(pooled).numpy()

    def scores(self, logits: np.ndarray, korean: np.ndarray) -> np.ndarray:
        """Calibrated scores; `korean` is the share of Korean in each text."""
        return calibrated(logits, korean, self.meta["calibration"])

    def temperature(self, korean: float) -> float:
        """The temperature of a text with this share of Korean."""
        english, other = (self.meta["calibration"][language]["temperature"] for language in ("en", "ko"))
        return float((1 - korean) * english + korean * other)


def calibrated(logits: np.ndarray, korean: np.ndarray, calibration: dict[str, dict[str, Any]]) -> np.ndarray:
    """Scores by the offsets and temperature of each language; a mixed text gets values between the two."""
    english, other = calibration["en"], calibration["ko"]
    korean = np.asarray(korean, np.float64)[:, None]
    offsets = (1 - korean) * np.array(english["offsets"]) + korean * np.array(other["offsets"])
    temperature = (1 - korean) * english["temperature"] + korean * other["temperature"]
    return softmax((logits + offsets) / temperature)


def save(model: WordsModel, path: Path) -> None:
    """Writes the vectors as int8 with one scale each, and keys and rarity beside them."""
    state = dict(model.bag.state_dict())
    state["keys"] = torch.from_numpy(model.vocabulary.keys.view(np.int32))
    state["rarity"] = torch.from_numpy(model.vocabulary.rarity).half()
    weights_on_disk.save(path, state, model.meta, storage="int8")


def load(path: Path = WEIGHTS) -> WordsModel:
    """The model of a file, in evaluation mode."""
    state, meta = weights_on_disk.load(path)
    if meta["labels"] != list(EMOTIONS):
        raise weights_on_disk.WeightsError(f"{path} knows {meta['labels']}; Haru needs {list(EMOTIONS)}.")
    keys, rarity = state.pop("keys").numpy().view(np.uint32), state.pop("rarity").numpy()
    bag = Bag(len(keys), meta["width"], meta["hidden"])
    bag.load_state_dict(state)
    return WordsModel(bag.eval(), Vocabulary(keys, rarity), meta)
