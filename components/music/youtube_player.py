"""The YouTube player; the browser loads it only when the person presses its button (assets/players/youtube.js)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from streamlit.components.v2 import component

import settings
from components.music.cover import cover
from components.visitor import current_language, t
from music.track import Track

_PLAYERS = settings.ASSETS / "players"
_HTML = """
<div class="player">
  <div class="screen">
    <img alt="">
    <div class="front"><strong></strong><button type="button" class="main start"></button></div>
  </div>
  <p class="line trouble" role="status" hidden></p>
  <p class="line"><span class="contact"></span> <a class="elsewhere" target="_blank" rel="noopener"></a></p>
</div>
"""

_PLAYER = component(
    "haru_youtube",
    html=_HTML,
    css=(_PLAYERS / "player.css").read_text(encoding="utf-8"),
    js=(_PLAYERS / "youtube.js").read_text(encoding="utf-8"),
)


def youtube_player(track: Track, title: str, opened: bool, key: str, on: Mapping[str, Callable[[], None]]) -> None:
    """`on` holds the callbacks: opened, heard, ended, failed (not playable here) and silent (no answer from YouTube).

    `st.session_state[key]` then holds the video under the same name.
    """
    callbacks: dict[str, Any] = {f"on_{name}_change": act for name, act in on.items()}
    _PLAYER(
        key=key,
        data={
            "video": track.name,
            "title": title,
            "picture": cover(track),
            "opened": opened,
            "language": current_language(),
            "says": {name: t(f"youtube.{name}") for name in ("play", "contact", "elsewhere", "trouble", "silent")},
        },
        **callbacks,
    )
