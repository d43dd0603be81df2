"""Where the tests find real data sets, which are not part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "HARU_TEST_DATA"
_BESIDE_THE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared" / "data"


def data_folder(name: str) -> Path | None:
    """The folder of real data `name` (speech, face, text, music), or None where there is none."""
    root = Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else _BESIDE_THE_CHECKOUT
    return root / name if (root / name).is_dir() else None


def require_data(name: str) -> Path:
    """The folder of real data `name`; skips the test where there is none."""
    folder = data_folder(name)
    if folder is None:
        pytest.skip(f"no real data: {VARIABLE} names no folder with {name}/ in it")
    return folder
