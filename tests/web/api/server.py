"""The API behind a real socket, for what needs one: the command `haru`, and the recipes of docs/api.md."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from tests.web.conftest import free_port
from web.api.routes import routes


@contextmanager
def serving(app: Starlette | None = None) -> Iterator[str]:
    """The address of a server that runs until the end of the block."""
    port = free_port()
    config = uvicorn.Config(app or Starlette(routes=routes), port=port, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
