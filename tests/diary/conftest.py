"""A machine whose clocks a test moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from diary import steady_clock


class Machine:
    """Its wall clock, which somebody may set, and the time since its boot."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 12, 1, tzinfo=UTC)
        self.running = timedelta(hours=3)
        self.boots = 0

    def wait(self, how_long: timedelta) -> None:
        self.wall += how_long
        self.running += how_long

    def reboot(self) -> None:
        self.running = timedelta(seconds=20)
        self.boots += 1


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(steady_clock, "_wall", lambda: made.wall)
    monkeypatch.setattr(steady_clock, "_running", lambda: made.running)
    monkeypatch.setattr(steady_clock, "_boot", lambda: f"boot {made.boots}")
    return made
