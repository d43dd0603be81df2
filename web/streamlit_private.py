"""Everything that Haru uses of Streamlit's private interface, which any release may change.

After an update of Streamlit, compare each function here and in web/streamlit_build.py with the new sources and its
tests, then set `WRITTEN_FOR`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit import config
from streamlit import logger as streamlit_logger
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import Runtime, get_instance, memory_media_file_storage, memory_session_storage
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.media_file_storage import MediaFileKind, MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryFile, MemoryMediaFileStorage
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import StopException, get_script_run_ctx
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.state.common import user_key_from_element_id
from streamlit.runtime.state.session_state import Serialized, Value
from streamlit.runtime.uploaded_file_manager import UploadedFile
from streamlit.web.server.starlette import starlette_app, starlette_routes, starlette_websocket

WRITTEN_FOR = "1.67.0"

session_asking: ContextVar[str | None] = ContextVar("session_asking", default=None)
"""The session, by the hash of its cookie, whose request or websocket this is (web/tab_gate.py)."""

RUN_AGAIN = BackMsg(rerun_script=ClientState()).SerializeToString()
"""The message with which a tab asks for its page."""

PageStopped = StopException
"""What `st.stop` raises."""

_SESSION_HEADER, _SESSION = "x-haru-session", "session"
_OF_ITS_OWN_PAGE = ("rerun_script", "stop_script", "app_heartbeat", "file_urls_request")


def bind_tabs_to_sessions() -> None:
    """Makes Streamlit remember by which session each tab was opened, and whose pages show each media file.

    It then lets no other session come back to that tab. Call it before `st.App`.
    """
    config.set_option("server.trustedUserHeaders", {_SESSION_HEADER: _SESSION})
    setattr(memory_media_file_storage, MemoryMediaFileStorage.__name__, MediaOfSessions)
    setattr(memory_session_storage, MemorySessionStorage.__name__, ClosedTabs)


def with_session(headers: list[tuple[bytes, bytes]], session: str) -> list[tuple[bytes, bytes]]:
    """The headers of a websocket's handshake with the session that opens the tab, in place of what the browser sent."""
    name = _SESSION_HEADER.encode()
    return [*(pair for pair in headers if pair[0] != name), (name, session.encode())]


def is_tab_of(tab: str, session: str) -> bool:
    """Whether this session opened the tab, which has its websocket."""
    found = get_instance().get_app_session(tab)
    return found is not None and found.matches_user_info({_SESSION: session})


class MediaOfSessions(MemoryMediaFileStorage):
    """Streamlit's media files, each served only to the sessions whose pages show it.

    An address is a hash of the content: two people who show the same file have the same one.
    """

    def __init__(self, media_endpoint: str) -> None:
        super().__init__(media_endpoint)
        self._owners: dict[str, set[str]] = {}

    def load_and_get_id(
        self, path_or_data: str | bytes, mimetype: str, kind: MediaFileKind, filename: str | None = None
    ) -> str:
        file_id = super().load_and_get_id(path_or_data, mimetype, kind, filename)
        if session := _session_of_this_thread():
            self._owners.setdefault(file_id, set()).add(session)
        return file_id

    def get_file(self, filename: str) -> MemoryFile:
        found = super().get_file(filename)
        if _session_of_this_thread() not in self._owners.get(Path(filename).stem, ()):
            raise MediaFileStorageError("This file is another session's.")
        return found

    def delete_file(self, file_id: str) -> None:
        super().delete_file(file_id)
        self._owners.pop(file_id, None)


def _session_of_this_thread() -> str | None:
    """The session whose page this thread draws, or whose request it answers. Deferred downloads are such requests."""
    page = get_script_run_ctx(suppress_warning=True)
    if page is None:
        return session_asking.get()
    session = page.user_info.get(_SESSION)
    return session if isinstance(session, str) else None


def asked(sent: bytes) -> Literal["page", "download"] | None:
    """What a tab's message asks for: its own page, a download of that page, or None for all else.

    All else reaches further: `clear_cache` drops the models of all people, `load_git_info` reads the server's folder.
    """
    message = BackMsg()
    try:
        message.ParseFromString(sent)
    except Exception:  # protobuf's own error; only Streamlit requires that package
        return None
    kind = message.WhichOneof("type")
    if kind in _OF_ITS_OWN_PAGE:
        return "page"
    request = message.backend_operation_request
    if kind == "backend_operation_request" and request.WhichOneof("payload") == "deferred_file":
        # Streamlit itself compares the tab that the request names with the one that sent it.
        download = get_instance().media_file_mgr._deferred_callables.get(request.deferred_file.file_id)
        if download is None or download["session_id"] == request.session_id:
            return "download"
    return None


