"""A browser that goes away while it sends a form leaves no traceback."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from web import sign_in


@pytest.mark.parametrize("path", [sign_in.SIGN_IN, sign_in.SIGN_UP, sign_in.RECOVER])
def test_a_form_that_breaks_off_ends_quietly(served: TestClient, running: None, data_folder: object, path: str) -> None:
    import app

    messages = iter([{"type": "http.request", "body": b"name=Ji", "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> dict:
        return next(messages)

    async def send(message: dict) -> None:
        """Nobody is there."""

    headers = [(b"host", b"localhost"), (b"origin", b"http://localhost"), (b"content-length", b"100")]
    scope = {
        **{"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""},
        **{"headers": headers, "scheme": "http", "server": ("localhost", 80), "client": ("192.0.2.1", 5)},
        **{"http_version": "1.1", "asgi": {"version": "3.0"}, "root_path": ""},
    }
    assert served.portal is not None
    served.portal.call(app.app, scope, receive, send)  # raises no ClientDisconnect
