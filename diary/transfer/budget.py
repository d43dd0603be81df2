"""How long an import may work on one file: a small file can be made to take hours."""

from __future__ import annotations

import time

from diary import errors

MINUTES_MAX = 5.0
"""The largest diaries take less than one, for reading and for importing."""


class Budget:
    """Counts from its making on."""

    def __init__(self) -> None:
        self._ends = time.monotonic() + 60 * MINUTES_MAX

    def check(self) -> None:
        """Raises `FileTooSlow` once the time is over."""
        if time.monotonic() > self._ends:
            raise errors.FileTooSlow(minutes=f"{MINUTES_MAX:.0f}")
