"""The app lock in the browser: a script that covers the page, and the button that locks at once."""

from __future__ import annotations

from typing import Any

from streamlit.components.v2 import component

import links
import settings
from components.visitor import t
from diary import app_lock
from diary.sessions import Session
from web import lock

_LOCK = component(
    "haru_lock",
    html="<button class='haru-button' type='button' hidden></button>",
    js=(settings.ASSETS / "frame" / "lock.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # its styles are in assets/style/frame.css: the cover is outside of the component
)


def watch_idle(session: Session) -> None:
    """Draws the script, which shows nothing until it covers the page. Call it once on each page."""
    _LOCK(key="app_lock", data=_data(app_lock.AFTER.of(session)))


def lock_button() -> None:
    _LOCK(key="lock_now", data={"button": t("lock.now")})


def _data(minutes: int) -> dict[str, Any]:
    return {
        "minutes": minutes,
        "lock": links.to(lock.LOCK_NOW),
        "active": links.to(lock.ACTIVE),
        "locked": links.to(lock.LOCKED),
        "title": t("lock.locked"),
        "open": t("lock.open"),
        "noConnection": t("lock.no_connection"),
        "unsent": t("lock.unsent"),
        "stopRecording": t("widget.stop_recording"),
    }
