"""The tiny and the shipped model of tests/words, and its corpora."""

from tests.words.conftest import data, shipped, tiny

__all__ = ["data", "shipped", "tiny"]
