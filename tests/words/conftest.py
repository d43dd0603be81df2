"""A tiny model that knows a dozen pieces, and the shipped one."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from emotions import EMOTIONS
from training.words.shorten import SPECIAL, tokenizer_of
from words.model import MOOD, WordsModel
from words.predict import Recogniser, load
from words.transformer import Shape, Transformer

# Everything here is small: more threads than one only wait for each other.
torch.set_num_threads(1)

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "text"
WORDS = ("happy", "sad", "went", "home", "but", "행복", "슬펐", "집에", "갔", "다", "안", "오늘", "ㅠㅠ", "😊")
LETTERS = "abcdefghijklmnopqrstuvwxyz가나다라마.,!?' "


def tiny_tokenizer() -> Tokenizer:
    pieces = [*SPECIAL, "▁", *(f"▁{word}" for word in WORDS), *WORDS, *LETTERS]
    return tokenizer_of([(piece, -float(len(pieces) - len(piece))) for piece in dict.fromkeys(pieces)])


def tiny_model() -> WordsModel:
    """Random but the same each time. Not trained: its readings mean nothing."""
    torch.manual_seed(0)
    tokenizer = tiny_tokenizer()
    shape = Shape(tokenizer.get_vocab_size(), width=16, layers=2, heads=2, inner=32, positions=80)
    net = Transformer(shape, {MOOD: len(EMOTIONS), "goemotions": 28}).eval()
    calibration = {language: {"offsets": [0.0] * 7, "temperature": 1.0} for language in ("en", "ko")}
    meta = {
        "name": "tiny", "version": "0", "labels": list(EMOTIONS), "training_data": "none", "licence": "none",
        "sense": "words", "calibration": calibration, "margin": 0.1, "known": 0.34,
    }  # fmt: skip
    known = np.unique(np.array([zlib.crc32(word.encode()) for word in WORDS], np.uint32))
    return WordsModel(net, tokenizer, known, meta)


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
