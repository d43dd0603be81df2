"""Runs what hashes a password in few worker threads; other requests wait in a queue without a thread.

Argon2 takes 64 MiB and every core. Without the queue, fifty people who sign in at once would take gigabytes, and the
threads that all other requests need. One address has few places in it: a try that has to wait counts as none, so its
throttle alone would not keep it from filling the queue for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar, TypeVarTuple

import anyio
from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from starlette.requests import HTTPConnection

import counters
from diary import errors, throttle

AT_ONCE = 4
"""Twice diary.slow_hashes.AT_ONCE: while two hash, others read and write the database."""
PATIENCE = 45.0
"""Seconds in the queue, after which a person is asked to come back."""

OF_ONE_ADDRESS = 40
"""A school class may share one."""

_places: RunVar[CapacityLimiter] = RunVar("password_queue_places")

_here: Counter[str] = Counter()
"""How many requests of each address are in the queue or run."""

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


async def run(request: HTTPConnection, function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
    """`to_thread.run_sync`, once there is a place; raises `ServerBusy` if there is none for too long."""
    try:
        places = _places.get()
    except LookupError:
        places = CapacityLimiter(AT_ONCE)
        _places.set(places)
    with _counted(throttle.network_of(request.client.host) if request.client else ""):
        place = object()
        with counters.PASSWORDS_WAITING.track_inprogress(), anyio.move_on_after(PATIENCE) as waiting:
            await places.acquire_on_behalf_of(place)
        if waiting.cancelled_caught:
            raise errors.ServerBusy()
        try:
            return await to_thread.run_sync(function, *arguments)
        finally:
            places.release_on_behalf_of(place)


@contextmanager
def _counted(network: str) -> Iterator[None]:
    """Raises `ServerBusy` at once for an address that has all of its places."""
    if _here[network] >= OF_ONE_ADDRESS:
        raise errors.ServerBusy()
    _here[network] += 1
    try:
        yield
    finally:
        _here[network] -= 1
        if not _here[network]:
            del _here[network]
