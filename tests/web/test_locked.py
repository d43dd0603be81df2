"""An account that the operator locked: every door says so calmly, and says what to do."""

from __future__ import annotations

from html import unescape

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from diary import account_locks, accounts
from language import LANGUAGES, say
from tests.web.conftest import Browser, alert


@pytest.fixture
def locked(browser: Browser) -> str:
    browser.sign_up()
    account_id = accounts.find_id("Jiwoo")
    assert account_id is not None
    account_locks.lock(account_id)
    return account_id


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/", "/settings", "/account/sign-in", "/account/locked", "/account/password"])
def test_a_page_says_what_to_do(browser: Browser, locked: str, path: str, language: str) -> None:
    answer = browser.get(f"{path}?lang={language}")
    assert answer.status_code == 403
    assert f'role="status">{say(language, "error.account_locked")}<' in unescape(answer.text)
    assert alert(answer) is None
    assert 'href="/account/sign-out"' in answer.text
    assert 'href="/account/help"' in answer.text


@pytest.mark.parametrize("path", ["/media/x.wav", "/_stcore/metrics", "/tracks/own/x"])
def test_no_file_is_served(browser: Browser, locked: str, path: str) -> None:
    assert browser.get(path).status_code == 403


def test_no_page_connects(served: TestClient, browser: Browser, locked: str) -> None:
    served.cookies = browser.cookies
    with pytest.raises(WebSocketDisconnect) as refused, served.websocket_connect("/_stcore/stream"):
        pass
    assert refused.value.code == 1008


def test_signing_in_says_so_only_with_the_password(browser: Browser, other_browser: Browser, locked: str) -> None:
    answer = other_browser.sign_in()
    assert (answer.status_code, alert(answer)) == (403, say("en", "error.account_locked"))
    assert other_browser.session is None
    answer = other_browser.sign_in(password="a wrong password")
    assert alert(answer) == say("en", "error.sign_in_failed")


def test_the_recovery_code_does_not_help(browser: Browser, other_browser: Browser, locked: str) -> None:
    account_locks.unlock(locked)
    code = browser.get("/account/recovery-code").text.partition('class="code" translate="no">')[2].partition("<")[0]
    account_locks.lock(locked)
    fields = {"name": "Jiwoo", "code": code, "password": "staple and a new horse"}
    answer = other_browser.post("/account/recover", fields | {"password_again": fields["password"]})
    assert alert(answer) == say("en", "error.account_locked")


@pytest.mark.parametrize("everywhere", ["yes", ""])
def test_somebody_else_can_use_the_browser(browser: Browser, locked: str, everywhere: str) -> None:
    answer = browser.post("/account/sign-out", {"everywhere": everywhere})
    assert (answer.status_code, browser.session) == (303, None)
    assert browser.get("/account/sign-in").status_code == 200
    assert browser.sign_up(name="Minho").status_code == 303


def test_unlocked_it_is_all_there(browser: Browser, other_browser: Browser, locked: str) -> None:
    account_locks.unlock(locked)
    assert browser.get("/").status_code == 200
    assert other_browser.sign_in().status_code == 303
