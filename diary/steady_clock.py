"""A clock that never goes back and never jumps, for waits.

Somebody may set the machine's clock, and NTP may step it: a wait of minutes could then last for years, or be over at
once. So this clock takes the machine's time once after each boot, and adds how long the machine has been running since.
"""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from diary import database

_BOOT_FILE = Path("/proc/sys/kernel/random/boot_id")
# On systems that name no boot, each process is one.
_THIS_PROCESS = secrets.token_hex(16)


def now(db: Database) -> datetime:
    """The steady time, inside a transaction. It is the same for every process of the machine."""
    boot, running = _boot(), _running()
    row = next(db.query("select boot, started_at from steady_clock"), None)
    if row is not None and row["boot"] == boot:
        return datetime.fromisoformat(row["started_at"]) + running
    (latest,) = db.execute("select max(last_at) from tries").fetchone()
    moment = max(_wall(), datetime.fromisoformat(latest)) if latest else _wall()
    db.table("steady_clock").upsert(
        {"id": 1, "boot": boot, "started_at": database.timestamp(moment - running)}, pk="id"
    )
    return moment


def _boot() -> str:
    try:
        return _BOOT_FILE.read_text().strip()
    except OSError:
        return _THIS_PROCESS


def _running() -> timedelta:
    """How long the machine has been running, asleep or awake."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return timedelta(seconds=time.monotonic() if clock is None else time.clock_gettime(clock))


def _wall() -> datetime:
    return datetime.now(UTC)
