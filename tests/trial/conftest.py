"""More time for each test where every input is tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trial.bounded import EVERY


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if EVERY == 1 and item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(3600))
