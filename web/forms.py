"""Reads posted HTML forms: limits their size and checks which page sent them (CSRF)."""

from __future__ import annotations

import hmac
from urllib.parse import parse_qsl

from starlette.requests import Request

from diary import errors, server_secret
from web import cookies, origins

# Three passwords of 256 Korean syllables take 21 kB, if decomposed (NFD) as a Mac sends them.
_BODY_MAX = 32 * 1024
_FIELDS_MAX = 32
# They may stay open while another tab signs in. All other forms act for the session that drew them.
_START_A_SESSION = (
    "/account/sign-in",
    "/account/sign-up",
    "/account/recover",
    "/account/passkey",
    "/account/code",
    "/account/demo",
    "/account/demo/reset",
)


def token(path: str, form_cookie: str, session_cookie: str | None) -> str:
    """The CSRF token of a form at `path`: it fits one browser and, for signed-in people, one session."""
    bound_to = "" if path in _START_A_SESSION else session_cookie or ""
    text = f"form:{form_cookie}:{bound_to}"
    return hmac.digest(server_secret.server_secret(), text.encode(errors="replace"), "sha256").hex()


async def read(request: Request) -> dict[str, str]:
    """The fields of a posted form; raises `FormExpired` if no page of Haru in this browser sent it."""
    if origins.sender(request.headers) == "other":
        raise errors.FormExpired()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_MAX:
            raise errors.FormTooLarge()
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS_MAX)
    except (UnicodeDecodeError, ValueError) as error:
        raise errors.FormExpired() from error
    fields = dict(pairs)
    if not _is_valid(request, fields.pop("form_token", "")):
        raise errors.FormExpired()
    return fields


def _is_valid(request: Request, sent: str) -> bool:
    form_cookie = cookies.form_cookie(request)
    if not form_cookie:
        return False
    expected = token(request.url.path, form_cookie, request.cookies.get(cookies.SESSION))
    return hmac.compare_digest(expected.encode(), sent.encode(errors="replace"))
