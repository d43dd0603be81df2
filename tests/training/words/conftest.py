from pathlib import Path

import pytest

from tests.data_folders import require_data


@pytest.fixture
def data() -> Path:
    return require_data("text")
