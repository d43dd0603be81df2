"""HARU_BASE_PATH: every address of every page lies below it, and so do redirects and cookies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from starlette.datastructures import Headers
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect
from streamlit import config

import links
from reminders import mail
from tests.web.conftest import SIGN_UP, Browser
from web import index_page, install, service_worker, streamlit_private
from web.base_path import BasePathMiddleware

PROJECT = Path(__file__).parent.parent.parent
BASE = "/haru"
ACCOUNT_PAGES = [
    path.stem.replace("_", "-")
    for path in (PROJECT / "web" / "html").glob("*.html")
    if path.stem not in ("base", "fields", "loading", "unavailable")
]


@pytest.fixture
def below_base(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    caches = (index_page.prefetched, index_page._packed, service_worker._text)
    monkeypatch.setenv("HARU_BASE_PATH", BASE)
    for made in caches:
        made.cache_clear()
    yield
    for made in caches:
        made.cache_clear()


@pytest.fixture
def browser(served: TestClient, running: None, data_folder: Path, quick_argon2: None, below_base: None) -> Browser:
    return Browser(TestClient(BasePathMiddleware(served.app, BASE), base_url="http://localhost"))


def addresses(html: str) -> set[str]:
    return set(re.findall(r'(?:href|src|action)="([^"#]+)"', html))


def test_each_address_of_each_page_lies_below_it(browser: Browser) -> None:
    """Follows the links from the first page of a person who signs up, and what the pages load."""
    assert browser.get(f"{BASE}/").headers["location"] == f"{BASE}/account/sign-in"
    assert browser.post(f"{BASE}/account/sign-up", SIGN_UP).headers["location"] == f"{BASE}/account/recovery-code"
    waiting = [f"{BASE}/", f"{BASE}/settings", *(f"{BASE}/account/{name}" for name in ACCOUNT_PAGES)]
    seen: set[str] = set()
    while waiting:
        asked = waiting.pop()
        path = asked.partition("?")[0]
        # Streamlit's own page names its interface for agents, which the gate keeps shut.
        if path in seen or path.endswith(("/sign-out", "/agent/openapi.json")):
            continue
        seen.add(path)
        answer = browser.get(asked)
        assert answer.status_code in (200, 303, 405), (asked, answer.status_code)
        if answer.status_code == 303:
            assert answer.headers["location"].startswith(f"{BASE}/"), asked
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        for found in addresses(answer.text):
            if found.startswith(("tel:", "https:", "data:")):
                continue
            whole = urljoin(asked, found)
            assert whole.startswith(f"{BASE}/"), (asked, found)
            waiting.append(whole)
    assert {f"{BASE}/account/help", f"{BASE}/account/password", f"{BASE}{install.MANIFEST}"} <= seen


def test_cookies_are_for_this_path_only(browser: Browser) -> None:
    answer = browser.post(f"{BASE}/account/sign-up", SIGN_UP)
    set_ = answer.headers.get_list("set-cookie")
    assert {cookie.partition("=")[0] for cookie in set_} == {"haru_session", "haru_browser"}
    assert all("Path=/haru;" in f"{cookie};" for cookie in set_)


def test_forms_work_and_lead_back(browser: Browser) -> None:
    browser.post(f"{BASE}/account/sign-up", SIGN_UP)
    browser.cookies.clear()
    wanted = browser.get(f"{BASE}/days").headers["location"]
    assert wanted == f"{BASE}/account/sign-in?next=%2Fdays"
    assert browser.sign_in(path=wanted).headers["location"] == f"{BASE}/days"
    page = browser.get(f"{BASE}/days").text
    assert f"navigator.serviceWorker?.register('{BASE}/service-worker.js')" in page
    assert f'window.haruBase = "{BASE}"' in page
    out = browser.post(f"{BASE}/account/sign-out", {})
    assert out.headers["location"] == f"{BASE}/account/sign-in?left=yes"
    assert browser.session is None


def test_what_deletes_an_account_leaves_the_storage_of_other_programs(browser: Browser) -> None:
    browser.post(f"{BASE}/account/sign-up", SIGN_UP)
    path, fields = f"{BASE}/account/delete", {"password": SIGN_UP["password"]}
    assert browser.post(path, fields | {"really": "yes"}).headers["clear-site-data"] == '"cache"'


def test_an_installed_app_stays_below_it(browser: Browser) -> None:
    manifest = browser.get(BASE + install.MANIFEST).json()
    assert (manifest["id"], manifest["start_url"], manifest["scope"]) == (f"{BASE}/",) * 3
    found = re.findall(r'"(?:src|url)": "([^"]+)"', json.dumps(manifest))
    assert all(address.startswith(f"{BASE}/") for address in found)
    kept = re.search("OFFLINE_FILES = (.*)", browser.get(f"{BASE}/service-worker/shell.js").text)
    assert kept
    assert all(browser.get(address).status_code == 200 for address in json.loads(kept[1]))


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 307), (BASE, 307), ("/days", 404), ("/account/sign-in", 404), ("/harus/", 404), ("/_stcore/health", 404)],
)
def test_nothing_answers_beside_it(browser: Browser, path: str, status: int) -> None:
    browser.post(f"{BASE}/account/sign-up", SIGN_UP)
    answer = browser.get(path)
    assert answer.status_code == status
    assert answer.headers.get("location") in (None, f"{BASE}/")


def test_the_gates_hold_below_it(browser: Browser) -> None:
    for path in ("/media/x.wav", "/_stcore/host-config", "/tracks/own/x", "/component/x/index.html"):
        assert browser.get(BASE + path).status_code == 401
    assert browser.get(f"{BASE}/_stcore/health").status_code == 200
    browser.post(f"{BASE}/account/sign-up", SIGN_UP)
    assert browser.get(f"{BASE}/_stcore/metrics").status_code == 404
    assert browser.get(f"{BASE}/days/").headers["location"] == f"{BASE}/days"
    for path in ("/_stcore/stream", f"{BASE}/_stcore/stream"):
        browser.cookies.clear()
        with pytest.raises(WebSocketDisconnect), browser._client.websocket_connect(path):
            pass


def test_streamlit_alone_is_not_moved(served: TestClient) -> None:
    before = config.get_option("server.baseUrlPath")
    try:
        config.set_option("server.baseUrlPath", "haru")
        streamlit_private.answer_at_the_root()
        assert config.get_option("server.baseUrlPath") == ""
    finally:
        config.set_option("server.baseUrlPath", before)


def test_links_that_leave_the_page(below_base: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert links.public() == ""
    monkeypatch.setenv("HARU_PUBLIC_URL", "https://example.org/")
    assert links.public() + mail.STOP == "https://example.org/haru/account/reminders/stop/"


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    headers = [(b"set-cookie", b"a=1; HttpOnly; path=/"), (b"set-cookie", b"b=2; Path=/; Secure")]
    headers += [(b"set-cookie", b"__Host-c=3; Path=/; Secure"), (b"set-cookie", b"d=4; Path=/other")]
    headers += [(b"location", scope["query_string"]), (b"x-path", scope["path"].encode())]
    headers += [(b"x-cookies", Headers(scope=scope).get("cookie", "").encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _nothing() -> Message:
    raise AssertionError


def test_redirects_and_cookies_get_the_base() -> None:
    client = TestClient(BasePathMiddleware(_answer, BASE), base_url="http://localhost")
    answer = client.get("/haru/x?/days", follow_redirects=False)
    assert answer.headers["x-path"] == "/x"
    assert answer.headers["location"] == "/haru/days"
    assert answer.headers.get_list("set-cookie") == [
        "a=1; HttpOnly; path=/haru",
        "b=2; Path=/haru; Secure",
        "__Host-c=3; Path=/; Secure",  # browsers refuse this name with another path
        "d=4; Path=/other",
    ]
    for elsewhere in ("https://example.org/x", "sign-in"):
        answer = client.get(f"/haru/x?{elsewhere}", follow_redirects=False)
        assert urlsplit(answer.headers["location"]).geturl() == elsewhere
    # Not an address of another host.
    assert client.get("/haru/x?//example.org", follow_redirects=False).headers["location"] == "/haru//example.org"


def test_a_cookie_of_the_root_does_not_hide_its_own() -> None:
    """Browsers send the cookies of the longer path first."""
    client = TestClient(BasePathMiddleware(_answer, BASE), base_url="http://localhost")
    answer = client.get("/haru/", headers={"cookie": "haru_session=own; b=2; haru_session=of the root"})
    assert answer.headers["x-cookies"] == "haru_session=own; b=2"


@pytest.mark.parametrize("file", [*(PROJECT / "web" / "html").glob("*.html")], ids=lambda file: file.name)
def test_templates_write_no_path_by_hand(file: Path) -> None:
    assert re.findall(r'(?:href|src|action)="/[^"]*"', file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", [*(PROJECT / "assets").rglob("*.js")], ids=lambda file: file.name)
def test_scripts_write_no_path_by_hand(file: Path) -> None:
    """They begin with `window.haruBase`, in a service worker with `BASE`."""
    code = re.sub(r"(?<!:)//.*", "", file.read_text(encoding="utf-8"))
    assert re.findall(r"""["'`]/[a-z_][\w-]*[/"'`]""", code) == []
