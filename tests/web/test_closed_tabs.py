"""What a person gave leaves the server's memory: with its uploader, and with its tab."""

from __future__ import annotations

import asyncio
import ctypes
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient
from streamlit.runtime import get_instance
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from diary import account_locks, accounts, database, errors, sessions
from language import say
from tests import asynchronous
from tests.web.conftest import Browser
from tests.web.tabs import open_tab
from web import closed_tabs, streamlit_private

LEADS_AWAY = "location.replace(\\'/account/sign-in"


def the_page() -> AppTest:
    def script() -> None:
        import streamlit as st
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        from web import streamlit_private

        number = st.session_state.setdefault("number", 0)
        taken = st.session_state.get(f"files_{number}")
        if st.session_state.get("takes") and taken:
            number = st.session_state.number = number + 1
        st.file_uploader("files", key=f"files_{number}", accept_multiple_files=True)
        st.file_uploader("other", key="other")
        streamlit_private.forget_unshown_uploads()
        stored = get_script_run_ctx().uploaded_file_mgr.file_storage.values()
        st.session_state.held = sorted(file.name for files in stored for file in files.values())

    return AppTest.from_function(script).run()


def test_a_file_is_held_as_long_as_its_uploader_is_shown() -> None:
    page = the_page()
    page.file_uploader[0].set_value([("one", b"1", "text/plain"), ("two", b"2", "text/plain")]).run()
    page.file_uploader[1].set_value([("three", b"3", "text/plain")]).run()
    page.run()
    assert page.session_state.held == ["one", "three", "two"]
    page.session_state.number = 1
    page.run()
    assert page.session_state.held == ["three"]


def test_a_file_that_a_form_took_at_once_is_not_held() -> None:
    page = the_page()
    page.session_state.takes = True
    page.file_uploader[1].set_value([("three", b"3", "text/plain")]).run()
    page.file_uploader[0].set_value([("one", b"1", "text/plain")]).run()
    assert page.session_state.held == ["three"]


@pytest.mark.parametrize("is_old", [False, True])
def test_a_closed_tab_is_ended_once_it_cannot_come_back(
    served: TestClient, browser: Browser, is_old: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_up()
    headers = {"cookie": f"haru_session={browser.session}", "host": "localhost", "origin": "http://localhost"}
    runtime, before = get_instance(), streamlit_private.open_session_ids()
    with served.websocket_connect("/_stcore/stream", headers=headers, subprotocols=["streamlit"]):
        (tab,) = streamlit_private.open_session_ids() - before
        runtime.uploaded_file_mgr.add_file(tab, UploadedFileRec("1", "a.wav", "audio/wav", b"a recording"))
        found = runtime._session_mgr.get_session_info(tab)
        assert found is not None
        found.session.session_state["held"] = "a recording"
    storage = runtime._session_mgr._session_storage
    if is_old:
        monkeypatch.setattr(storage._cache, "_timer", lambda timer=storage._cache._timer: timer() + 121)
    streamlit_private.end_closed_tabs()
    assert bool(runtime.uploaded_file_mgr.get_files(tab, ["1"])) is not is_old
    assert ("held" in found.session.session_state) is not is_old


@pytest.mark.parametrize("ends", ["here", "everywhere", "by the operator", "locked by the operator", "too long ago"])
def test_the_other_tabs_of_an_ended_session_lead_to_sign_in_and_hold_nothing(
    served: TestClient, browser: Browser, other_browser: Browser, ends: str
) -> None:
    browser.sign_up()
    other_browser.sign_up(name="Minho")
    with open_tab(served, browser) as tab, open_tab(served, other_browser) as others:
        tab.run()
        others.run()
        runtime = get_instance()
        for of in (tab, others):
            runtime.uploaded_file_mgr.add_file(of.id, UploadedFileRec("1", "a.wav", "audio/wav", b"a recording"))
        asynchronous.run(closed_tabs.close_those_of_ended_sessions())
        assert runtime.uploaded_file_mgr.get_files(tab.id, ["1"])
        if ends == "by the operator":
            session = sessions.find(browser.session)
            accounts.delete_by_id(session.account_id, session.name)
        elif ends == "locked by the operator":  # in another process, by `haru-admin lock`
            account_locks.lock(sessions.find(browser.session).account_id)
        elif ends == "too long ago":
            with database.transaction() as db:
                long_ago = datetime.now(UTC) - sessions.IDLE_LIMIT - timedelta(seconds=1)
                hash_ = sessions.find(browser.session).token_hash
                db.table("sessions").update(hash_, {"last_seen_at": database.timestamp(long_ago)})
        else:
            browser.post("/account/sign-out", {"everywhere": "yes"} if ends == "everywhere" else {})
        asynchronous.run(closed_tabs.close_those_of_ended_sessions())
        said = tab.finish()
        assert LEADS_AWAY in said
        assert (say("en", "error.account_locked") in said) == (ends == "locked by the operator")
        assert runtime.uploaded_file_mgr.get_files(tab.id, ["1"]) == []
        assert runtime.uploaded_file_mgr.get_files(others.id, ["1"])
        assert LEADS_AWAY not in others.run()


def test_while_the_database_cannot_be_read_no_tab_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_hashes: object) -> None:
        raise errors.DatabaseBusy

    monkeypatch.setattr(sessions, "ended", broken)
    monkeypatch.setattr(streamlit_private, "sessions_with_tabs", lambda: {"one"})
    asynchronous.run(closed_tabs.close_those_of_ended_sessions())


def test_after_an_error_the_next_look_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    def broken() -> bool:
        looks.append("look")
        raise RuntimeError

    async def act() -> None:
        async with closed_tabs.ending():
            while len(looks) < 3:
                await asyncio.sleep(0.001)

    monkeypatch.setattr(closed_tabs, "_SWEEP", 0.001)
    monkeypatch.setattr(streamlit_private, "sessions_with_tabs", set)
    monkeypatch.setattr(streamlit_private, "end_closed_tabs", broken)
    asynchronous.run(act())
    assert len(looks) >= 3


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="only glibc has this option")
def test_freed_memory_is_overwritten() -> None:
    script = """
import ctypes
from web import closed_tabs
closed_tabs.overwrite_freed_memory()
content = bytearray(b"a marked recording " * 1000)
address = ctypes.addressof((ctypes.c_char * 1).from_buffer(content))
kept = bytearray(50_000)  # so that the block does not go back to the system
del content
print(b"marked" in ctypes.string_at(address, 19_000))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
