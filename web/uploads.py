"""Bounds the memory that uploads take: of one signed-in browser, and of all together.

Streamlit holds each upload as long as its tab, under whatever name the browser gave it, and nothing else counts them.
It also lets Starlette write the larger ones to the disk while they arrive, where nothing seals them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from web import streamlit_private

_MEGABYTE = 2**20
OF_ONE = 450 * _MEGABYTE
"""Two of the largest uploads (components/uploads.py) in two tabs, and some recordings."""
OF_ALL = 1500 * _MEGABYTE
_UPLOAD = re.compile(r"/_stcore/upload_file/[^/]+/[^/]+")


def keep_in_memory() -> None:
    """Lets Starlette write no upload to the disk."""
    MultiPartParser.spool_max_size = 0  # for Python's SpooledTemporaryFile, 0 is no limit


class UploadLimitsMiddleware:
    """Pure ASGI middleware behind the gate of tabs, which lets only the tab's own session upload."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._arriving: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = scope.get("haru.session")
        if (
            session is None
            or scope["type"] != "http"
            or scope["method"] != "PUT"
            or not _UPLOAD.fullmatch(scope["path"])
        ):
            return await self._app(scope, receive, send)
        size = _size(scope)
        own, all_together = streamlit_private.uploaded_bytes(session)
        if own + self._arriving[session] + size > OF_ONE:
            return await PlainTextResponse("Too much at once.", status_code=413)(scope, receive, send)
        if all_together + self._arriving.total() + size > OF_ALL:
            return await PlainTextResponse("Too many uploads now.", status_code=503)(scope, receive, send)
        with self._counted(session, size):
            await self._app(scope, receive, send)

    @contextmanager
    def _counted(self, session: str, size: int) -> Iterator[None]:
        self._arriving[session] += size
        try:
            yield
        finally:
            self._arriving[session] -= size
            if not self._arriving[session]:
                del self._arriving[session]


def _size(scope: Scope) -> int:
    """The bytes of the request; where it does not say, as many as Streamlit accepts."""
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if re.fullmatch(r"\d{1,12}", length, re.ASCII) else streamlit_private.largest_upload()
