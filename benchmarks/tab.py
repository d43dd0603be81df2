"""A tab without a browser: speaks Streamlit's websocket as the page does, with a handful of kilobytes of memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

_LARGEST_MESSAGE = 2**26


class Tab:
    def __init__(self, socket: ClientConnection, patience: float) -> None:
        self._socket = socket
        self._patience = patience
        self._page = ""
        self._shown: dict[str, Any] = {}
        """The elements of the last run by their ids, which contain the widgets' keys."""
        self._values: dict[str, WidgetState] = {}

    def run(self) -> str:
        """Runs the page with the values of its widgets; returns the text that it drew, without that of its fields."""
        message = BackMsg()
        asked = message.rerun_script
        asked.page_script_hash = self._page
        asked.context_info.timezone = "Asia/Seoul"
        asked.context_info.locale = "en-US"
        asked.widget_states.widgets.extend(self._values.values())
        self._socket.send(message.SerializeToString())
        return self.finish()

    def finish(self) -> str:
        """Reads until a run has ended."""
        texts, deadline = [], time.monotonic() + self._patience
        while True:
            message = ForwardMsg()
            message.ParseFromString(self._socket.recv(timeout=max(0.0, deadline - time.monotonic())))  # type: ignore[arg-type]
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._page = message.new_session.page_script_hash
                self._shown = {}
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                element = message.delta.new_element
                kind = str(element.WhichOneof("type"))
                shown = getattr(element, kind)
                if kind in ("text", "markdown", "html"):
                    texts.append(shown.body)
                if getattr(shown, "id", ""):
                    self._shown[shown.id] = shown
            elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return "\n".join(texts)

    def set(self, key: str, value: str | list[str] | bool) -> None:
        """Gives a widget, found by the start of its key, a text, chosen options, or a press."""
        widget = WidgetState(id=self._id_of(key))
        if isinstance(value, bool):
            widget.trigger_value = value
        elif isinstance(value, str):
            widget.string_value = value
        else:
            widget.string_array_value.data.extend(value)
        self._values[widget.id] = widget

    def _id_of(self, key: str) -> str:
        for element_id in self._shown:
            if f"-{key}" in element_id:
                return element_id
        raise LookupError(f"The page shows no widget {key}.")

    def forget_values(self) -> None:
        self._values.clear()


@contextmanager
def open_tab(url: str, token: str, patience: float = 150.0) -> Iterator[Tab]:
    """A tab of the session with this token."""
    socket = connect(
        f"ws://{urlsplit(url).netloc}/_stcore/stream",
        origin=url,  # type: ignore[arg-type]
        additional_headers={"Cookie": f"haru_session={token}"},
        subprotocols=["streamlit", "x"],  # type: ignore[list-item]
        max_size=_LARGEST_MESSAGE,
        open_timeout=patience,
        ping_interval=None,
    )
    with socket:
        yield Tab(socket, patience)
