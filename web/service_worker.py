"""Serves the service worker and its parts, from the root: a worker controls only pages below its own path."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

import settings

PATH = "/service-worker.js"
PARTS = ("push",)
"""The files of assets/app that the worker imports."""


async def _worker(_request: Request) -> Response:
    return _script("service_worker")


async def _part(request: Request) -> Response:
    name = request.path_params["name"]
    return _script(name) if name in PARTS else Response(status_code=404)


def _script(name: str) -> Response:
    # Browsers ask at each visit whether it changed.
    headers = {"Cache-Control": "no-cache"}
    return FileResponse(settings.ASSETS / "app" / f"{name}.js", media_type="text/javascript", headers=headers)


routes = [
    Route(PATH, _worker, methods=["GET"]),
    Route("/service-worker/{name}.js", _part, methods=["GET"]),
]
