"""Two people on one server: neither reaches what the other's tabs made, and nobody does after signing out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit import config, net_util
from streamlit.components.v1.custom_component import CustomComponent
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import get_instance, runtime_util
from streamlit.runtime.caching import cache_data, cache_resource
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from diary import errors, sessions
from tests.web.conftest import Browser
from tests.web.tabs import Tab, open_tab
from web import streamlit_private, tab_gate

BOUNDARY = "a-boundary-that-is-in-no-file"
BODY = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nsound\r\n--{BOUNDARY}--\r\n'
)


@pytest.fixture
def alice(browser: Browser) -> Browser:
    browser.sign_up(name="Alice")
    return browser


@pytest.fixture
def bob(other_browser: Browser) -> Browser:
    other_browser.sign_up(name="Bob")
    return other_browser


@pytest.fixture
def hers(served: TestClient, alice: Browser) -> Iterator[Tab]:
    """A tab of Alice's, which has run its first page."""
    with open_tab(served, alice) as tab:
        tab.run()
        yield tab


@pytest.fixture
def his(served: TestClient, bob: Browser) -> Iterator[Tab]:
    with open_tab(served, bob) as tab:
        tab.run()
        yield tab


def sign_out(browser: Browser) -> str:
    """Signs out; returns the cookie that opened the session."""
    cookie = f"haru_session={browser.session}"
    assert browser.post("/account/sign-out", {}).status_code == 303
    return cookie


