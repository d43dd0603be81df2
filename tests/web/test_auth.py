from __future__ import annotations

import hashlib
import re
import secrets
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit.runtime import get_instance
from streamlit.runtime.media_file_storage import MediaFileKind

from components.visitor import locked_script, sign_in_script
from diary import database, sessions
from language import say
from tests.web.conftest import Browser, alert
from web import static_files, streamlit_private

PAGES = ["/", "/today", "/settings", "/no-such-page", "/index.html"]
NOT_PAGES = ["/_stcore/upload_file/a/b", "/media/abc.png", "/component/x/index.html", "/_stcore/host-config",
             "/_stcore/metrics", "/app/static/x", "/_stcore/agent/openapi.json"]  # fmt: skip


def test_without_a_session_pages_redirect_to_sign_in(browser: Browser) -> None:
    answers = {path: browser.get(path) for path in PAGES}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(PAGES, 303)
    elsewhere = [path for path in PAGES if not answers[path].headers["location"].startswith("/account/sign-in")]
    assert elsewhere == []


def test_without_a_session_there_is_no_media_and_no_upload(browser: Browser) -> None:
    asked = [(method, path) for method in ("GET", "PUT", "POST", "DELETE") for path in NOT_PAGES]
    assert {each: browser.ask(*each).status_code for each in asked} == dict.fromkeys(asked, 401)


def test_what_is_served_without_a_session(browser: Browser) -> None:
    public = ["/_stcore/health", "/account/help", "/account/assets/style/account.css"]
    assert {path: browser.get(path).status_code for path in public} == dict.fromkeys(public, 200)


def test_no_path_evades_the_middleware(browser: Browser) -> None:
    for path in (
        *("/static/../", "/account/../", "/account/assets/style/../../../app.py"),
        *("/account/assets/locales/ko.json", "/account/assets/weights/", "/account/assets/music/"),
    ):
        answer = browser.get(path)
        assert answer.status_code in (303, 400, 404), path
        assert "import" not in answer.text, path


def test_a_forged_cookie_opens_nothing(browser: Browser) -> None:
    for cookie in ("", "x", secrets.token_urlsafe(32), "가" * 43, "x" * 100_000):
        answer = browser.get("/", headers={"cookie": f"haru_session={cookie}".encode()})
        assert answer.status_code == 303, cookie[:50]


@pytest.mark.parametrize("column", ["expires_at", "last_seen_at"])
def test_an_expired_cookie_opens_nothing(browser: Browser, column: str) -> None:
    browser.sign_up()
    assert browser.get("/").status_code == 200
    past = database.timestamp(datetime.now(UTC) - sessions.LIFETIME - timedelta(days=1))
    with database.transaction() as db:
        db.execute(f"update sessions set {column} = ?", [past])
    assert browser.get("/").status_code == 303


def test_the_websocket_is_refused_without_a_session(served: TestClient, browser: Browser) -> None:
    for cookie in (None, secrets.token_urlsafe(32)):
        headers = {"cookie": f"haru_session={cookie}"} if cookie else {}
        with pytest.raises(WebSocketDisconnect), served.websocket_connect("/_stcore/stream", headers=headers):
            pass


def test_the_websocket_accepts_a_session(served: TestClient, browser: Browser) -> None:
    browser.sign_up()
    headers = {"cookie": f"haru_session={browser.session}", "host": "localhost", "origin": "http://localhost"}
    with served.websocket_connect("/_stcore/stream", headers=headers, subprotocols=["streamlit"]):
        pass


def test_the_websocket_refuses_other_sites_and_other_names(served: TestClient, browser: Browser) -> None:
    browser.sign_up()
    for strange in ({"origin": "https://example.org"}, {"host": "example.org"}):
        headers = {"cookie": f"haru_session={browser.session}", "host": "localhost", "origin": "http://localhost"}
        with (
            pytest.raises(WebSocketDisconnect),
            served.websocket_connect("/_stcore/stream", headers=headers | strange, subprotocols=["streamlit"]),
        ):
            pass


def test_security_headers_on_every_answer(browser: Browser) -> None:
    for path in ("/", "/account/sign-in", "/_stcore/health", "/media/x", "/account/no-such-page"):
        headers = browser.get(path).headers
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin", path
        assert headers["x-content-type-options"] == "nosniff", path
        assert "frame-ancestors" in headers["content-security-policy"], path
        assert headers["permissions-policy"].startswith("camera=(self), microphone=(self)"), path


def policy(answer: httpx.Response) -> dict[str, set[str]]:
    parts = (part.split() for part in answer.headers["content-security-policy"].split(";"))
    return {name: set(sources) for name, *sources in parts}


def test_only_scripts_of_the_app_run_in_its_pages(browser: Browser) -> None:
    browser.sign_up()
    page = browser.get("/")
    scripts = policy(page)["script-src"]
    assert {source for source in scripts if not source.startswith("'sha256-")} == {"'self'", "blob:"}
    # Streamlit's page with Haru's three additions, and the scripts that Haru writes into a page later.
    inline = [*re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL), sign_in_script(), locked_script()]
    hashes = {f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in inline}
    assert len(inline) == 6
    assert scripts == {"'self'", "blob:"} | hashes
    assert policy(page)["default-src"] == {"'self'"}
    assert "https://www.youtube-nocookie.com" in policy(page)["frame-src"]


def test_media_opened_by_their_address_run_nothing(browser: Browser) -> None:
    browser.sign_up()
    session = sessions.find(browser.session)
    assert session is not None
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    storage = get_instance().media_file_mgr._storage
    outside = streamlit_private.session_asking.set(session.token_hash)
    file_id = storage.load_and_get_id(svg, "image/svg+xml", MediaFileKind.MEDIA)
    try:
        answer = browser.get(storage.get_url(file_id))
    finally:
        storage.delete_file(file_id)
        streamlit_private.session_asking.reset(outside)
    assert answer.content == svg
    assert policy(answer)["sandbox"] == set()
    assert policy(answer)["default-src"] == {"'none'"}
    assert "script-src" not in policy(answer)
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_account_pages_run_only_their_own_files(browser: Browser) -> None:
    for path in ("/account/sign-up", "/account/sign-in"):
        page = browser.get(path)
        assert policy(page)["default-src"] == {"'none'"}
        assert policy(page)["script-src"] == {"'self'"}
        scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page.text, re.DOTALL)
        assert scripts
        for attributes, text in scripts:
            assert re.search(r'src="/account/assets/account/\w+\.js\?v=[0-9a-f]{8}"', attributes)
            assert text == ""


def test_the_scripts_of_sign_up_are_small() -> None:
    for name in ("fields", "steps", "code"):
        file = static_files.FILES[f"/account/assets/account/{name}.js"]
        assert file.compressed
        assert len(file.compressed) < 3000, name


@pytest.mark.parametrize("content", [b"this is no database" * 1000, b""])
def test_a_broken_or_empty_database_is_said_in_words(browser: Browser, content: bytes) -> None:
    browser.sign_up()
    database.path().write_bytes(content)
    for suffix in ("-wal", "-shm"):
        database.path().with_name(database.path().name + suffix).unlink(missing_ok=True)
    answer = browser.get("/", headers={"accept-language": "ko"})
    assert answer.status_code == 503
    assert "백업" in answer.text
    refused = browser.sign_in()
    assert (refused.status_code, alert(refused)) == (503, say("en", "error.database_broken"))
