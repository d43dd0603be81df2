"""`/account/health`: whether Haru works, for containers and monitors.

It tells codes and nothing else, to everybody. `problems` keep people from their diaries: the answer is 503. `warnings`
need the operator but stop nobody, and a proxy or container must not take the server away for them. So they are 503 only
with `?strict`, for a monitor that calls the operator.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import settings
from backups import generations, keeper, kept
from diary import database, errors

PATH = "/account/health"
_AGE = 5.0
"""Seconds for which an answer holds, however often somebody asks."""
_WRITE_EVERY = 600.0
"""Seconds between two real writes: each wakes the disk, and a container asks twice a minute."""
_LOW, _FULL = 256 * 1024 * 1024, 1024 * 1024  # bytes free
_OLDEST_BACKUP = timedelta(days=2)


@dataclass(frozen=True)
class Health:
    """What is wrong, as codes."""

    problems: tuple[str, ...]
    warnings: tuple[str, ...]


class ModelState(Enum):
    """How far the models of the recognisers are."""

    LOADING = "models_loading"
    LOADED = ""
    INCOMPLETE = "models_incomplete"
    """One of them is damaged or missing; the others read."""
    FAILED = "models_failed"


_models = ModelState.LOADING
_looking = threading.Lock()
_last: tuple[float, Health] | None = None
_written = float("-inf")


def models_are(state: ModelState) -> None:
    """For app.py, which loads them."""
    global _models
    _models = state


def look() -> Health:
    """What is wrong now, or was some seconds ago."""
    global _last
    with _looking:  # one look at a time: who asks meanwhile gets its answer
        if _last is None or time.monotonic() - _last[0] > _AGE:
            health = Health(tuple(_problems()), tuple(_warnings()))
            _last = time.monotonic(), health
        return _last[1]


def _problems() -> Iterator[str]:
    try:
        with database.connect() as db:
            if not database.has_present_schema(db):
                yield "migrations_differ"
        _check_writing()
    except errors.DiskFull:
        yield "disk_full"
    except errors.DatabaseReadOnly:
        yield "database_read_only"
    except errors.DatabaseBusy:
        yield "database_busy"
    except errors.DatabaseError:
        yield "database_broken"
    if _models is ModelState.FAILED:
        yield _models.value


def _check_writing() -> None:
    """Takes the write lock; now and then it also writes."""
    global _written
    if _free() < _FULL:
        raise errors.DiskFull()
    if time.monotonic() - _written < _WRITE_EVERY:
        with database.transaction():
            return
    _written = float("-inf")  # after a failure the next look writes, too
    database.write_something()
    _written = time.monotonic()


def _warnings() -> Iterator[str]:
    if _models in (ModelState.LOADING, ModelState.INCOMPLETE):
        yield _models.value
    if _free() < _LOW:
        yield "disk_low"
    if code := keeper.problem():
        yield code
    if backup_is_old():
        yield "backup_old"


def _free() -> int:
    try:
        return shutil.disk_usage(database.folder()).free
    except OSError:  # the database cannot be opened either, and that is a problem of its own
        return _LOW


def backup_is_old() -> bool:
    """Whether there is no automatic backup of the last two days, though there should be."""
    if settings.BACKUPS.get() is None:
        return False
    newest = next((moment for name in kept.names() if (moment := generations.made_at(name))), None)
    now = datetime.now(UTC)
    try:
        since = newest or _first_account()
    except errors.DatabaseError:
        return False
    return since is not None and now - since > _OLDEST_BACKUP


def _first_account() -> datetime | None:
    with database.connect() as db:
        (first,) = db.execute("select min(created_at) from accounts").fetchone()
    return datetime.fromisoformat(first) if first else None


async def _health(request: Request) -> Response:
    health = await to_thread.run_sync(look)
    counted = set(health.warnings) - {ModelState.LOADING.value} if "strict" in request.query_params else ()
    is_well = not health.problems and not counted
    return JSONResponse(
        {"status": "ok" if is_well else "unavailable", "problems": health.problems, "warnings": health.warnings},
        status_code=200 if is_well else 503,
        headers={"Cache-Control": "no-store"},
    )


routes = [Route(PATH, _health, methods=["GET"])]