class ClosedTabs(MemorySessionStorage):
    """The sessions of tabs without a websocket, held for `server.disconnectedSessionTTL`: a tab may come back.

    Streamlit drops old ones only when another tab closes, and leaves their end to the garbage collection, which skips
    what was in memory when the models were loaded (understanding/runtime.py).
    """

    def __init__(self, maxsize: int = 128, ttl_seconds: int = 120) -> None:
        super().__init__(maxsize, ttl_seconds)
        self._not_ended: dict[str, SessionInfo] = {}

    def save(self, session_info: SessionInfo) -> None:
        super().save(session_info)
        self._not_ended[session_info.session.id] = session_info

    def delete(self, session_id: str) -> None:
        super().delete(session_id)
        self._not_ended.pop(session_id, None)

    def end_old(self) -> bool:
        """Ends those whose time is over, with all that their pages held. Returns whether there were any."""
        had_tabs = bool(self._not_ended)
        for session_id, tab in list(self._not_ended.items()):
            if self.get(session_id) is None:
                del self._not_ended[session_id]
                tab.session.shutdown()
                tab.session.session_state.clear()
        len(self._cache)  # drops what has expired, too
        return had_tabs


def end_closed_tabs() -> bool:
    """Ends the tabs that were closed too long ago to come back. Returns whether there were any tabs at all."""
    manager = get_instance()._session_mgr
    had_tabs = bool(manager.list_sessions())
    storage = getattr(manager, "_session_storage", None)
    if isinstance(storage, ClosedTabs):
        had_tabs |= storage.end_old()
    return had_tabs


def close_all_sessions() -> None:
    """Removes the visitors' data from the server's memory.

    Every open tab runs once more, finds its session gone and clears its state. Closed tabs lose their uploads.
    """
    _close_tabs(lambda tab: True)


def sessions_with_tabs() -> set[str]:
    """The sessions, by the hashes of their cookies, whose tabs are open or may still come back."""
    opened_by = [tab.session._user_info.get(_SESSION) for tab in get_instance()._session_mgr.list_sessions()]
    return {session for session in opened_by if isinstance(session, str)}


def close_tabs_of(session: str) -> None:
    """`close_all_sessions` for the tabs of one session that has ended or is locked. Other threads may call it."""
    if not Runtime.exists():  # a command, or a test of one page
        return
    loop = get_instance()._get_async_objs().eventloop
    loop.call_soon_threadsafe(_close_tabs, lambda tab: tab.matches_user_info({_SESSION: session}))


def _close_tabs(is_meant: Callable[[AppSession], bool]) -> None:
    runtime = get_instance()
    manager = runtime._session_mgr
    open_tabs = open_session_ids()
    for tab in [tab for tab in manager.list_sessions() if is_meant(tab.session)]:
        runtime.uploaded_file_mgr.remove_session_files(tab.session.id)
        runtime.media_file_mgr.clear_session_refs(tab.session.id)
        if tab.session.id in open_tabs:
            tab.session.request_rerun(None)
        else:
            runtime.close_session(tab.session.id)
    runtime.media_file_mgr.remove_orphaned_files()


def uploaded_bytes(session: str) -> tuple[int, int]:
    """How many bytes of uploads the tabs of one session hold, and those of all."""
    files = get_instance().uploaded_file_mgr
    assert isinstance(files, MemoryUploadedFileManager)
    held = {tab: sum(len(file.data) for file in list(of_tab.values())) for tab, of_tab in [*files.file_storage.items()]}
    tabs = get_instance()._session_mgr.list_sessions()  # closed ones, too, as long as they may come back
    own = (tab.session.id for tab in tabs if tab.session._user_info.get(_SESSION) == session)
    return sum(held.get(tab, 0) for tab in own), sum(held.values())


def largest_upload() -> int:
    """In bytes."""
    return config.get_option("server.maxUploadSize") * 2**20


def open_session_ids() -> set[str]:
    """The ids of the tabs that have a websocket."""
    return {tab.session.id for tab in get_instance()._session_mgr.list_active_sessions()}


def watch_this_tab() -> Callable[[], bool]:
    """A function that other threads may call: whether the tab of this script run still has its websocket."""
    context = get_script_run_ctx()
    if context is None:
        raise RuntimeError("There is no script run in this thread.")
    return partial(is_open, context.session_id)


def is_open(session_id: str) -> bool:
    return get_instance().is_active_session(session_id)


def register_pages_only_by_navigation() -> None:
    """Stops Streamlit from serving the files of pages/ as apps of their own.

    Streamlit looks for that folder until a script has called `st.navigation` once. Until then, a visitor
    who follows a link to /settings would get that page without the navigation.
    """
    PagesManager.uses_pages_directory = False


@contextmanager
def app_tests_register_pages_only_by_navigation() -> Iterator[None]:
    """`register_pages_only_by_navigation` for AppTest, which resets it before every run."""
    init = PagesManager.__init__

    def init_and_register(self: PagesManager, *arguments, **options) -> None:
        init(self, *arguments, **options)
        register_pages_only_by_navigation()

    PagesManager.__init__ = init_and_register
    try:
        yield
    finally:
        PagesManager.__init__ = init


