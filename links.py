"""Addresses of Haru's own pages and files, as a browser must ask for them: below HARU_BASE_PATH.

Inside of Haru every path is one without it, such as /days (web/base_path.py): only what leaves the server, a link in a
page or in a mail, needs this module. Scripts in the browser have the same path in `window.haruBase`.
"""

from __future__ import annotations

import settings


def to(path: str) -> str:
    """The address of a path such as /days, for a link in a page."""
    return settings.BASE_PATH.get() + path


def public() -> str:
    """Where people open Haru, for a link in a mail; empty if HARU_PUBLIC_URL is not set."""
    home = settings.PUBLIC_URL.get()
    return home and home + settings.BASE_PATH.get()
