"""What a page says when the connection to the server is gone, and when it is back (assets/frame/connection.js)."""

from __future__ import annotations

from streamlit.components.v2 import component

import links
import settings
from components.visitor import t
from web.sign_in import LOCKED, SIGN_IN

_SCRIPT = component(
    "haru_connection",
    html="<span></span>",
    js=(settings.ASSETS / "frame" / "connection.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # its styles are in assets/style/diary.css: the bar is outside of the component
)


def connection_bar() -> None:
    """Draws the script; it shows nothing while the connection is there. Call it once on each page."""
    _SCRIPT(
        key="connection",
        data={
            "lost": t("connection.lost"),
            "back": t("connection.back"),
            "ended": t("connection.ended"),
            "signInAgain": t("session.sign_in_again"),
            "reload": t("connection.reload"),
            "reloadNow": t("connection.reload_now"),
            "signIn": links.to(SIGN_IN),
            "lockedMeans": t("connection.locked"),
            "locked": links.to(LOCKED),
            "open": t("lock.open"),
        },
    )
