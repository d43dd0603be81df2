"""Only a page of Haru in this very browser can post a form."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from diary import sessions
from language import say
from tests.conftest import PASSWORD
from tests.web.conftest import SIGN_UP, Browser, alert, form_token
from web import cookies

FIELDS = {
    "/account/sign-out": {"everywhere": "yes"},
    "/account/recovery-code": {"password": PASSWORD},
    "/account/password": {
        "old_password": PASSWORD,
        "password": "staple and a new horse",
        "password_again": "staple and a new horse",
    },
    "/account/delete": {"password": PASSWORD, "really": "yes"},
}
"""The forms of signed-in people."""
STARTING = {"/account/sign-in": {"name": "Jiwoo", "password": PASSWORD}, "/account/sign-up": SIGN_UP | {"name": "Sora"}}
EXPIRED = (403, say("en", "error.form_expired"))


@pytest.mark.parametrize("path", FIELDS)
def test_a_form_cookie_that_somebody_else_chose_posts_nothing(
    browser: Browser, other_browser: Browser, path: str
) -> None:
    """A page on another port, or of a neighbouring host name, can set cookies for this host."""
    browser.sign_up()
    other_browser.sign_up(name="Mallory")
    theirs = form_token(other_browser.get(path).text)
    headers = {"cookie": f"haru_session={browser.session}; haru_form={other_browser.cookies['haru_form']}"}
    answer = browser.post(path, FIELDS[path], token=theirs, headers=headers)
    assert (answer.status_code, alert(answer)) == EXPIRED
    assert sessions.find(browser.session)


@pytest.mark.parametrize("path", [*FIELDS, *STARTING])
@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://localhost:9999"}, {"origin": "null"}, {"sec-fetch-site": "same-site"}],
    ids=str,
)
def test_a_page_of_another_address_posts_nothing(browser: Browser, path: str, headers: dict[str, str]) -> None:
    browser.sign_up()
    before = browser.session
    answer = browser.post(path, (FIELDS | STARTING)[path], headers=headers)
    assert (answer.status_code, alert(answer)) == EXPIRED
    assert browser.session == before
    assert sessions.find(before)


@pytest.mark.parametrize("headers", [{"origin": "http://localhost"}, {"sec-fetch-site": "same-origin"}], ids=str)
def test_a_page_of_haru_posts(browser: Browser, headers: dict[str, str]) -> None:
    assert browser.post("/account/sign-up", SIGN_UP, headers=headers).status_code == 303
    assert browser.post("/account/sign-out", {}, headers=headers).status_code == 303


def test_a_form_of_the_session_before_is_refused(browser: Browser) -> None:
    browser.sign_up()
    before = form_token(browser.get("/account/password").text)
    browser.sign_in()
    answer = browser.post("/account/password", FIELDS["/account/password"], token=before)
    assert (answer.status_code, alert(answer)) == EXPIRED


def test_a_sign_in_page_that_stayed_open_while_another_tab_signed_in_still_works(browser: Browser) -> None:
    browser.sign_up()
    browser.post("/account/sign-out", {})
    open_since_then = form_token(browser.get("/account/sign-in").text)
    browser.sign_in()
    answer = browser.post("/account/sign-in", {"name": "Jiwoo", "password": PASSWORD}, token=open_since_then)
    assert answer.status_code == 303


def test_signing_out_after_another_tab_did_leads_to_sign_in(browser: Browser) -> None:
    browser.sign_up()
    token = form_token(browser.get("/account/sign-out").text)
    browser.post("/account/sign-out", {})
    answer = browser.post("/account/sign-out", {}, token=token)
    assert answer.headers["location"].startswith("/account/sign-in")


def test_under_https_only_this_host_itself_can_set_the_form_cookie(served: TestClient, browser: Browser) -> None:
    page = served.get("https://localhost/account/sign-in", headers={"cookie": "haru_form=chosen"})
    (cookie,) = [c for c in page.headers.get_list("set-cookie") if "haru_form" in c]
    assert cookie.startswith(f"{cookies.FORM_UNDER_HTTPS}=")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "path=/", "httponly"} <= parts
    assert not any(part.startswith("domain") for part in parts), "browsers refuse the prefix with a domain"
    served.cookies.clear()

    chosen = form_token(served.get("http://localhost/account/sign-in", headers={"cookie": "haru_form=chosen"}).text)
    answer = served.post(
        "https://localhost/account/sign-in",
        data={"name": "x", "password": PASSWORD, "form_token": chosen},
        headers={"cookie": "haru_form=chosen"},
    )
    assert (answer.status_code, alert(answer)) == EXPIRED
    served.cookies.clear()
