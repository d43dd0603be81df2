"""Reads posted HTML forms: limits their size and checks their CSRF token."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from diary import errors
from web import cookies

# Three passwords of 256 Korean syllables take 21 kB, if decomposed (NFD) as a Mac sends them.
_BODY_MAX = 32 * 1024
_FIELDS_MAX = 32


async def read(request: Request) -> dict[str, str]:
    """The fields of a posted form; raises `FormExpired` if the CSRF token is missing or wrong."""
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
    if not cookies.is_form_token_valid(request.cookies, fields.pop("form_token", "")):
        raise errors.FormExpired()
    return fields
