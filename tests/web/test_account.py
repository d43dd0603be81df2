from __future__ import annotations

from urllib.parse import quote

import pytest

from diary import accounts, database, sessions, throttle
from language import say
from tests.conftest import PASSWORD
from tests.web.conftest import SIGN_UP, Browser, alert, form_token

PATHS = ("/account/recovery-code", "/account/password", "/account/delete")
NEW = {"password": "staple and a new horse", "password_again": "staple and a new horse"}


def test_without_a_session_the_pages_redirect_to_sign_in(browser: Browser) -> None:
    token = form_token(browser.get("/account/sign-in").text)
    for path in PATHS:
        assert browser.get(path).headers["location"] == "/account/sign-in", path
        posted = browser.post(path, {"password": PASSWORD}, token=token)
        assert posted.headers["location"] == "/account/sign-in", path


def test_a_form_from_another_site_changes_nothing(browser: Browser) -> None:
    browser.sign_up()
    for path in PATHS:
        answer = browser.post(path, {"password": PASSWORD, "old_password": PASSWORD, "really": "yes"}, token="0" * 64)
        assert answer.status_code == 403, path
        assert sessions.find(browser.session), path
        assert browser.sign_in().status_code == 303, path


def test_a_form_without_fields_is_answered_by_a_sentence(browser: Browser) -> None:
    browser.sign_up()
    browser.post("/account/recovery-code", {"noted": "yes"})
    for path in PATHS:
        answer = browser.post(path, {})
        assert 400 <= answer.status_code < 500, path
        assert alert(answer), path
    assert browser.get("/").status_code == 200


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
    for _ in range(throttle.BY_NAME_AND_ADDRESS.free):
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


@pytest.mark.parametrize(("language", "name"), [("ko", "하루 복구 코드.txt"), ("en", "Haru recovery code.txt")])
def test_the_recovery_code_as_a_file(browser: Browser, language: str, name: str) -> None:
    browser.post(f"/account/sign-up?lang={language}", SIGN_UP)
    code = accounts.recovery_code(sessions.find(browser.session))
    file = browser.post("/account/recovery-code", {"save": "yes"})
    assert (file.status_code, file.headers["cache-control"]) == (200, "no-store")
    assert file.headers["content-type"] == "text/plain; charset=utf-8"
    assert file.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(name)}"
    for part in (code, "Jiwoo", say(language, "sign_in.forgot")):
        assert part in file.text
    # It is still there, until the person has it.
    assert code in browser.get("/account/recovery-code").text
    browser.post("/account/recovery-code", {"noted": "yes"})
    after = browser.post("/account/recovery-code", {"save": "yes"})
    assert say(language, "code.renew_title") in after.text
    assert code not in after.text


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