def show_no_error_dialogs() -> None:
    """Tells the browser's part of Streamlit to show none of its own dialogs, which are in English and for developers.

    Streamlit has a switch for this in what it sends each browser at first, but no option that sets it.
    """
    create = starlette_routes.create_host_config_routes

    def create_with_switch(base_url: str | None) -> list[BaseRoute]:
        (route,) = create(base_url)
        assert isinstance(route, Route)

        async def host_config(request: Request) -> Response:
            response = await route.endpoint(request)
            config_sent = json.loads(response.body) | {"blockErrorDialogs": True}
            headers = {name: value for name, value in response.headers.items() if name != "content-length"}
            return JSONResponse(config_sent, headers=headers)

        return [Route(route.path, host_config, methods=["GET"])]

    setattr(starlette_app, create.__name__, create_with_switch)


def load_fonts_below(base: str) -> None:
    """Puts the base path before the addresses of fonts in .streamlit/config.toml."""
    faces = config.get_option("theme.fontFaces") or []
    config.set_option("theme.fontFaces", [{**face, "url": base + face["url"]} for face in faces])


def answer_at_the_root() -> None:
    """Ignores a base path in Streamlit's own settings: the gates compare paths without one (web/base_path.py)."""
    config.set_option("server.baseUrlPath", "")


def log_through_root() -> None:
    """Makes Streamlit's loggers, also those that it makes later, write as the root logger does.

    Only uvicorn's line for each request stays off: it holds the whole address.
    """

    def without_own_handler(logger: logging.Logger) -> None:
        logger.handlers.clear()
        logger.propagate = logger.name != "uvicorn.access"
        logger.setLevel(logging.NOTSET)

    setattr(streamlit_logger, streamlit_logger.setup_formatter.__name__, without_own_handler)
    streamlit_logger.update_formatter()


def allowed_address(url: object) -> str | None:
    """The scheme and host of the address that a browser says it uses; None if Haru does not answer to this host."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    if not is_address or not starlette_websocket.is_host_allowed(parts.netloc):
        return None
    return f"{parts.scheme}://{parts.netloc}"


def sign_cookies_with(secret: bytes) -> None:
    """Makes Streamlit sign its own cookies with `secret`, so that they survive a restart."""
    config.set_option("server.cookieSecret", secret.hex())


def sent_texts() -> dict[str, str]:
    """The content of the text fields by their keys, as the browser sent it for this run.

    Also of those that no run of this session has drawn: after a restart, the browser still shows the fields of the
    session before.
    """
    context = get_script_run_ctx()
    if context is None:
        return {}
    sent = {}
    for element_id, found in context.session_state._state._new_widget_state.states.items():
        key = user_key_from_element_id(element_id)
        if key is not None and isinstance(found, Serialized) and found.value.WhichOneof("value") == "string_value":
            sent[key] = found.value.string_value
    return sent


def forget_callbacks() -> None:
    """Forgets the callbacks of all widgets, with their arguments; Streamlit holds them while the tab is open."""
    if context := get_script_run_ctx(suppress_warning=True):
        context.session_state._state._new_widget_state.widget_metadata.clear()


def forget_unshown_uploads() -> None:
    """Removes the uploaded files whose uploader this run does not draw any more. Call it where a run ends.

    Streamlit keeps them as long as the tab's session, for an uploader that will not come back.
    """
    context = get_script_run_ctx()
    if context is None or not isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        return
    session_state, shown = context.session_state._state, context.shared.widget_ids_this_run.snapshot()
    of_widgets = {**session_state._old_state, **session_state._new_widget_state.states}
    files: dict[bool, set[str]] = {True: set(), False: set()}
    for widget_id, found in of_widgets.items():
        files[widget_id in shown].update(_uploads_in(found))
    for file_id in files[False] - files[True]:
        context.uploaded_file_mgr.remove_file(context.session_id, file_id)


def _uploads_in(state_of_widget: object) -> Iterator[str]:
    """The ids of the files that a widget holds, whether it was drawn already or not."""
    if isinstance(state_of_widget, Serialized):
        if state_of_widget.value.WhichOneof("value") == "file_uploader_state_value":
            yield from (file.file_id for file in state_of_widget.value.file_uploader_state_value.uploaded_file_info)
        return
    value = state_of_widget.value if isinstance(state_of_widget, Value) else state_of_widget
    for file in value if isinstance(value, list) else [value]:
        if isinstance(file, UploadedFile):
            yield file.file_id


def page_of_this_run() -> str:
    """An id of the page that the current script run draws."""
    context = get_script_run_ctx()
    if context is None:
        raise RuntimeError("There is no script run in this thread.")
    return context.page_script_hash


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Lets no newer request end the run inside, for steps that must not happen without one another.

    Otherwise each access of session state may end it: a second click of the person is enough. That holds for callbacks,
    too. Draw nothing inside.
    """
    context = get_script_run_ctx()
    if context is None:  # a test without a script run
        yield
        return
    state = context.session_state
    end_if_requested = state._yield_callback
    object.__setattr__(state, "_yield_callback", lambda: None)  # its own __setattr__ sets session state
    try:
        yield
    finally:
        object.__setattr__(state, "_yield_callback", end_if_requested)