def upload(browser: Browser, method: str, tab: str, file_id: str = "1") -> int:
    token = generate_xsrf_token_string()
    headers = {"X-Xsrftoken": token, "cookie": f"haru_session={browser.session}; _streamlit_xsrf={token}"}
    if method == "PUT":
        headers["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
    content = BODY.encode() if method == "PUT" else b""
    path = f"/_stcore/upload_file/{tab}/{file_id}"
    return browser.ask(method, path, content=content, headers=headers).status_code


def test_a_media_address_answers_only_the_session_whose_page_shows_it(hers: Tab, alice: Browser, bob: Browser) -> None:
    assert hers.media
    for address in hers.media:
        answer = alice.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "private, no-cache"
        assert bob.get(address).status_code == 404, address
        cookie = f"haru_session={alice.session}"
        assert alice.get(address, headers={"cookie": cookie}).status_code == 200
    cookie = sign_out(alice)
    for address in hers.media:
        assert alice.get(address).status_code == 401
        assert alice.get(address, headers={"cookie": cookie}).status_code == 401


def test_a_media_address_dies_with_the_session_that_showed_it(hers: Tab, alice: Browser) -> None:
    """The same person who signs in again gets new pages, not the addresses of the old ones."""
    sign_out(alice)
    alice.sign_in("Alice")
    assert {alice.get(address).status_code for address in hers.media} == {404}


def test_two_people_who_show_the_same_file_both_get_it(hers: Tab, his: Tab, alice: Browser, bob: Browser) -> None:
    both = hers.media & his.media
    assert both, "the icon of the page"
    for address in both:
        assert alice.get(address).status_code == bob.get(address).status_code == 200


def test_nobody_uploads_into_a_tab_of_another_session(hers: Tab, alice: Browser, bob: Browser) -> None:
    files = get_instance().uploaded_file_mgr
    assert upload(bob, "PUT", hers.id) == 404
    assert files.get_files(hers.id, ["1"]) == []
    assert upload(alice, "PUT", hers.id) == 204
    assert [file.data for file in files.get_files(hers.id, ["1"])] == [b"sound"]


def test_nobody_deletes_from_a_tab_of_another_session(hers: Tab, alice: Browser, bob: Browser) -> None:
    files = get_instance().uploaded_file_mgr
    files.add_file(hers.id, UploadedFileRec("1", "a.wav", "audio/wav", b"sound"))
    assert upload(bob, "DELETE", hers.id) == 404
    assert files.get_files(hers.id, ["1"])
    assert upload(alice, "DELETE", hers.id) == 204
    assert files.get_files(hers.id, ["1"]) == []


def test_after_signing_out_a_tab_takes_no_upload(hers: Tab, alice: Browser) -> None:
    sign_out(alice)
    assert upload(alice, "PUT", hers.id) == 401
    alice.sign_in("Alice")
    assert upload(alice, "PUT", hers.id) == 404


def test_a_deferred_download_answers_only_in_its_own_tab(hers: Tab, his: Tab, alice: Browser, bob: Browser) -> None:
    hers.run("data")
    his.run("data")
    his.ask_for_download(hers.downloads[0], "hers")
    his.ask_for_download(his.downloads[0], "his")
    name, address = his.downloaded()
    assert name == "his"
    assert bob.get(address).status_code == 200
    assert alice.get(address).status_code == 404


def test_after_signing_out_a_tab_makes_no_download_but_leads_to_sign_in(hers: Tab, alice: Browser) -> None:
    hers.run("data")
    sign_out(alice)
    hers.ask_for_download(hers.downloads[0])
    assert "/account/sign-in" in hers.finish()


@pytest.mark.parametrize("still_open", [True, False])
def test_nobody_comes_back_to_a_tab_of_another_session(
    served: TestClient, alice: Browser, bob: Browser, still_open: bool
) -> None:
    with open_tab(served, alice) as hers:
        hers.run()
        if still_open:
            with open_tab(served, bob, hers.id) as his:
                his.run()
            assert his.id != hers.id
            hers.run()
    with open_tab(served, bob, hers.id) as his:
        his.run()
    assert his.id != hers.id
    with open_tab(served, alice, hers.id) as again:
        again.run()
    assert again.id == hers.id


def test_the_browser_cannot_say_whose_tab_it_opens(served: TestClient, alice: Browser, bob: Browser) -> None:
    with open_tab(served, alice) as hers:
        hers.run()
        session = get_instance().get_app_session(hers.id)._user_info["session"]
    with open_tab(served, bob, hers.id, **{"x-haru-session": session}) as his:
        his.run()
    assert his.id != hers.id


def test_a_component_dies_with_the_session_and_no_shared_cache_keeps_it(
    alice: Browser, bob: Browser, tmp_path: Path
) -> None:
    """Its files are those of a package, the same for everybody."""
    (tmp_path / "index.html").write_text("a part of a page", encoding="utf-8")
    get_instance().component_registry.register_component(CustomComponent("a_part", path=str(tmp_path)))
    address = "/component/a_part/index.html"
    for browser in (alice, bob):
        answer = browser.get(address)
        assert answer.text == "a part of a page"
        assert answer.headers["cache-control"] == "private, no-cache"
    cookie = sign_out(alice)
    assert alice.get(address).status_code == 401
    assert alice.get(address, headers={"cookie": cookie}).status_code == 401


def backend_operation(tab: Tab, payload: str) -> BackMsg:
    message = BackMsg()
    message.backend_operation_request.session_id = tab.id
    getattr(message.backend_operation_request, payload).SetInParent()
    return message


def test_a_tab_learns_and_changes_nothing_of_the_server(hers: Tab) -> None:
    assert "git_info_changed" not in hers.kinds_answered(BackMsg(load_git_info=True))
    for payload in ("install_skills", "dismiss_skills_nudge"):
        assert "backend_operation_response" not in hers.kinds_answered(backend_operation(hers, payload)), payload
    hers.kinds_answered(BackMsg(set_run_on_save=not get_instance().get_app_session(hers.id)._run_on_save))
    assert get_instance().get_app_session(hers.id)._run_on_save == config.get_option("server.runOnSave")


def test_of_all_messages_only_those_about_the_own_page_are_known() -> None:
    known = {kind for kind in BackMsg.DESCRIPTOR.fields_by_name if streamlit_private.asked(with_field(kind)) == "page"}
    assert known == {"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"}


def with_field(name: str) -> bytes:
    message = BackMsg()
    if BackMsg.DESCRIPTOR.fields_by_name[name].message_type:
        getattr(message, name).SetInParent()
    else:
        setattr(message, name, True)
    return message.SerializeToString()


def test_one_browser_has_few_tabs_open_and_keeps_nobody_else_out(
    served: TestClient, hers: Tab, alice: Browser, bob: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tab_gate, "TABS_MAX", 2)
    with open_tab(served, alice):
        with pytest.raises(WebSocketDisconnect) as refused, open_tab(served, alice):
            pass
        assert refused.value.code == 1013
        with open_tab(served, bob) as his:
            assert his.run()
    with open_tab(served, alice) as again:
        assert again.run()


def test_what_is_no_message_does_not_close_the_tab(hers: Tab) -> None:
    for broken in (b"", b"\xff no message"):
        hers.kinds_answered(broken)
    assert hers.run()


def test_a_message_has_a_limit() -> None:
    """uvicorn closes the connection before it has more than this in memory; its default with Streamlit is 200 MB."""
    assert runtime_util.get_max_message_size_bytes() <= 32_000_000


def test_one_person_cannot_throw_away_what_all_people_use(his: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    cleared = []
    for cache in (cache_data, cache_resource):
        monkeypatch.setattr(type(cache), "clear", lambda self: cleared.append(self))
    his.kinds_answered(BackMsg(clear_cache=True))
    assert cleared == []


def test_what_tells_of_the_whole_server_is_closed(alice: Browser) -> None:
    for path in (
        *("/_stcore/metrics", "/_stcore/metrics/", "/_stcore//metrics", "/_stcore/script-health-check"),
        *("/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/agent/mcp", "/_stcore/anything"),
        *("/_stcore/upload_file/a", "/_stcore/upload_file/a/b/c"),
    ):
        for method in ("GET", "POST", "OPTIONS"):
            answer = alice.ask(method, path)
            assert answer.status_code == 404, (method, path)
            assert "session" not in answer.text, path
    for path in ("/_stcore/health", "/_stcore/host-config"):
        assert alice.get(path).status_code == 200, path


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://localhost:9999"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://127.0.0.1"},
        {"origin": "http://0.0.0.0:3000"},
        {"origin": "https://example.org"},
        {"origin": "null"},
        {"origin": "http://[broken"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
    ],
    ids=str,
)
def test_a_page_of_another_address_opens_no_tab(
    served: TestClient, alice: Browser, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(net_util, "get_external_ip", lambda: asked.append("an address of the internet"))
    with pytest.raises(WebSocketDisconnect), open_tab(served, alice, **headers):
        pass
    assert asked == []


def test_a_page_of_this_address_opens_a_tab(served: TestClient, alice: Browser) -> None:
    for headers in ({"host": "localhost:8501", "origin": "http://localhost:8501"}, {"sec-fetch-site": "same-origin"}):
        with open_tab(served, alice, **headers) as tab:
            assert tab.kinds_answered(b"") == []


def test_while_the_database_cannot_be_read_a_tab_makes_no_download(hers: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_token: object) -> None:
        raise errors.DatabaseError

    hers.run("data")
    monkeypatch.setattr(sessions, "find", broken)
    hers.ask_for_download(hers.downloads[0])
    assert "backend_operation_response" not in hers.finish()
