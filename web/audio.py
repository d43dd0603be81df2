"""Where the players get their sound: the tracks that come with Haru, and one's own, opened for their owner alone."""

from __future__ import annotations

import re
from pathlib import Path

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from diary import errors, own_tracks, sessions
from web import cookies

LOCAL, OWN = "/tracks/local", "/tracks/own"
_MUSIC = Path(__file__).resolve().parent.parent / "assets" / "music"
_OWN_ID = re.compile("[0-9a-f]{32}")


async def own_track(request: Request) -> Response:
    """One piece of one's own music, out of the vault into the player; nothing stays in the browser's cache."""
    own_id = request.path_params["own_id"]
    try:
        session = await to_thread.run_sync(sessions.find, request.cookies.get(cookies.SESSION))
        if session is None or not _OWN_ID.fullmatch(own_id):
            return PlainTextResponse("Not here.", status_code=404)
        kept = await to_thread.run_sync(own_tracks.sound, session, own_id)
    except errors.DiaryError:
        return PlainTextResponse("This cannot be opened just now.", status_code=503)
    if kept is None:
        return PlainTextResponse("Not here.", status_code=404)
    sound, mime = kept
    return Response(sound, media_type=mime, headers={"Cache-Control": "no-store"})


routes = [
    Route(f"{OWN}/{{own_id}}", own_track),
    Mount(LOCAL, StaticFiles(directory=_MUSIC, check_dir=False)),
]
