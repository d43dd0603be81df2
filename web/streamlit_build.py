"""What Haru reads of Streamlit's built front end. It imports no Streamlit: the sign-in page must not wait for that."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import links


def _front_end() -> Path:
    found = find_spec("streamlit")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "static"


_FRONT_END = _front_end()
STATIC = _FRONT_END / "static"
"""Streamlit's scripts, styles and fonts, which it serves below /static/."""


def connect_at_once() -> str:
    """An inline script: app.py adds it to the page's policy.

    With both settings of Streamlit's, the browser opens the websocket at once. Otherwise it asks for the server's
    health and for these settings first, below the page's own address and then below "/".
    """
    return (
        f"window.haruBase = {json.dumps(links.to(''))}; "
        "window.__streamlit = {BACKEND_BASE_URL: location.origin + haruBase, HOST_CONFIG: "
        "{allowedOrigins: [location.origin], useExternalAuthToken: false, blockErrorDialogs: true}}"
    )


@cache
def index_page() -> str:
    """The HTML page that starts Streamlit in the browser."""
    return (_FRONT_END / "index.html").read_text(encoding="utf-8")


def inline_scripts() -> list[str]:
    """The scripts in Streamlit's own page, which the Content-Security-Policy must allow."""
    return re.findall(r"<script>(.*?)</script>", index_page(), re.DOTALL)


def first_scripts() -> list[str]:
    """The addresses of the scripts that Streamlit's own page names."""
    return re.findall(r'(?:src|href)="\.(/static/js/[^"]+)"', index_page())


def _style() -> str:
    (address,) = re.findall(r'href="\.(/static/css/[^"]+)"', index_page())
    return address


STYLE = _style()
"""The address of the style sheet that Streamlit's own page names."""


def scripts_of(elements: Iterable[str]) -> list[str]:
    """The addresses of the scripts that draw these elements, those that they import among them.

    Streamlit loads them only when an element arrives. Its build writes what each one imports into its manifest.
    """
    manifest = json.loads((_FRONT_END / "manifest.json").read_text(encoding="utf-8"))
    by_element = {Path(key).stem: key for key, entry in manifest.items() if entry.get("isDynamicEntry")}
    open_ = [by_element[name] for name in elements]
    found: dict[str, str] = {}
    while open_:
        key = open_.pop()
        if key not in found:
            found[key] = f"/{manifest[key]['file']}"
            open_.extend(manifest[key].get("imports", ()))
    return list(found.values())
