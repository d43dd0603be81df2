from __future__ import annotations

import json
import re
from html import unescape

import httpx2 as httpx
import pytest

from diary import account_locks, accounts, database, passkeys, sessions
from language import say
from tests.authenticator import Authenticator
from tests.conftest import PASSWORD
from tests.web.conftest import Browser, alert, form_token

PAGE, SIGN_IN = "/account/passkeys", "/account/passkey"
OWN = {"origin": "http://localhost"}


def error(code: str, **facts) -> str:
    return say("en", f"error.{code}", **facts)


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, html
    return unescape(found[1])


def begun(browser: Browser, name: str = "My phone", password: str = PASSWORD, **options) -> httpx.Response:
    return browser.post(PAGE, {"act": "begin", "name": name, "password": password}, **options)


def options_in(page: httpx.Response) -> str:
    found = re.search(r'data-options="([^"]*)"', page.text)
    assert found, page.text
    return unescape(found[1])


def add(browser: Browser, device: Authenticator) -> httpx.Response:
    page = begun(browser)
    credential, secret = device.make(options_in(page))
    fields = {"act": "finish", "name": "My phone", "handle": hidden(page.text, "handle")}
    return browser.post(PAGE, fields | {"credential": credential, "secret": secret}, token=form_token(page.text))


def used(browser: Browser, device: Authenticator) -> dict[str, str]:
    """What the page posts to sign in."""
    asked = browser.ask("POST", f"{SIGN_IN}/challenge", headers=OWN).json()
    credential, secret = device.use(json.dumps(asked["options"]))
    return {"credential": credential, "secret": secret, "next": "/days"}


def sign_in(browser: Browser, fields: dict[str, str]) -> httpx.Response:
    token = form_token(browser.get("/account/sign-in").text)
    return browser.post(SIGN_IN, fields, token=token, headers=OWN)


@pytest.fixture
def device(browser: Browser) -> Authenticator:
    made = Authenticator(count=1)
    browser.sign_up()
    answer = add(browser, made)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?added=yes")
    return made


def test_one_signs_in_without_a_password(other_browser: Browser, device: Authenticator) -> None:
    answer = sign_in(other_browser, used(other_browser, device))
    assert (answer.status_code, answer.headers["location"]) == (303, "/days")
    assert other_browser.get("/").status_code == 200
    session = sessions.find(other_browser.session)
    assert session is not None
    assert session.name == "Jiwoo"


def test_the_page_that_signs_out_says_that_passkeys_stay(browser: Browser, device: Authenticator) -> None:
    page = unescape(browser.get("/account/sign-out").text)
    assert say("en", "passkey.after_sign_out", count=1) in page
    assert f'href="{PAGE}"' in page
    browser.cookies.delete("haru_session")
    browser.sign_up(name="Without a passkey")
    assert PAGE not in browser.get("/account/sign-out").text


def test_an_answer_is_worth_nothing_a_second_time(other_browser: Browser, device: Authenticator) -> None:
    device.count = 0
    with database.transaction() as db:
        db.execute("update passkeys set sign_count = 0")
    fields = used(other_browser, device)
    challenge = other_browser.cookies["haru_challenge"]
    assert sign_in(other_browser, fields).status_code == 303
    other_browser.cookies.set("haru_challenge", challenge)
    again = sign_in(other_browser, fields)
    assert (again.status_code, alert(again)) == (401, error("challenge_expired"))


def test_the_challenge_of_another_browser_does_not_count(
    browser: Browser, other_browser: Browser, device: Authenticator
) -> None:
    fields = used(browser, device)
    used(other_browser, Authenticator())
    assert alert(sign_in(other_browser, fields)) == error("passkey_refused")
    assert other_browser.session is None


def test_a_removed_passkey_is_unknown(browser: Browser, other_browser: Browser, device: Authenticator) -> None:
    (key,) = passkeys.listed(sessions.find(browser.session))
    browser.post(PAGE, {"act": "rename", "id": key.id, "name": "Old phone"})
    assert "Old phone" in browser.get(PAGE).text
    browser.post(PAGE, {"act": "remove", "id": key.id})
    assert "Old phone" not in browser.get(PAGE).text
    refused = sign_in(other_browser, used(other_browser, device))
    assert (refused.status_code, alert(refused)) == (401, error("passkey_unknown"))


def test_adding_asks_for_the_password(browser: Browser) -> None:
    browser.sign_up()
    refused = begun(browser, password="not my password")
    assert (refused.status_code, alert(refused)) == (401, error("wrong_password"))
    assert 'value="My phone"' in refused.text
    assert "haru_challenge" not in browser.cookies


