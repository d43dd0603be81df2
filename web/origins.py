"""Whether a page of this very address sent a request, by what its browser says."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from starlette.datastructures import Headers


def sender(headers: Headers) -> Literal["own", "other", "unknown"]:
    """Which page sent a request: one of Haru, one of another address, or unknown.

    Another port of the same host is another address, though the browser sends it the same cookies. Browsers always name
    the page with a websocket and with a posted form, and no script can change what they name.
    """
    if site := headers.get("sec-fetch-site"):  # not sent to an address without https, except localhost
        return "own" if site in ("same-origin", "none") else "other"
    origin = headers.get("origin")
    if origin is None:
        return "unknown"
    try:
        page = urlsplit(origin)
    except ValueError:
        return "other"
    # A proxy may name the usual port, which browsers leave out.
    usual = {"http": ":80", "https": ":443"}.get(page.scheme, "")
    host = headers.get("host", "").lower().removesuffix(usual)
    return "own" if page.netloc and page.netloc.lower().removesuffix(usual) == host else "other"
