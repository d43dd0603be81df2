"""Reading what a plain HTML form sends: bounded, and only from a page of ours."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from diary import errors
from web import cookies

# Three passwords of 256 Korean syllables, decomposed as a Mac sends them, are 21 kB.
_BODY_MAX = 32 * 1024
_FIELDS_MAX = 32


async def read(request: Request) -> dict[str, str]:
    """The fields of a posted form; refused unless it carries the token its page was given."""
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
    if not cookies.form_token_is_right(request.cookies, fields.pop("form_token", "")):
        raise errors.FormExpired()
    return fields
