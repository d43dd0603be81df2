"""Adds security headers to every response."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALL_RESPONSES = {
    # YouTube refuses to embed (error 153) where no referrer at all is sent.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Scripts: Streamlit's files, the blobs that it makes of components' code, and inline ones by their hash. Styles:
# Streamlit writes them into the page. Frames: the only outside host, and only after the person pressed its button.
_APP_POLICY = (
    "default-src 'self'; script-src 'self' blob: {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; "
    "worker-src 'self' blob:; frame-src 'self' https://www.youtube-nocookie.com; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
# Files that people uploaded. Opened by its address, such a file runs no script and gets no cookie of Haru's.
_MEDIA = ("/media/", "/tracks/")
_MEDIA_POLICY = (
    "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)
_ACCOUNT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; manifest-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# JSON for programs; a browser that opens it does nothing with it.
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"
# Streamlit lets shared caches keep components, and says nothing of media: both would outlive the session.
_ONE_BROWSERS = ("/media/", "/component/", "/_stcore/bidi-components/")
_HTTPS_ONLY = "max-age=31536000"


class SecurityHeadersMiddleware:
    """Pure ASGI middleware, so that streamed media pass unchanged.

    `inline_scripts` are the texts of the inline scripts that may run; the policy blocks all others.
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
                for name, value in _ALL_RESPONSES.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = policy
                if scope["path"].startswith(_ONE_BROWSERS):
                    headers["Cache-Control"] = "private, no-cache"
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = _HTTPS_ONLY
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _policy_of(self, path: str) -> str:
        if path.startswith("/account/"):
            return _ACCOUNT_POLICY
        if path.startswith("/api/"):
            return _API_POLICY
        return _MEDIA_POLICY if path.startswith(_MEDIA) else self._app_policy


def _hash_of(script: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
