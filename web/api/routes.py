"""The addresses of the API."""

from __future__ import annotations

import json
from functools import cache
from itertools import groupby
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import links
from diary.api_tokens import MOODS, NOTES, WRITE
from web.api import entries, months, this_token, trackers
from web.api.call import ROOT, Operation
from web.api.gate import Endpoint

DOCUMENT = f"{ROOT}/openapi.json"
OPERATIONS = (
    Operation("GET", "/token", (), this_token.describe),
    Operation("DELETE", "/token", (), this_token.revoke),
    Operation("GET", "/moods", (), months.moods),
    Operation("GET", "/months/{month}", (MOODS,), months.month),
    Operation("GET", "/entries", (MOODS,), entries.of_days),
    Operation("POST", "/entries", (WRITE,), entries.keep, has_body=True),
    Operation("GET", "/entries/{entry_id}", (MOODS,), entries.one),
    Operation("PUT", "/entries/{entry_id}/note", (WRITE, NOTES), entries.change_note, has_body=True),
    Operation("GET", "/trackers", (NOTES,), trackers.of_days),
    Operation("PUT", "/trackers/{tracker_id}/values/{day}", (WRITE, NOTES), trackers.set_value, has_body=True),
)


@cache
def _document() -> dict:
    return json.loads((Path(__file__).parent / "openapi.json").read_text(encoding="utf-8"))


async def document(_request: Request) -> Response:
    """The only address without a token: it says nothing of anybody."""
    here = {"servers": [{"url": links.to(ROOT)}]}
    return JSONResponse(_document() | here, headers={"Cache-Control": "no-cache"})


routes = [
    Route(DOCUMENT, document, methods=["GET"]),
    *(
        Route(ROOT + path, Endpoint(*of_path))
        for path, of_path in groupby(OPERATIONS, key=lambda operation: operation.path)
    ),
    # Without this route, Streamlit would answer unknown addresses below /api/ with its own page.
    Route("/api/{rest:path}", Endpoint()),
]
