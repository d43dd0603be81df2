"""Takes the note that the browser sends while its page is closing (assets/entry/note_field.js)."""

from __future__ import annotations

import json

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from diary import errors, left_notes, sessions
from web import cookies, origins

PATH = "/left-note"
_BODY_MAX = 64 * 1024
"""Browsers send no more from a page that is closing."""


async def left_note(request: Request) -> Response:
    if origins.sender(request.headers) != "own":
        return PlainTextResponse("Please open Haru in this browser.", status_code=403)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_MAX:
            return PlainTextResponse("The note is too long.", status_code=413)
    try:
        sent = json.loads(body)
        form, note, base = sent["form"], sent["note"], sent.get("base")
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        return PlainTextResponse("This is no note.", status_code=400)
    if not (isinstance(form, str) and isinstance(note, str) and isinstance(base, str | None)):
        return PlainTextResponse("This is no note.", status_code=400)
    try:
        session = await to_thread.run_sync(sessions.find, request.cookies.get(cookies.SESSION))
        if session is None:
            return PlainTextResponse("Please sign in first.", status_code=401)
        is_saved = await to_thread.run_sync(left_notes.save, session, form, note, base)
    except errors.DiaryError:
        return PlainTextResponse("The note cannot be saved now.", status_code=503)
    return Response(status_code=204 if is_saved else 409)


routes = [Route(PATH, left_note, methods=["POST"])]
