"""The model: each piece of a line has a small vector; their weighted sum goes through one hidden layer to the seven.

Labels, the vocabulary (as CRC-32 keys), normalisation, offsets and temperature travel inside the object and its
weights, so nobody can feed it wrongly.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from emotions import EMOTIONS
from inference import weights as weights_on_disk
from inference.calibration import softmax
from words.features import BLOCKS, Features

WEIGHTS = Path(__file__).resolve().parent.parent / "assets" / "weights" / "words" / "words.safetensors"

LEXICON_WEIGHT = 0.35
"""What one hit of the lexicon weighs where a whole line of words weighs 1; at most three hits of a kind count."""


@dataclass(frozen=True)
class Vocabulary:
    """The pieces that the model knows."""

    keys: np.ndarray
    """Sorted CRC-32, uint32."""
    rarity: np.ndarray
    """Logarithm of inverse document frequency of each."""

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, keys: np.ndarray) -> np.ndarray:
        """Row of each key, -1 where it is not known."""
        rows = np.searchsorted(self.keys, keys)
        rows[rows == len(self.keys)] = 0
        return np.where(self.keys[rows] == keys, rows, -1)

    def weigh(self, keys: np.ndarray, blocks: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of a line's pieces: distinct known rows, their weights, and the row of each piece (-1 where unknown).

        Words and letters are tf-idf of length one each, so that a long entry speaks no louder than a short one.
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
    """Embedding bag with a straight way and a hidden layer side by side."""

    def __init__(self, pieces: int, width: int = 24, hidden: int = 64, dropout: float = 0.3) -> None:
        super().__init__()
        self.pieces = nn.Embedding(pieces, width, sparse=True)
        self.straight = nn.Linear(width, len(EMOTIONS))
        self.hidden = nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Dropout(dropout))
        self.bent = nn.Linear(hidden, len(EMOTIONS), bias=False)
        nn.init.normal_(self.pieces.weight, 0, 0.05)
        nn.init.zeros_(self.bent.weight)

    def pool(self, rows: Tensor, starts: Tensor, values: Tensor) -> Tensor:
        return nn.functional.embedding_bag(
            rows, self.pieces.weight, starts, mode="sum", per_sample_weights=values, sparse=self.training
        )

    def judge(self, pooled: Tensor) -> Tensor:
        """Seven logits of a pooled line."""
        return self.straight(pooled) + self.bent(self.hidden(pooled))


@dataclass(frozen=True)
class WordsModel:
    """A trained bag with everything that belongs to it."""

    bag: Bag
    vocabulary: Vocabulary
    meta: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.meta['name']} {self.meta['version']}"

    def logits(self, lines: list[Features]) -> np.ndarray:
        """lines × 7, before offsets and temperature."""
        weighed = [self.vocabulary.weigh(line.keys, line.blocks)[:2] for line in lines]
        starts = np.cumsum([0, *(len(rows) for rows, _ in weighed)])[:-1]
        with torch.inference_mode():
            pooled = self.bag.pool(
                torch.from_numpy(np.concatenate([rows for rows, _ in weighed]).astype(np.int64)),
                torch.from_numpy(starts.astype(np.int64)),
                torch.from_numpy(np.concatenate([values for _, values in weighed])),
            )
            return self.bag.judge(pooled).numpy()

    def scores(self, logits: np.ndarray, korean: np.ndarray) -> np.ndarray:
        """Calibrated scores: each language has its offsets and temperature, a mixed line something between."""
        return calibrated(logits, korean, self.meta["calibration"])


def calibrated(logits: np.ndarray, korean: np.ndarray, calibration: dict[str, dict[str, Any]]) -> np.ndarray:
    """Scores of lines whose share of Korean writing is `korean`."""
    english, other = calibration["en"], calibration["ko"]
    korean = np.asarray(korean, np.float64)[:, None]
    offsets = (1 - korean) * np.array(english["offsets"]) + korean * np.array(other["offsets"])
    temperature = (1 - korean) * english["temperature"] + korean * other["temperature"]
    return softmax((logits + offsets) / temperature)


def save(model: WordsModel, path: Path) -> None:
    """int8 vectors with a scale each; keys and rarity beside them."""
    state = dict(model.bag.state_dict())
    state["keys"] = torch.from_numpy(model.vocabulary.keys.view(np.int32))
    state["rarity"] = torch.from_numpy(model.vocabulary.rarity).half()
    weights_on_disk.save(path, state, model.meta, storage="int8")


def load(path: Path = WEIGHTS) -> WordsModel:
    """The model of a file, ready to read."""
    state, meta = weights_on_disk.load(path)
    if meta["labels"] != list(EMOTIONS):
        raise weights_on_disk.WeightsError(f"{path} knows {meta['labels']}; Haru needs {list(EMOTIONS)}.")
    keys, rarity = state.pop("keys").numpy().view(np.uint32), state.pop("rarity").numpy()
    bag = Bag(len(keys), meta["width"], meta["hidden"])
    bag.load_state_dict(state)
    return WordsModel(bag.eval(), Vocabulary(keys, rarity), meta)
