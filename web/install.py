"""What lets a browser install Haru: its manifest, and the tags that lead to it."""

from __future__ import annotations

from html import escape

import links
from language import say
from web.static_files import versioned

MANIFEST, WORKER = "/account/manifest.webmanifest", "/service-worker.js"
LIGHT, DARK = "#fffdf8", "#221d18"
"""The colours of a page's paper, for the bar around an installed app."""
_ICONS = (("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"), ("icon-maskable.png", 512, "maskable"))
_SHORTCUTS = (("/", "install.today"), ("/days", "nav.days"), ("/music", "nav.music"))


def head(language: str) -> str:
    """The tags in the head of each page."""
    description = escape(say(language, "sign_in.what_it_is"))
    return (
        f'<meta name="description" content="{description}">\n'
        f'<link rel="manifest" href="{links.to(MANIFEST)}?lang={language}">\n'
        f'<link rel="apple-touch-icon" href="{versioned("images/icon-apple.png")}">\n'
        f'<meta name="theme-color" media="(prefers-color-scheme: light)" content="{LIGHT}">\n'
        f'<meta name="theme-color" media="(prefers-color-scheme: dark)" content="{DARK}">\n'
    )


def manifest(language: str) -> dict[str, object]:
    icons = [
        {"src": versioned(f"images/{name}"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, size, purpose in _ICONS
    ]
    return {
        "id": links.to("/"),
        "name": say(language, "install.name"),
        "short_name": say(language, "app.name"),
        "description": say(language, "sign_in.what_it_is"),
        "lang": language,
        "start_url": links.to("/"),
        "scope": links.to("/"),
        "display": "standalone",
        "theme_color": LIGHT,
        "background_color": LIGHT,
        "categories": ["lifestyle", "health"],
        "icons": icons,
        "shortcuts": [
            {"name": say(language, key), "url": links.to(url), "icons": icons[:1]} for url, key in _SHORTCUTS
        ],
    }
