"""Which pages are replaced by Haru's own HTML."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from web.index_page import IndexPageMiddleware


async def _its_own_page(request: Request) -> Response:
    return HTMLResponse("<title>its own</title>")


@pytest.mark.parametrize(
    ("path", "is_haru"),
    [
        ("/", True),
        ("/days", True),
        # The frame of the live picture: a package's own page.
        ("/component/streamlit_webrtc.component.webrtc_streamer/index.html", False),
        ("/account/sign-in", False),
    ],
)
def test_only_streamlits_page_is_replaced(path: str, is_haru: bool) -> None:
    app = IndexPageMiddleware(Starlette(routes=[Route("/{path:path}", _its_own_page)]))
    answer = TestClient(app).get(path)
    assert ("its own" not in answer.text) == is_haru
