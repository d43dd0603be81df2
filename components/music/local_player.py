"""The player for local tracks, with a crossfade from each to the next (assets/players/local.js).

The music goes on when the person opens another page; a bar at the bottom of the window then holds its buttons.

The browser makes the crossfade, so that a person can skip, reorder and pause a list while it plays, and the server
need not render a mix and send the audio a second time. The curve comes from music/fade.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from streamlit.components.v2 import component

import links
import settings
from components.music.cover import cover
from components.music.playlist import Playlist
from components.visitor import current_language, t
from music import fade
from music.track import Track
from web import audio

FADE_SECONDS, SKIP_SECONDS = 4.0, 0.8
_POINTS = 64
_WORDS = ("play", "pause", "back", "position", "silent", "bar", "close")
_PLAYERS = settings.ASSETS / "players"
_HTML = """
<div class="player">
  <div class="local">
    <img class="strip" alt="">
    <div><div class="what"></div><div class="line by" style="margin:0"></div></div>
    <div class="time">
      <span class="done"></span><input type="range" min="0" value="0" step="0.1"><span class="whole"></span>
    </div>
    <div class="keys">
      <button type="button" class="back"><svg viewBox="0 0 24 24"><path d="M6 5h2v14H6zM20 5v14L9 12z"/></svg></button>
      <button type="button" class="main toggle">
        <svg class="is-play" viewBox="0 0 24 24"><path d="M8 5v14l11-7z"/></svg>
        <svg class="is-pause" viewBox="0 0 24 24" hidden><path d="M6 5h4v14H6zm8 0h4v14h-4z"/></svg>
      </button>
      <button type="button" class="next"><svg viewBox="0 0 24 24"><path d="M16 5h2v14h-2zM4 5v14l11-7z"/></svg></button>
    </div>
    <p class="line silent" hidden></p>
  </div>
</div>
"""

_PLAYER = component(
    "haru_local",
    html=_HTML,
    css=(_PLAYERS / "player.css").read_text(encoding="utf-8"),
    js=(_PLAYERS / "local.js").read_text(encoding="utf-8"),
)


def local_player(
    playing: Playlist,
    playable: frozenset[str],
    key: str,
    on: Mapping[str, Callable[[], None]],
) -> None:
    """Plays the list in order. A new `jump` moves it to `at`; it then begins to play if the person chose that track.

    `playable` holds the ids of the tracks that have sound.

    `on` holds the callbacks: `at` (another track began), `failed`, and `heard` and `skipped` with the ids of tracks.
    `st.session_state[key]` then holds the track or the tracks under the same name.
    """
    language = current_language()
    callbacks: dict[str, Any] = {f"on_{name}_change": act for name, act in on.items()}
    _PLAYER(
        key=key,
        data={
            "tracks": [
                {
                    "id": track.id,
                    "title": track.title_in(language),
                    "by": track.by_in(language),
                    "picture": cover(track),
                    "seconds": track.seconds or 0,
                    "url": _address(track) if track.id in playable else None,
                }
                for track in (choice.track for choice in playing.choices)
            ],
            "at": playing.at,
            "jump": playing.jump,
            "called": playing.called == playing.jump,
            "fade": _fade(),
            "says": {name: t(f"player.{name}") for name in _WORDS} | {"next": t("music.skip")},
        },
        **callbacks,
    )


def _address(track: Track) -> str:
    return links.to(f"{audio.LOCAL if track.kind == 'local' else audio.OWN}/{track.name}")


def _fade() -> dict[str, object]:
    curve = [round(float(gain), 4) for gain in fade.gains(_POINTS)]
    return {"seconds": FADE_SECONDS, "skip": SKIP_SECONDS, "in": curve, "out": curve[::-1]}
