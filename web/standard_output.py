"""Writes what a command prints. Its reader may leave early: `haru-admin users | head -1` is no failure."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def write(text: str) -> None:
    with flushed():
        print(text)


@contextmanager
def flushed() -> Iterator[None]:
    """Writes at its end what was printed inside; the rest is dropped once nobody reads it."""
    try:
        try:
            yield
        finally:
            print(end="", flush=True)
    except BrokenPipeError:
        # What is still in the buffer would fail once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