def test_a_challenge_to_sign_in_adds_no_passkey(browser: Browser) -> None:
    browser.sign_up()
    device = Authenticator()
    page = begun(browser)
    asked = json.loads(options_in(page))
    # Somebody who has the session but not the password.
    other = browser.ask("POST", f"{SIGN_IN}/challenge", headers=OWN).json()["options"]
    credential, secret = device.make(json.dumps(asked | {"challenge": other["challenge"]}))
    fields = {"act": "finish", "name": "x", "handle": asked["user"]["id"], "credential": credential, "secret": secret}
    assert alert(browser.post(PAGE, fields)) == error("challenge_expired")
    assert passkeys.count(sessions.find(browser.session).account_id) == 0


def test_without_prf_a_sentence_says_why(browser: Browser) -> None:
    browser.sign_up()
    refused = add(browser, Authenticator(has_prf=False))
    assert (refused.status_code, alert(refused)) == (400, error("passkey_without_secret"))
    assert passkeys.count(sessions.find(browser.session).account_id) == 0


def test_the_lists_and_forms_need_a_session(browser: Browser) -> None:
    assert browser.get(PAGE).headers["location"] == "/account/sign-in"


def test_a_page_of_another_address_gets_no_challenge(browser: Browser) -> None:
    answer = browser.ask("POST", f"{SIGN_IN}/challenge", headers={"origin": "https://evil.example"})
    assert (answer.status_code, answer.json()) == (403, {"error": error("form_expired")})
    assert "haru_challenge" not in browser.cookies


def test_a_number_is_no_name(browser: Browser) -> None:
    headers = {"host": "127.0.0.1:8501", "origin": "http://127.0.0.1:8501"}
    answer = browser.ask("POST", f"{SIGN_IN}/challenge", headers=headers)
    assert answer.json() == {"error": error("passkeys_need_name")}


def test_the_public_address_decides(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_PUBLIC_URL", "https://Diary.example.org:443")

    def asked(**headers: str) -> dict:
        return browser.ask("POST", f"{SIGN_IN}/challenge", headers=headers).json()

    # A proxy that passes on neither the host nor the scheme.
    behind_proxy = asked(origin="https://diary.example.org", **{"sec-fetch-site": "same-origin"})
    assert behind_proxy["options"]["rpId"] == "diary.example.org"
    assert asked(**OWN) == {"error": error("passkeys_elsewhere", address="https://diary.example.org")}


def test_a_proxy_that_ends_https_need_not_say_so(browser: Browser) -> None:
    headers = {"host": "diary.example.org", "origin": "https://diary.example.org"}
    device = Authenticator(origin="https://diary.example.org")
    browser.sign_up()
    page = begun(browser, headers=headers)
    credential, secret = device.make(options_in(page))
    fields = {"act": "finish", "name": "x", "handle": hidden(page.text, "handle")}
    fields |= {"credential": credential, "secret": secret}
    answer = browser.post(PAGE, fields, token=form_token(page.text), headers=headers)
    assert answer.headers["location"] == f"{PAGE}?added=yes"


def test_the_passkeys_of_other_addresses_are_marked(
    browser: Browser, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = say("en", "passkey.elsewhere", host="localhost")
    assert marked not in browser.get(PAGE).text
    monkeypatch.setenv("HARU_PUBLIC_URL", "https://diary.example.org")
    assert marked in browser.get(PAGE).text


def test_a_new_password_says_that_passkeys_stay(browser: Browser, device: Authenticator) -> None:
    stay = say("en", "passkey.stay")
    assert stay in browser.get("/account/password").text
    fields = {"old_password": PASSWORD, "password": "another good sentence", "password_again": "another good sentence"}
    assert stay in browser.post("/account/password", fields).text
    assert sign_in(browser, used(browser, device)).status_code == 303


def test_without_passkeys_no_page_speaks_of_them(browser: Browser) -> None:
    browser.sign_up()
    assert say("en", "passkey.stay") not in browser.get("/account/password").text


def test_the_other_language_is_one_press_away(browser: Browser) -> None:
    assert browser.get(f"{SIGN_IN}?lang=ko").headers["location"] == "/account/sign-in?lang=ko"


@pytest.mark.parametrize("next_page", ["https://evil.example", "//evil.example", "/../x"])
def test_one_is_led_nowhere_else(other_browser: Browser, device: Authenticator, next_page: str) -> None:
    answer = sign_in(other_browser, used(other_browser, device) | {"next": next_page})
    assert answer.headers["location"] == "/"


def test_a_locked_account_opens_with_no_passkey(
    browser: Browser, other_browser: Browser, device: Authenticator
) -> None:
    account_id = accounts.find_id("Jiwoo")
    assert account_id is not None
    account_locks.lock(account_id)
    refused = sign_in(other_browser, used(other_browser, device))
    assert (refused.status_code, alert(refused)) == (403, error("account_locked"))
    assert other_browser.session is None


def test_a_refused_passkey_leaves_the_page_as_it_was(
    browser: Browser, other_browser: Browser, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARU_SIGN_UP", "invited")
    refused = sign_in(other_browser, used(other_browser, device) | {"secret": "x"})
    assert refused.status_code >= 400
    assert error("invitation_needed") in refused.text
