"""Reads and replaces the cookies that a browser sent, in the headers of a request as ASGI has them."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import Headers

Raw = list[tuple[bytes, bytes]]


def pairs(sent: Raw) -> list[tuple[str, str]]:
    """Each cookie's name, and the cookie as it was sent: `name=value`."""
    lines = Headers(raw=sent).getlist("cookie")
    return [(pair.partition("=")[0].strip(), pair.strip()) for line in lines for pair in line.split(";")]


def replaced(sent: Raw, cookies: Iterable[str]) -> Raw:
    """The headers with these cookies in place of those that were sent."""
    line = "; ".join(cookies).encode("latin-1")
    others = [pair for pair in sent if pair[0] != b"cookie"]
    return [*others, (b"cookie", line)] if line else others
