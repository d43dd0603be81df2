"""Streamlit's HTML page with Haru's additions: language, theme, a picture while it loads, and what to load first.

Streamlit's own page is white until 2.7 MB of scripts have run, and asks for the scripts of each element only when the
element arrives.
"""

from __future__ import annotations

import gzip
import re
from functools import cache
from html import escape
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import links
import settings
from language import FALLBACK, LANGUAGES, say
from web import diary_style, install, streamlit_build
from web.static_files import FILES, STREAMLIT_STYLE, versioned

# Streamlit's names of what the pages draw. Today's are complete: a test opens it.
_EVERYWHERE = ("Html", "PageLink", "BidiComponent", "Button")
_ELEMENTS = {
    "/": ("ButtonGroup", "TextArea", "TextInput", "DateInput", "FileUploader"),
    "/days": ("TextInput",),
    "/history": ("ButtonGroup", "PlotlyChart"),
    "/music": ("PlotlyChart", "Checkbox"),
}
STYLES = (STREAMLIT_STYLE, "style/fonts.css", diary_style.NAME)
THEME_SCRIPT = (settings.ASSETS / "frame" / "theme.js").read_text(encoding="utf-8")
"""An inline script: app.py adds it to the page's policy."""
# Pages before sign-in, and those that packages show in frames, such as the live picture.
_OTHER_PAGES = ("/account/", "/component/")
_HTML = Path(__file__).parent / "html"


def register_worker() -> str:
    """An inline script: app.py adds it to the page's policy."""
    return f"addEventListener('load', () => navigator.serviceWorker?.register('{links.to(install.WORKER)}'))"


def scripts_for(path: str) -> list[str]:
    """The addresses of the scripts that a page needs and Streamlit's own HTML does not name."""
    first = streamlit_build.first_scripts()
    return [
        links.to(address)
        for address in streamlit_build.scripts_of((*_EVERYWHERE, *_ELEMENTS.get(path, ())))
        if address not in first
    ]


@cache
def prefetched() -> list[str]:
    """What the pages before sign-in make the browser load meanwhile: the scripts, styles and icons that Today needs."""
    (icons,) = (address for address in FILES if "/material-symbols." in address)
    first = [*streamlit_build.first_scripts(), icons]
    return [*map(versioned, STYLES), *map(links.to, first), *scripts_for("/")]


def page(language: str, path: str) -> str:
    """The HTML for a page of the diary. It contains nothing of the person's but the language."""
    html = streamlit_build.index_page()
    # Streamlit's theme names other fonts.
    html = re.sub(r'<link\s+rel="preload"[^>]*as="font"[^>]*>', "", html)
    html = re.sub(r'<link rel="stylesheet"[^>]*>', "", html)
    html = html.replace('<html lang="en">', f'<html lang="{language}">')
    html = html.replace("<title>Streamlit</title>", f"<title>{escape(say(language, 'app.name'))}</title>")
    html = re.sub(r'<link rel="shortcut icon"[^>]*>', "", html)
    # Only then do style sheets learn how much of a phone's screen its corners and its bar take.
    html = html.replace("initial-scale=1, shrink-to-fit=no", "initial-scale=1, viewport-fit=cover")
    # In both languages: the switch of the language needs JavaScript, too.
    sentences = "".join(f'<p lang="{code}">{escape(say(code, "shell.no_script"))}</p>' for code in LANGUAGES)
    html = re.sub(r"<noscript>.*?</noscript>", f"<noscript>{sentences}</noscript>", html, flags=re.DOTALL)
    preloads = "".join(f'<link rel="modulepreload" crossorigin href="{address}">\n' for address in scripts_for(path))
    head = (
        f'<link rel="icon" href="{versioned("images/favicon.png")}">\n'
        f"<style>{(_HTML / 'loading.css').read_text(encoding='utf-8')}</style>\n"
        f"{install.head(language)}"
        f"<script>{streamlit_build.connect_at_once()}</script>\n"
        f"<script>{THEME_SCRIPT}</script>\n"
        f"<script>{register_worker()}</script>\n"
    )
    loading = (_HTML / "loading.html").read_text(encoding="utf-8")
    loading = loading.replace("{{ text }}", escape(say(language, "shell.loading")))
    styles = "\n".join(f'<link rel="stylesheet" href="{versioned(name)}">' for name in STYLES)
    html = html.replace('<script type="module"', head + '<script type="module"', 1)
    html = html.replace("</head>", preloads + "</head>", 1)
    return html.replace('<div id="root"></div>', f'{loading}<div id="root"></div>\n{styles}', 1)


@cache
def _packed(language: str, path: str) -> tuple[bytes, bytes]:
    plain = page(language, path).encode()
    return plain, gzip.compress(plain, 9, mtime=0)


class IndexPageMiddleware:
    """Sends Haru's HTML wherever Streamlit sends its own. AuthMiddleware has found the person's language before."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or scope["path"].startswith(_OTHER_PAGES):
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        # Streamlit must not answer that its page is unchanged: Haru's may not be.
        asked = [pair for pair in scope["headers"] if pair[0] not in (b"if-none-match", b"if-modified-since")]
        replaced = False

        async def send_own_page(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and _is_page(message):
                replaced = True
                return await _response(scope, headers)(scope, receive, send)
            if not replaced:
                await send(message)

        await self._app({**scope, "headers": asked}, receive, send_own_page)


def _is_page(message: Message) -> bool:
    kind = Headers(raw=message["headers"]).get("content-type", "")
    return message["status"] == 200 and kind.startswith("text/html")


def _response(scope: Scope, headers: Headers) -> Response:
    found = scope.get("haru.language")
    language = found if found in LANGUAGES else FALLBACK
    plain, packed = _packed(language, scope["path"] if scope["path"] in _ELEMENTS else "")
    answer = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding, Cookie", "Content-Language": language}
    if "gzip" in headers.get("accept-encoding", ""):
        return Response(packed, headers=answer | {"Content-Encoding": "gzip"}, media_type="text/html")
    return Response(plain, headers=answer, media_type="text/html")
