"""The page that makes a token, and the real app in front of the API: no cookie, no page of Streamlit's, no CORS."""

from __future__ import annotations

import re

import pytest

from diary import api_tokens, sessions
from language import say
from tests.conftest import PASSWORD
from tests.web.conftest import Browser, alert

PATH = "/account/token"
FORM = {"name": "a shortcut", "write": "yes", "days": "90", "password": PASSWORD}


def token_in(text: str) -> str:
    found = re.search(r'class="code"[^>]*>(haru_[\w-]{43})<', text)
    assert found, text
    return found[1]


def test_the_token_is_shown_once_and_works(browser: Browser, other_browser: Browser) -> None:
    browser.sign_up()
    answer = browser.post(PATH, FORM | {"moods": "yes"})
    token = token_in(answer.text)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    (listed,) = api_tokens.every(sessions.find(browser.session))
    assert (listed.name, listed.scopes) == ("a shortcut", ("write", "moods"))
    assert token not in browser.get(PATH).text
    asked = other_browser.get("/api/v1/token", headers={"authorization": f"Bearer {token}"})
    assert asked.json()["scopes"] == ["write", "moods"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"password": "wrong horse battery"}, 401, "wrong_password"),
        ({"password": ""}, 401, "wrong_password"),
        ({"name": ""}, 400, "token_name_unusable"),
        ({"write": "no"}, 400, "token_without_scope"),
        ({"days": "36500"}, 400, "token_lasts_too_long"),
        ({"days": "²"}, 400, "token_lasts_too_long"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    browser: Browser, change: dict[str, str], status: int, code: str
) -> None:
    browser.sign_up()
    answer = browser.post(PATH, FORM | {"moods": "no" if code == "token_without_scope" else "yes"} | change)
    facts = {"most": {"token_name_unusable": 40, "token_lasts_too_long": 365}.get(code)}
    assert (answer.status_code, alert(answer)) == (status, say("en", f"error.{code}", **facts))
    assert f'value="{(FORM | change)["name"]}"' in answer.text
    assert PASSWORD not in answer.text
    assert api_tokens.every(sessions.find(browser.session)) == []


def test_only_a_form_of_this_browser_makes_one(browser: Browser, other_browser: Browser) -> None:
    browser.sign_up()
    assert browser.post(PATH, FORM, token="0" * 64).status_code == 403
    assert other_browser.get(PATH).headers["location"] == "/account/sign-in"
    assert api_tokens.every(sessions.find(browser.session)) == []


def test_behind_the_whole_app_the_api_knows_no_cookie(browser: Browser) -> None:
    browser.sign_up()
    for path in ("/api/v1/token", "/api/v1/entries", "/api/v1/nothing", "/api/", "/api/v2/entries"):
        answer = browser.get(path)
        assert answer.status_code == 401, path
        assert answer.headers["content-type"] == "application/problem+json", path
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert not [name for name in answer.headers if name.startswith("access-control-")]
    described = browser.get("/api/v1/openapi.json", headers={"cookie": ""})
    assert described.json()["openapi"].startswith("3.")


def test_a_token_opens_no_page(browser: Browser, other_browser: Browser) -> None:
    browser.sign_up()
    token = token_in(browser.post(PATH, FORM | {"notes": "yes"}).text)
    for sent in ({"authorization": f"Bearer {token}"}, {"cookie": f"haru_session={token}"}):
        assert other_browser.get("/", headers=sent).status_code == 303
        assert other_browser.get("/media/x", headers=sent).status_code == 401


def test_a_new_password_ends_the_tokens_and_the_page_says_so(browser: Browser) -> None:
    browser.sign_up()
    token = token_in(browser.post(PATH, FORM).text)
    assert "tokens" in browser.get("/account/password").text
    new = {"password": "staple and a new horse", "password_again": "staple and a new horse"}
    browser.post("/account/password", new | {"old_password": PASSWORD})
    assert browser.get("/api/v1/token", headers={"authorization": f"Bearer {token}"}).status_code == 401
