"""A tab without a browser: it speaks Streamlit's websocket as the page does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.testclient import TestClient, WebSocketTestSession
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.web.conftest import Browser


class Tab:
    """An open tab. It remembers what its pages named: media addresses, and the ids of deferred downloads."""

    def __init__(self, socket: WebSocketTestSession) -> None:
        self._socket = socket
        self.id = ""
        self.pages: dict[str, str] = {}
        self.media: set[str] = set()
        self.downloads: list[str] = []

    def send(self, message: BackMsg | bytes) -> None:
        self._socket.send_bytes(message if isinstance(message, bytes) else message.SerializeToString())

    def receive(self) -> ForwardMsg:
        message = ForwardMsg()
        message.ParseFromString(self._socket.receive_bytes())
        return message

    def run(self, page: str = "") -> str:
        """Runs a page of Haru; returns all that it sent, as text."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self.pages.get(page, "")
        self.send(message)
        return self.finish()

    def finish(self) -> str:
        """Reads until a run has ended; returns all that it sent, as text."""
        texts = []
        while True:
            message = self.receive()
            texts.append(str(message))
            self.media |= set(re.findall(r"/media/[\w.]+", texts[-1]))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.id = message.new_session.initialize.session_id or self.id
            elif kind == "navigation":
                self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            elif kind == "delta" and (file_id := message.delta.new_element.download_button.deferred_file_id):
                self.downloads.append(file_id)
            elif kind == "script_finished":
                return "\n".join(texts)

    def kinds_answered(self, message: BackMsg | bytes) -> list[str]:
        """The kinds of the answers that come before that to a heartbeat sent after the message."""
        return [str(answer.WhichOneof("type")) for answer in self._answers(message)]

    def answered(self, message: BackMsg | bytes) -> list[str]:
        """The same answers as text."""
        return [str(answer) for answer in self._answers(message)]

    def _answers(self, message: BackMsg | bytes) -> Iterator[ForwardMsg]:
        self.send(message)
        self.send(BackMsg(app_heartbeat=True))
        while (answer := self.receive()).WhichOneof("type") != "heartbeat_ack":
            yield answer

    def ask_for_download(self, file_id: str, name: str = "") -> None:
        message = BackMsg()
        message.backend_operation_request.request_id = name
        message.backend_operation_request.session_id = self.id
        message.backend_operation_request.deferred_file.file_id = file_id
        self.send(message)

    def downloaded(self) -> tuple[str, str]:
        """The name of the download that is answered next, and its address."""
        while True:
            message = self.receive()
            if message.WhichOneof("type") == "backend_operation_response":
                answer = message.backend_operation_response
                return answer.request_id, answer.deferred_file.url


@contextmanager
def open_tab(client: TestClient, browser: Browser, comes_back_to: str = "", **headers: str) -> Iterator[Tab]:
    """Opens a tab of a signed-in browser, or comes back to one by its id."""
    sent = {"cookie": f"haru_session={browser.session}", "host": "localhost", "origin": "http://localhost"} | headers
    protocols = ["streamlit", "x", comes_back_to] if comes_back_to else ["streamlit"]
    with client.websocket_connect("/_stcore/stream", headers=sent, subprotocols=protocols) as socket:
        yield Tab(socket)
