"""Metrics for a scraper in the text format of Prometheus, for who has the token (HARU_METRICS_TOKEN)."""

from __future__ import annotations

import hmac
import shutil
from collections.abc import Iterator
from contextlib import suppress

from anyio import to_thread
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

import counters
import settings
from diary import database, errors, sessions

PATH = "/account/metrics"


class _OfTheDatabase(Collector):
    """What is looked up when the scraper asks. What cannot be looked up is left out."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with suppress(errors.DatabaseError):
            yield GaugeMetricFamily("haru_sessions", "Browsers that are signed in.", value=sessions.count_all())
        with suppress(OSError):
            files = (database.path(), database.path().with_name(f"{database.path().name}-wal"))
            size = sum(file.stat().st_size for file in files if file.exists())
            yield GaugeMetricFamily("haru_database_bytes", "Size of the database.", value=size)
        with suppress(OSError):
            free = shutil.disk_usage(database.folder()).free
            yield GaugeMetricFamily("haru_disk_free_bytes", "Free space beside the database.", value=free)

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing: otherwise the registry would look everything up when it starts."""
        return iter(())


counters.REGISTRY.register(_OfTheDatabase())


async def _metrics(request: Request) -> Response:
    if not _may_read(request.headers.get("authorization", "")):
        return PlainTextResponse("There is nothing here.", status_code=404)
    content = await to_thread.run_sync(generate_latest, counters.REGISTRY)
    return Response(content, headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})


def _may_read(authorization: str) -> bool:
    token = settings.METRICS_TOKEN.get()
    kind, _, sent = authorization.partition(" ")
    # Compared even without a token, so that the time does not tell whether there is one.
    is_right = hmac.compare_digest(sent.strip().encode(errors="replace"), token.encode())
    return bool(token) and kind.lower() == "bearer" and is_right


routes = [Route(PATH, _metrics, methods=["GET"])]
