"""HARU_TEST_ALL=1 tries every input and every case; the usual tests try as many as ten minutes allow."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

Case = TypeVar("Case")

IS_WHOLE = bool(os.environ.get("HARU_TEST_ALL"))


def usually_first(*cases: Case) -> Sequence[Case]:
    """The cases of a test whose others seldom show anything that the first one does not."""
    return cases if IS_WHOLE else cases[:1]
