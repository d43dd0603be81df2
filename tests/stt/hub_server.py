"""A hub on this machine that serves one model, and fails as a real one may."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from stt.hub import File, Version

REPOSITORY, REVISION = "someone/whisper", "0123456789abcdef0123456789abcdef01234567"


def version_of(folder: Path) -> Version:
    """The files of a folder as `stt.hub` pins them; model.bin comes last, as there."""
    names = sorted((file.name for file in folder.iterdir()), key=lambda name: (name == "model.bin", name))
    contents = {name: (folder / name).read_bytes() for name in names}
    files = (File(name, len(content), hashlib.sha256(content).hexdigest()) for name, content in contents.items())
    return Version(REPOSITORY, REVISION, tuple(files))


@dataclass
class Hub:
    folder: Path
    address: str = ""
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    """Name and range of each request."""
    failures: list[int] = field(default_factory=list)
    """Statuses for the next requests; 0 cuts the connection without an answer."""
    cut_after: int | None = None
    """Ends each answer after this many bytes."""
    slow: threading.Event | None = None
    """Stops in the middle of model.bin until this is set."""
    knows_ranges: bool = True

    def names(self) -> list[str]:
        return [name for name, _ in self.asked]


@contextmanager
def serve(folder: Path) -> Iterator[Hub]:
    hub = Hub(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """The hub redirects to its storage, as huggingface.co does."""
            if self.path.startswith("/storage/"):
                self._send(self.path.removeprefix("/storage/"))
                return
            prefix, _, name = self.path.rpartition("/")
            if prefix != f"/{REPOSITORY}/resolve/{REVISION}":
                self.send_error(404)
                return
            hub.asked.append((name, self.headers["Range"]))
            if hub.failures:
                status = hub.failures.pop(0)
                if status:
                    self.send_error(status)
                self.close_connection = True
                return
            self.send_response(302)
            self.send_header("Location", f"/storage/{name}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _send(self, name: str) -> None:
            content = (hub.folder / name).read_bytes()
            asked = self.headers["Range"]
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and hub.knows_ranges else 0
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            rest = content[start:]
            if hub.cut_after is not None:
                rest = rest[: hub.cut_after]
                self.close_connection = True
            if hub.slow and name == "model.bin":
                self.wfile.write(rest[:-1000])
                self.wfile.flush()
                hub.slow.wait(60)
                rest = rest[-1000:]
            with suppress(ConnectionError):  # a test ended the command meanwhile
                self.wfile.write(rest)

        def log_message(self, *arguments: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        if hub.slow:
            hub.slow.set()
        server.shutdown()
        server.server_close()
        thread.join()
