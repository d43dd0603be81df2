from __future__ import annotations

import pytest

from diary import database, sessions, throttle
from language import say
from tests.conftest import PASSWORD
from tests.web.conftest import Browser, alert, form_token

NEW = {"password": "staple and a new horse", "password_again": "staple and a new horse"}


@pytest.mark.parametrize("path", ["/account/recovery-code", "/account/password", "/account/delete"])
def test_strangers_are_led_to_the_door(browser: Browser, path: str) -> None:
    token = form_token(browser.get("/account/sign-in").text)
    assert browser.get(path).headers["location"] == "/account/sign-in"
    assert browser.post(path, {"password": PASSWORD}, token=token).headers["location"] == "/account/sign-in"


@pytest.mark.parametrize("path", ["/account/recovery-code", "/account/password", "/account/delete"])
def test_a_form_from_elsewhere_changes_nothing(browser: Browser, path: str) -> None:
    browser.sign_up()
    answer = browser.post(path, {"password": PASSWORD, "old_password": PASSWORD, "really": "yes"}, token="0" * 64)
    assert answer.status_code == 403
    assert sessions.find(browser.session)
    assert browser.sign_in().status_code == 303


def test_changing_the_password_keeps_this_browser_only(browser: Browser, other_browser: Browser) -> None:
    browser.sign_up()
    other_browser.sign_in()
    before = browser.session
    answer = browser.post("/account/password", NEW | {"old_password": PASSWORD})
    assert answer.status_code == 200
    assert browser.session not in (None, before)
    assert browser.get("/").status_code == 200
    assert other_browser.get("/").status_code == 303
    assert sessions.find(before) is None


def test_the_old_password_is_asked_for(browser: Browser) -> None:
    browser.sign_up()
    answer = browser.post("/account/password", NEW | {"old_password": "wrong horse battery"})
    assert (answer.status_code, alert(answer)) == (401, say("en", "error.wrong_password"))
    assert browser.sign_in().status_code == 303


def test_a_form_without_the_new_password_is_answered_in_words(browser: Browser) -> None:
    browser.sign_up()
    answer = browser.post("/account/password", {"old_password": PASSWORD})
    assert (answer.status_code, alert(answer)) == (400, say("en", "error.password_too_short", characters=10))
    assert browser.sign_in().status_code == 303


def test_guessing_at_the_door_does_not_keep_the_owner_from_leaving(browser: Browser, other_browser: Browser) -> None:
    browser.sign_up()
    for _ in range(throttle.BY_NAME.free):
        other_browser.sign_in(password="wrong horse battery")
    assert other_browser.sign_in().status_code == 429
    once = browser.post("/account/delete", {"password": PASSWORD})
    assert alert(once) == say("en", "delete.last_question")


def test_a_new_recovery_code_needs_the_password(browser: Browser) -> None:
    browser.sign_up()
    browser.post("/account/recovery-code", {"noted": "yes"})
    refused = browser.post("/account/recovery-code", {"password": "wrong horse battery"})
    assert alert(refused) == say("en", "error.wrong_password")
    assert 'class="code"' not in browser.get("/account/recovery-code").text
    assert browser.post("/account/recovery-code", {"password": PASSWORD}).status_code == 303
    assert 'class="code"' in browser.get("/account/recovery-code").text


def test_deleting_is_asked_twice(browser: Browser) -> None:
    browser.sign_up()
    assert alert(browser.post("/account/delete", {"password": "wrong horse battery"}))
    once = browser.post("/account/delete", {"password": PASSWORD})
    assert alert(once) == say("en", "delete.last_question")
    with database.connect() as db:
        assert db["accounts"].count == 1
    twice = browser.post("/account/delete", {"password": PASSWORD, "really": "yes"})
    assert say("en", "goodbye.title") in twice.text
    assert browser.session is None
    with database.connect() as db:
        assert db["accounts"].count == db["sessions"].count == 0
    assert browser.get("/").status_code == 303
