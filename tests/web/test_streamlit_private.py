"""The private names of Streamlit that Haru uses exist in the pinned version."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit
from starlette.testclient import TestClient
from streamlit import config
from streamlit.runtime import get_instance
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from tests.web.conftest import Browser
from web import streamlit_private

PROJECT = Path(__file__).parents[2]
PRIVATE = re.compile(
    r"^\s*(?:from streamlit\.runtime(?!\.uploaded_file_manager)|from streamlit import config)|\._session_mgr"
)


def test_it_was_written_for_this_streamlit() -> None:
    pinned = re.search(r"^streamlit==(\S+)$", (PROJECT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert pinned is not None
    if not pinned[1] == streamlit.__version__ == streamlit_private.WRITTEN_FOR:
        pytest.fail(
            f"requirements.txt names Streamlit {pinned[1]}, {streamlit.__version__} is installed, and "
            f"web/streamlit_private.py was written for {streamlit_private.WRITTEN_FOR}: compare it with the new "
            "sources, then set WRITTEN_FOR."
        )


def test_no_other_file_uses_the_private_interface() -> None:
    rooms = ("benchmarks", "components", "demo", "pages", "web")
    files = [*PROJECT.glob("*.py"), *(file for room in rooms for file in (PROJECT / room).rglob("*.py"))]
    using = [
        file.relative_to(PROJECT).as_posix()
        for file in files
        if any(PRIVATE.search(line) for line in file.read_text(encoding="utf-8").splitlines())
    ]
    assert using == ["web/streamlit_private.py"]


def test_what_visitors_uploaded_is_dropped(served: TestClient, browser: Browser) -> None:
    browser.sign_up()
    headers = {"cookie": f"haru_session={browser.session}", "host": "localhost", "origin": "http://localhost"}
    runtime, before = get_instance(), streamlit_private.open_session_ids()
    with served.websocket_connect("/_stcore/stream", headers=headers, subprotocols=["streamlit"]):
        (tab,) = streamlit_private.open_session_ids() - before
        runtime.uploaded_file_mgr.add_file(tab, _record("a recording"))
        storage = runtime.media_file_mgr._storage
        orphan = storage.load_and_get_id(b"a picture", "image/png", MediaFileKind.MEDIA)
        runtime.media_file_mgr._file_metadata[orphan] = _metadata()
        streamlit_private.close_all_sessions()
        assert runtime.uploaded_file_mgr.get_files(tab, ["a recording"]) == []
        assert orphan not in runtime.media_file_mgr._file_metadata
        assert tab in streamlit_private.open_session_ids(), "an open tab only runs once more"
    streamlit_private.close_all_sessions()
    assert runtime._session_mgr.list_sessions() == [], "a closed tab is forgotten"


def test_a_tab_is_open_as_long_as_its_websocket(
    served: TestClient, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_up()
    headers = {"cookie": f"haru_session={browser.session}", "host": "localhost", "origin": "http://localhost"}
    before = streamlit_private.open_session_ids()
    with served.websocket_connect("/_stcore/stream", headers=headers, subprotocols=["streamlit"]):
        (tab,) = streamlit_private.open_session_ids() - before
        monkeypatch.setattr(streamlit_private, "get_script_run_ctx", lambda: SimpleNamespace(session_id=tab))
        is_open = streamlit_private.watch_this_tab()
        assert is_open()
    assert not is_open()


def test_cookies_are_signed_with_the_secret() -> None:
    before = config.get_option("server.cookieSecret")
    try:
        streamlit_private.sign_cookies_with(b"\x01\xab")
        assert config.get_option("server.cookieSecret") == "01ab"
    finally:
        config.set_option("server.cookieSecret", before)


def test_app_tests_register_pages_only_by_navigation() -> None:
    main = str(PROJECT / "ui.py")
    init = PagesManager.__init__
    with streamlit_private.app_tests_register_pages_only_by_navigation():
        PagesManager(main)
        assert PagesManager.uses_pages_directory is False
    assert PagesManager.__init__ is init


def test_streamlit_shows_no_dialogs_of_its_own(browser: Browser) -> None:
    browser.sign_up()
    sent = browser.get("/_stcore/host-config").json()
    assert sent["blockErrorDialogs"] is True
    assert "allowedOrigins" in sent


def test_a_page_and_a_tab_have_an_id_only_while_a_script_runs() -> None:
    for ask in (streamlit_private.page_of_this_run, streamlit_private.watch_this_tab):
        with pytest.raises(RuntimeError, match="no script run"):
            ask()


def _record(file_id: str):
    from streamlit.runtime.uploaded_file_manager import UploadedFileRec

    return UploadedFileRec(file_id, "recording.wav", "audio/wav", b"RIFF")


def _metadata():
    from streamlit.runtime.media_file_manager import MediaFileMetadata

    return MediaFileMetadata(kind=MediaFileKind.MEDIA)


def page_with_a_newer_request() -> None:
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    from web import streamlit_private

    runs = st.session_state.setdefault("runs", [])
    runs.append("begun")
    if len(runs) == 1:
        with streamlit_private.uninterrupted():
            get_script_run_ctx().script_requests.request_rerun(RerunData())
            st.session_state["inside"] = True
            runs.append("inside")
        st.session_state["after"] = True
        runs.append("after")


def test_a_newer_request_ends_a_run_only_after_the_steps_that_belong_together() -> None:
    app = AppTest.from_function(page_with_a_newer_request).run()
    assert not app.exception
    assert app.session_state["runs"] == ["begun", "inside", "begun"]
    assert "after" not in app.session_state
