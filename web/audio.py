"""Serves the audio that the players play: Haru's own tracks, and a person's tracks to that person alone."""

from __future__ import annotations

import re

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

import settings
from diary import errors, own_tracks, sessions
from web import cookies

LOCAL, OWN = "/tracks/local", "/tracks/own"
"""Paths of Haru's own tracks and of a person's tracks."""
_OWN_ID = re.compile("[0-9a-f]{32}")


async def own_track(request: Request) -> Response:
    """Decrypts one track of the signed-in person; the browser must not cache it."""
    own_id = request.path_params["own_id"]
    try:
        session = await to_thread.run_sync(sessions.find, request.cookies.get(cookies.SESSION))
        if session is None or not _OWN_ID.fullmatch(own_id):
            return PlainTextResponse("There is no such track.", status_code=404)
        track = await to_thread.run_sync(own_tracks.audio, session, own_id)
    except errors.DiaryError:
        return PlainTextResponse("The track cannot be read now. Please try again later.", status_code=503)
    if track is None:
        return PlainTextResponse("There is no such track.", status_code=404)
    sound, mime = track
    return Response(sound, media_type=mime, headers={"Cache-Control": "no-store"})


routes = [
    Route(f"{OWN}/{{own_id}}", own_track),
    Mount(LOCAL, StaticFiles(directory=settings.ASSETS / "music", check_dir=False)),
]
