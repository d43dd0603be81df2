"""Serves the service worker and its parts, and what they need without a network.

From the root, because a worker controls only pages below its own path.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import settings
from language import LANGUAGES, say
from web import install, streamlit_build, templates
from web.static_files import versioned

PARTS = ("push", "shell")
"""The files of assets/app that the worker imports."""
OFFLINE_FILES = ("style/fonts.css", "style/account.css", "images/icon-192.png", "images/favicon.png")


async def _worker(_request: Request) -> Response:
    return _script("service_worker")


async def _part(request: Request) -> Response:
    name = request.path_params["name"]
    return _script(name) if name in PARTS else Response(status_code=404)


@cache
def _text(name: str) -> str:
    script = (settings.ASSETS / "app" / f"{name}.js").read_text(encoding="utf-8")
    if name != "shell":
        return script
    files = [versioned(file) for file in OFFLINE_FILES]
    # Whatever the worker keeps under a name without a hash, and the build of Streamlit.
    kept = [
        script,
        streamlit_build.index_page(),
        *files,
        (Path(__file__).parent / "html" / "offline.html").read_text(encoding="utf-8"),
        *(say(language, key) for language in LANGUAGES for key in ("offline.title", "offline.text", "offline.again")),
    ]
    version = hashlib.sha256("".join(kept).encode()).hexdigest()[:12]
    return f"const VERSION = {json.dumps(version)}\nconst OFFLINE_FILES = {json.dumps(files)}\n{script}"


def _script(name: str) -> Response:
    # Browsers ask at each visit whether it changed.
    return Response(_text(name), media_type="text/javascript", headers={"Cache-Control": "no-cache"})


async def _manifest(request: Request) -> Response:
    content = install.manifest(templates.language_of(request))
    return JSONResponse(content, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


async def _offline(request: Request) -> Response:
    return templates.render(request, "offline.html")


routes = [
    Route(install.WORKER, _worker, methods=["GET"]),
    Route("/service-worker/{name}.js", _part, methods=["GET"]),
    Route(install.MANIFEST, _manifest, methods=["GET"]),
    Route("/account/offline", _offline, methods=["GET"]),
]
