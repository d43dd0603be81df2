"""Serves the files that need no session, compressed: Streamlit's scripts, and Haru's styles, fonts and pictures.

Streamlit serves its own uncompressed, 2.7 MB for the first page.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

import links
import settings
from web import diary_style, streamlit_build

ASSETS = "/account/assets/"
PUBLIC_ASSETS = ("style", "images", "fonts", "account")
"""The only folders of assets/ that are served without a session."""
STREAMLIT_STYLE = "style/streamlit.css"
# Names that contain a hash of the content, as Streamlit's build and the fonts' program write them.
_HASHED = re.compile(r"\.[\w-]{8}\.\w+$")
_FOR_GOOD = "public, immutable, max-age=31536000"
_A_DAY = "public, max-age=86400"
_ASK_AGAIN = "no-cache"
# Pictures and fonts are compressed already.
_COMPRESSIBLE = {".js", ".css", ".json", ".svg", ".html", ".webmanifest"}
_TYPES = {".js": "text/javascript", ".woff2": "font/woff2"}


@dataclass(frozen=True)
class StaticFile:
    name: str
    read: Callable[[], bytes]

    @cached_property
    def compressed(self) -> bytes | None:
        """The content in gzip's form, made at the first request and then held in memory."""
        if Path(self.name).suffix not in _COMPRESSIBLE:
            return None
        content = self.read()
        smaller = gzip.compress(content, 9, mtime=0)
        return smaller if len(smaller) < len(content) else None

    @cached_property
    def version(self) -> str:
        return hashlib.sha256(self.read()).hexdigest()[:8]

    def response(self, request: Headers, query: str) -> Response:
        if _HASHED.search(self.name) or query == f"v={self.version}":
            lasts = _FOR_GOOD
        else:
            lasts = _A_DAY if self.name.endswith(".woff") else _ASK_AGAIN
        packed = self.compressed if "gzip" in request.get("accept-encoding", "") else None
        tag = f'"{self.version}{"-gzip" if packed else ""}"'
        headers = {"Cache-Control": lasts, "ETag": tag, "Vary": "Accept-Encoding"}
        if tag in request.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if packed:
            headers["Content-Encoding"] = "gzip"
        kind = _TYPES.get(Path(self.name).suffix) or mimetypes.guess_type(self.name)[0]
        return Response(packed or self.read(), headers=headers, media_type=kind)


def _streamlit_style() -> bytes:
    """Streamlit's style sheet without two of its fonts: assets/style/fonts.css has smaller ones of the same names.

    A browser loads both if there are two rules for one name.
    """
    folder = f"{links.to(streamlit_build.STYLE).rpartition('/')[0]}/"
    style = (streamlit_build.STATIC.parent / streamlit_build.STYLE[1:]).read_text(encoding="utf-8")
    for font in ("SourceSansVF-Upright", "MaterialSymbols-Rounded"):
        style = re.sub(rf"@font-face\{{[^}}]*{font}[^}}]*\}}", "", style)
    return style.replace("url(../", f"url({folder}../").encode()


def _files_of(prefix: str, folder: Path) -> dict[str, StaticFile]:
    return {
        prefix + path.relative_to(folder).as_posix(): StaticFile(path.name, path.read_bytes)
        for path in folder.rglob("*")
        if path.is_file()
    }


def all_files() -> dict[str, StaticFile]:
    """Every such file by its address."""
    files = _files_of("/static/", streamlit_build.STATIC)
    for name in PUBLIC_ASSETS:
        files |= _files_of(f"{ASSETS}{name}/", settings.ASSETS / name)
    files[ASSETS + STREAMLIT_STYLE] = StaticFile(STREAMLIT_STYLE, _streamlit_style)
    files[ASSETS + diary_style.NAME] = StaticFile(diary_style.NAME, lambda: diary_style.style_sheet().encode())
    return files


FILES = all_files()


def versioned(name: str) -> str:
    """The address of a file of assets/ that a browser may keep for good: it changes with the content."""
    path = ASSETS + name
    return f"{links.to(path)}?v={FILES[path].version}"


class StaticFilesMiddleware:
    """Answers requests for a known file, and passes all others on; so no path can leave the folders."""

    def __init__(self, app: ASGIApp, files: Mapping[str, StaticFile] = FILES) -> None:
        self._app = app
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._files.get(scope["path"]) if scope["type"] == "http" else None
        if found is None or scope["method"] not in ("GET", "HEAD"):
            return await self._app(scope, receive, send)
        # In a thread, because the first request of a file reads and compresses it.
        response = await to_thread.run_sync(
            found.response, Headers(scope=scope), scope["query_string"].decode("latin-1")
        )
        await response(scope, receive, send)
