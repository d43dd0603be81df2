"""A tiny model that knows a dozen words, and the shipped one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from emotions import EMOTIONS
from words.features import features
from words.model import Bag, Vocabulary, WordsModel
from words.predict import Recogniser, load

# Everything here is small: more threads than one only wait for each other.
torch.set_num_threads(1)

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "text"
KNOWN_LINES = {"happiness": "happy 행복했다", "sadness": "sad 슬펐다", "neutral": "went home 집에 갔다"}


def tiny_model() -> WordsModel:
    """Knows the words of `KNOWN_LINES`; random but the same each time. Not trained: its readings mean nothing."""
    torch.manual_seed(0)
    keys = np.unique(np.concatenate([features(text).keys for text in KNOWN_LINES.values()]))
    bag = Bag(len(keys), width=4, hidden=8).eval()
    torch.nn.init.normal_(bag.bent.weight)
    calibration = {language: {"offsets": [0.0] * 7, "temperature": 1.0} for language in ("en", "ko")}
    meta = {
        "name": "tiny", "version": "0", "labels": list(EMOTIONS), "training_data": "none", "licence": "none",
        "width": 4, "hidden": 8, "calibration": calibration, "margin": 0.1, "margin_denied": 0.3, "known": 0.34,
    }  # fmt: skip
    return WordsModel(bag, Vocabulary(keys, np.ones(len(keys), np.float32)), meta)


@pytest.fixture
def tiny() -> WordsModel:
    return tiny_model()


@pytest.fixture(scope="session")
def shipped() -> Recogniser:
    return load()


@pytest.fixture
def data() -> Path:
    if not DATA.is_dir():
        pytest.skip(f"the text corpora are not at {DATA}: accuracy is measured only where they are")
    return DATA
