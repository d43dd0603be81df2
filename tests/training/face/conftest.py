"""The tiny ensemble member of tests/fer."""

from tests.fer.conftest import tiny

__all__ = ["tiny"]
