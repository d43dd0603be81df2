"""Security headers on every answer."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_EVERYWHERE = {
    # YouTube refuses to embed (error 153) where no referrer at all is sent.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Scripts: Streamlit's own files, the blobs that it makes of the components' code, and inline ones by their hash. Its
# styles are written into the page as it runs. The one outside place is shown in a frame, after its button was pressed.
_APP_POLICY = (
    "default-src 'self'; script-src 'self' blob: {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; "
    "worker-src 'self' blob:; frame-src 'self' https://www.youtube-nocookie.com; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
# What people brought along. Opened by its address, it is a page of its own: without scripts, without Haru's cookies.
_MEDIA = ("/media/", "/tracks/")
_MEDIA_POLICY = (
    "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)
_DOOR_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_HTTPS_ONLY = "max-age=31536000"


class SecurityHeadersMiddleware:
    """Pure ASGI, so that streamed media pass through untouched.

    `inline_scripts` are the texts of the scripts that may stand in a page itself; no other one runs.
    """

    def __init__(self, app: ASGIApp, inline_scripts: Iterable[str] = ()) -> None:
        self._app = app
        self._app_policy = _APP_POLICY.format(hashes=" ".join(map(_hash_of, inline_scripts)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        policy = self._policy_of(scope["path"])

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _EVERYWHERE.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = policy
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = _HTTPS_ONLY
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _policy_of(self, path: str) -> str:
        if path.startswith("/account/"):
            return _DOOR_POLICY
        return _MEDIA_POLICY if path.startswith(_MEDIA) else self._app_policy


def _hash_of(script: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
