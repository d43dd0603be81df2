"""Runs what hashes a password in few worker threads; other requests wait in a queue without a thread.

Argon2 takes 64 MiB and every core. Without the queue, fifty people who sign in at once would take gigabytes, and the
threads that all other requests need.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

import anyio
from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

import counters
from diary import errors

AT_ONCE = 4
"""Twice diary.slow_hashes.AT_ONCE: while two hash, others read and write the database."""
PATIENCE = 45.0
"""Seconds in the queue, after which a person is asked to come back."""

_places: RunVar[CapacityLimiter] = RunVar("password_queue_places")

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


async def run(function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
    """`to_thread.run_sync`, once there is a place; raises `ServerBusy` if there is none for too long."""
    try:
        places = _places.get()
    except LookupError:
        places = CapacityLimiter(AT_ONCE)
        _places.set(places)
    request = object()
    with counters.PASSWORDS_WAITING.track_inprogress(), anyio.move_on_after(PATIENCE) as waiting:
        await places.acquire_on_behalf_of(request)
    if waiting.cancelled_caught:
        raise errors.ServerBusy()
    try:
        return await to_thread.run_sync(function, *arguments)
    finally:
        places.release_on_behalf_of(request)
