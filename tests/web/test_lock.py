"""A locked browser reaches nothing, its tabs forget what they held, and PIN or password opens it again."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit.runtime import get_instance
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from diary import app_lock, database, drafts, sessions
from diary.vault import Vault
from tests.authenticator import Authenticator
from tests.conftest import PASSWORD
from tests.web.conftest import Browser, alert, form_token
from tests.web.tabs import Tab, open_tab
from tests.web.test_passkeys import add as add_passkey
from tests.web.test_tab_gate import upload
from web import lock

PIN = "2580"
LEADS_AWAY = "location.replace(\\'/account/locked"
"""In the script of the page that a locked tab gets, as protobuf writes it; other pages only name the address."""
OWN = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def alice(browser: Browser) -> Browser:
    browser.sign_up(name="Alice")
    return browser


@pytest.fixture
def hers(served: TestClient, alice: Browser) -> Iterator[Tab]:
    with open_tab(served, alice) as tab:
        tab.run()
        yield tab


def lock_now(browser: Browser) -> int:
    return browser.ask("POST", lock.LOCK_NOW, headers=OWN).status_code


def is_led_away(tab: Tab) -> bool:
    """Whether the run that comes next leads to the page that opens Haru; other pages only name it."""
    return LEADS_AWAY in tab.finish()


def vaults_in_memory(session_key: bytes) -> list[Vault]:
    gc.collect()
    # By type: isinstance asks the object, and a weak proxy among all objects may have none behind it.
    return [found for found in gc.get_objects() if type(found) is Vault and found._data_key == session_key]


def test_a_locked_browser_is_led_to_one_page(alice: Browser) -> None:
    assert lock_now(alice) == 204
    answer = alice.get("/days")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/locked?next=%2Fdays")
    for path in ("/account/password", "/account/recovery-code", "/account/delete", "/account/pin"):
        assert alice.get(path).headers["location"] == "/account/locked"
    for path in ("/_stcore/host-config", "/media/x.wav", "/tracks/1", "/component/x/index.html", "/app/static/x"):
        assert alice.get(path).status_code == 423, path
    assert alice.ask("POST", "/left-note", content=b"{}", headers=OWN).status_code == 423
    assert alice.get("/account/help").status_code == 200, "help lines stay in reach"


def test_tabs_media_uploads_and_downloads_end(served: TestClient, hers: Tab, alice: Browser) -> None:
    hers.run("data")
    get_instance().uploaded_file_mgr.add_file(hers.id, UploadedFileRec("1", "a.wav", "audio/wav", b"sound"))
    assert hers.media
    lock_now(alice)
    assert is_led_away(hers)
    assert {alice.get(address).status_code for address in hers.media} == {423}
    assert upload(alice, "PUT", hers.id) == 423
    assert get_instance().uploaded_file_mgr.get_files(hers.id, ["1"]) == []
    hers.ask_for_download(hers.downloads[0])
    assert is_led_away(hers)
    with pytest.raises(WebSocketDisconnect), open_tab(served, alice) as tab:
        tab.run()


def test_the_key_leaves_the_servers_memory(hers: Tab, alice: Browser) -> None:
    key = sessions.find(alice.session).vault._data_key
    hers.run("data")  # its downloads hold the session until they are pressed
    assert vaults_in_memory(key)
    lock_now(alice)
    hers.finish()
    deadline = time.monotonic() + 10
    while vaults_in_memory(key) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert vaults_in_memory(key) == []
    state = get_instance().get_app_session(hers.id).session_state
    assert {name for name in state.filtered_state if not name.startswith("app_lock")} <= {"language"}


def test_another_browser_and_another_person_go_on(served: TestClient, alice: Browser, other_browser: Browser) -> None:
    other_browser.sign_in("Alice")
    with open_tab(served, other_browser) as theirs:
        theirs.run()
        lock_now(alice)
        assert other_browser.get("/days").status_code == 200
        assert LEADS_AWAY not in theirs.run()


def test_what_was_written_is_there_afterwards(alice: Browser) -> None:
    drafts.save(sessions.find(alice.session), {"fields": {"note": "half a line"}})
    lock_now(alice)
    alice.post("/account/locked?next=/days", {"password": PASSWORD})
    assert drafts.load(sessions.find(alice.session)).content["fields"]["note"] == "half a line"


def test_pin_and_password_open_and_lead_back(alice: Browser) -> None:
    alice.post("/account/pin", {"pin": PIN, "password": PASSWORD})
    lock_now(alice)
    assert 'name="pin"' in alice.get("/account/locked").text
    answer = alice.post("/account/locked?next=/days", {"pin": PIN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/days")
    assert alice.get("/days").status_code == 200
    lock_now(alice)
    answer = alice.post("/account/locked?next=//evil.example", {"password": PASSWORD})
    assert answer.headers["location"] == "/"


def unlocking(browser: Browser, device: Authenticator, challenge: str) -> httpx.Response:
    asked = browser.ask("POST", challenge, headers=OWN | {"origin": "http://localhost"}).json()
    credential, secret = device.use(json.dumps(asked["options"]))
    token = form_token(browser.get("/account/locked").text)
    fields = {"credential": credential, "secret": secret}
    return browser.post("/account/locked?next=/days", fields, token=token, headers={"origin": "http://localhost"})


def test_a_passkey_opens_what_it_was_asked_to_open(alice: Browser) -> None:
    device = Authenticator(count=1)
    add_passkey(alice, device)
    lock_now(alice)
    assert "data-passkey" in alice.get("/account/locked").text
    # An answer that was given to sign in, or to open another browser, opens nothing here.
    assert unlocking(alice, device, "/account/passkey/challenge").status_code == 401
    assert sessions.find(alice.session) is None
    answer = unlocking(alice, device, "/account/locked/challenge")
    assert (answer.status_code, answer.headers["location"]) == (303, "/days")
    assert sessions.find(alice.session)


def test_a_passkey_of_somebody_else_opens_nothing(alice: Browser, other_browser: Browser) -> None:
    other_browser.sign_up(name="Bob")
    device = Authenticator(count=1)
    add_passkey(other_browser, device)
    lock_now(alice)
    assert unlocking(alice, device, "/account/locked/challenge").status_code == 401
    assert sessions.find(alice.session) is None


def test_wrong_ones_say_so(alice: Browser) -> None:
    alice.post("/account/pin", {"pin": PIN, "password": PASSWORD})
    lock_now(alice)
    answer = alice.post("/account/locked", {"pin": "1357"})
    assert answer.status_code == 401
    assert "tries left: 9" in (alert(answer) or "")
    answer = alice.post("/account/locked", {"password": "another password"})
    assert answer.status_code == 401
    assert sessions.find(alice.session) is None


def test_without_a_pin_only_the_password_is_asked_for(alice: Browser) -> None:
    lock_now(alice)
    assert 'name="pin"' not in alice.get("/account/locked").text
    assert alice.post("/account/locked", {"pin": PIN}).status_code == 401


def test_the_pin_pages_ask_for_the_password(alice: Browser) -> None:
    assert alice.post("/account/pin", {"pin": PIN, "password": "another password"}).status_code == 401
    assert alice.post("/account/pin", {"pin": "1234", "password": PASSWORD}).status_code == 400
    session = sessions.find(alice.session)
    assert not app_lock.has_pin(session)
    assert alice.post("/account/pin", {"pin": PIN, "password": PASSWORD}).status_code == 200
    assert app_lock.has_pin(session)
    assert alice.post("/account/pin", {"remove": "yes", "pin": "", "password": "another"}).status_code == 401
    assert app_lock.has_pin(session)
    assert alice.post("/account/pin", {"remove": "yes", "pin": "", "password": PASSWORD}).status_code == 200
    assert not app_lock.has_pin(session)


def test_no_other_page_locks_or_reports(alice: Browser) -> None:
    for path in (lock.LOCK_NOW, lock.ACTIVE):
        for headers in ({}, {"sec-fetch-site": "cross-site"}, {"origin": "http://localhost:9999"}):
            assert alice.ask("POST", path, headers=headers).status_code == 403, (path, headers)
    assert sessions.find(alice.session)


def test_a_report_keeps_haru_open_and_a_question_does_not(alice: Browser) -> None:
    app_lock.choose_minutes(sessions.find(alice.session), 1)

    def leave() -> None:
        with database.transaction() as db:
            db.execute(
                "update sessions set active_at = ?", [database.timestamp(datetime.now(UTC) - timedelta(seconds=70))]
            )

    def since() -> timedelta:
        with database.connect() as db:
            (row,) = db["sessions"].rows
        return datetime.now(UTC) - datetime.fromisoformat(row["active_at"])

    leave()
    assert alice.ask("POST", f"{lock.ACTIVE}?is=open", headers=OWN).status_code == 204
    assert since() > timedelta(seconds=60)
    assert alice.ask("POST", lock.ACTIVE, headers=OWN).status_code == 204
    assert since() < timedelta(seconds=10)
    with database.transaction() as db:
        db.execute("update sessions set active_at = ?", [database.timestamp(datetime.now(UTC) - timedelta(seconds=90))])
    assert alice.ask("POST", lock.ACTIVE, headers=OWN).status_code == 423
    alice.post("/account/sign-out", {})
    assert alice.ask("POST", lock.ACTIVE, headers=OWN).status_code == 401


def test_runs_of_a_page_by_itself_do_not_keep_haru_open(hers: Tab, alice: Browser) -> None:
    app_lock.choose_minutes(sessions.find(alice.session), 1)
    with database.transaction() as db:
        db.execute("update sessions set active_at = ?", [database.timestamp(datetime.now(UTC) - timedelta(seconds=70))])
    hers.run()
    alice.get("/days")
    with database.connect() as db:
        (row,) = db["sessions"].rows
    assert datetime.now(UTC) - datetime.fromisoformat(row["active_at"]) > timedelta(seconds=60)


def test_the_server_locks_an_idle_browser_by_itself(hers: Tab, alice: Browser) -> None:
    """The page may be asleep: its script does not run."""
    app_lock.choose_minutes(sessions.find(alice.session), 1)
    with database.transaction() as db:
        db.execute("update sessions set active_at = ?", [database.timestamp(datetime.now(UTC) - timedelta(seconds=90))])
    assert is_led_away(hers)
    with database.connect() as db:
        (row,) = db["sessions"].rows
    assert row["data_key"] == b""


def test_signing_out_is_possible_while_locked(alice: Browser) -> None:
    lock_now(alice)
    token = alice.session
    assert alice.post("/account/sign-out", {}).status_code == 303
    assert app_lock.find(token) is None
    assert alice.get("/account/locked").headers["location"] == "/account/sign-in"


def test_an_open_browser_is_led_on(alice: Browser) -> None:
    assert alice.get("/account/locked?next=/days").headers["location"] == "/days"
