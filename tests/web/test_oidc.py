"""Sign-in by a provider, against a small real one on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
import requests
from joserfc import jwk
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse

from diary import accounts, database, errors, identities, second_factor, server_secret, sessions
from diary.identities import Identity
from diary.sessions import Session
from language import say
from tests.conftest import PASSWORD
from tests.web import oidc_provider
from tests.web.conftest import SIGN_UP, Browser, alert, form_token
from tests.web.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider
from web.oidc import cookie

NAME = "Example University"
START, OPEN, NEW, PAGE = "/account/oidc", "/account/oidc/open", "/account/oidc/new", "/account/identity"


def error(code: str) -> str:
    return say("en", f"error.{code}", provider=NAME)


@pytest.fixture(scope="module")
def started() -> Iterator[Provider]:
    with oidc_provider.running() as provider:
        yield provider


@pytest.fixture
def provider(started: Provider, monkeypatch: pytest.MonkeyPatch) -> Provider:
    fresh = Provider(started.issuer, started.key)
    started.claims, started.breaks = fresh.claims, fresh.breaks
    started.signs_with, started.algorithm = None, "RS256"
    for name, value in {
        "HARU_OIDC_ISSUER": started.issuer,
        "HARU_OIDC_CLIENT_ID": CLIENT_ID,
        "HARU_OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "HARU_OIDC_NAME": NAME,
        "HARU_PUBLIC_URL": "http://localhost",
    }.items():
        monkeypatch.setenv(name, value)
    return started


def brought_back(address: str) -> str:
    """The path that the provider sends the browser back to."""
    answer = requests.get(address, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["location"])
    assert (back.scheme, back.netloc) == ("http", "localhost")
    return f"{back.path}?{back.query}"


def come_back(browser: Browser) -> httpx.Response:
    """Goes to the provider and returns with its code."""
    return browser.get(brought_back(browser.get(START).headers["location"]))


def link(browser: Browser) -> httpx.Response:
    return browser.get(brought_back(provider_address(browser.post(PAGE, {"act": "link", "password": PASSWORD}))))


def provider_address(page: httpx.Response) -> str:
    (address,) = [part.partition('"')[0] for part in page.text.split('href="') if part.startswith("http://localhost:")]
    return address.replace("&amp;", "&")


def session_of(browser: Browser) -> Session:
    session = sessions.find(browser.session)
    assert session is not None
    return session


@pytest.fixture
def linked(browser: Browser, provider: Provider) -> Browser:
    browser.sign_up()
    assert link(browser).headers["location"] == f"{PAGE}?linked=yes"
    return browser


def test_the_provider_says_who_one_is_and_the_password_opens(linked: Browser, other_browser: Browser) -> None:
    assert NAME in other_browser.get("/account/sign-in").text
    assert come_back(other_browser).headers["location"] == OPEN
    assert other_browser.session is None
    assert other_browser.get("/").status_code == 303
    wrong = other_browser.post(OPEN, {"password": "not my password"})
    assert (wrong.status_code, alert(wrong)) == (401, say("en", "error.wrong_password"))
    right = other_browser.post(OPEN, {"password": PASSWORD})
    assert (right.status_code, right.headers["location"]) == (303, "/")
    assert session_of(other_browser).account_id == session_of(linked).account_id
    assert "haru_identity" not in other_browser.cookies


def test_what_is_sent_to_the_provider(linked: Browser, provider: Provider) -> None:
    assert provider.asked["scope"] == "openid profile"
    assert provider.asked["response_type"] == "code"
    assert provider.asked["code_challenge_method"] == "S256"
    assert len({provider.asked[name] for name in ("state", "nonce", "code_challenge")}) == 3
    assert provider.asked["redirect_uri"] == "http://localhost/account/oidc/callback"


def test_the_second_factor_is_asked_for_after_the_password(linked: Browser, other_browser: Browser) -> None:
    session = session_of(linked)
    with database.transaction() as db:
        row = {"account_id": session.account_id, "sealed": b"x", "last_step": 0, "since": database.now()}
        db["second_factors"].insert(row)
    assert second_factor.is_on(session.account_id)
    come_back(other_browser)
    assert other_browser.post(OPEN, {"password": PASSWORD}).headers["location"] == "/account/code"
    assert other_browser.session is None


def test_a_new_account_is_linked_at_once(browser: Browser, other_browser: Browser, provider: Provider) -> None:
    assert come_back(browser).headers["location"] == NEW
    assert "/account/sign-up" in browser.get(NEW).text
    assert 'value="Jiwoo Kim"' in browser.get("/account/sign-up").text
    browser.post("/account/sign-up", SIGN_UP | {"name": "A name of my own"})
    assert identities.linked_since(session_of(browser))
    assert "haru_identity" not in browser.cookies
    assert come_back(other_browser).headers["location"] == OPEN


@pytest.mark.parametrize("is_vouched_for", [True, False])
def test_the_operator_may_let_in_whom_the_provider_names(
    browser: Browser, provider: Provider, monkeypatch: pytest.MonkeyPatch, is_vouched_for: bool
) -> None:
    monkeypatch.setenv("HARU_SIGN_UP", "closed")
    monkeypatch.setenv("HARU_OIDC_SIGN_UP", "1" if is_vouched_for else "0")
    token = form_token(browser.get("/account/sign-in").text)
    refused = browser.post("/account/sign-up", SIGN_UP, token=token)
    assert alert(refused) == say("en", "error.sign_up_closed")
    come_back(browser)
    browser.post("/account/sign-up", SIGN_UP, token=token)
    assert (browser.session is not None) == is_vouched_for


def test_without_the_provider_sign_up_links_nothing(browser: Browser, provider: Provider) -> None:
    browser.sign_up()
    assert identities.linked_since(session_of(browser)) is None


def test_linking_and_unlinking_need_the_password(browser: Browser, provider: Provider) -> None:
    browser.sign_up()
    for act in ("link", "unlink"):
        refused = browser.post(PAGE, {"act": act, "password": "not my password"})
        assert (refused.status_code, alert(refused)) == (401, say("en", "error.wrong_password"))
    link(browser)
    browser.post(PAGE, {"act": "unlink", "password": PASSWORD})
    assert identities.linked_since(session_of(browser)) is None
    assert come_back(browser).headers["location"] == NEW


def test_one_identity_opens_one_account(linked: Browser, other_browser: Browser) -> None:
    other_browser.sign_up(name="Somebody else")
    assert alert(link(other_browser)) == error("identity_taken")
    assert identities.linked_since(session_of(linked))


def test_the_same_subject_elsewhere_is_somebody_else(linked: Browser, provider: Provider) -> None:
    assert identities.account_of(Identity(provider.issuer, "user-7"))
    assert identities.account_of(Identity("https://login.example.org", "user-7")) is None


def test_a_password_links_only_its_own_account(browser: Browser, provider: Provider) -> None:
    """Somebody else signs in in the browser before the provider answers."""
    browser.sign_up()
    page = browser.post(PAGE, {"act": "link", "password": PASSWORD})
    back = brought_back(provider_address(page))
    browser.sign_up(name="Somebody else")
    assert alert(browser.get(back)) == error("challenge_expired")
    assert identities.linked_since(session_of(browser)) is None


def test_nobody_else_is_linked_to_an_open_account(browser: Browser, other_browser: Browser, provider: Provider) -> None:
    """An attacker's own code, put into the victim's browser."""
    browser.sign_up()
    stolen = brought_back(other_browser.get(START).headers["location"])
    answer = browser.get(stolen)
    assert (answer.status_code, alert(answer)) == (401, error("challenge_expired"))
    page = browser.post(PAGE, {"act": "link", "password": PASSWORD})
    assert page.status_code == 200
    assert alert(browser.get(stolen)) == error("challenge_expired")
    assert identities.linked_since(session_of(browser)) is None


def test_an_answer_counts_once_and_in_one_browser(linked: Browser, other_browser: Browser) -> None:
    back = brought_back(other_browser.get(START).headers["location"])
    kept = other_browser.cookies["haru_provider"]
    assert other_browser.get(back).status_code == 303
    other_browser.cookies.set("haru_provider", kept)
    assert alert(other_browser.get(back)) == error("challenge_expired")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "http://localhost:1"},
        {"aud": "another client"},
        {"aud": [CLIENT_ID, "another client"]},
        {"azp": "another client"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
    ],
)
def test_a_token_about_something_else_is_refused(browser: Browser, provider: Provider, claims: dict) -> None:
    provider.claims |= claims
    answer = come_back(browser)
    assert (answer.status_code, alert(answer)) == (502, error("provider_answer_wrong"))
    assert "haru_identity" not in browser.cookies


def test_a_signature_of_another_key_is_refused(browser: Browser, provider: Provider) -> None:
    provider.signs_with = jwk.RSAKey.generate_key(2048, {"kid": "one"})
    assert alert(come_back(browser)) == error("provider_answer_wrong")


def test_a_signature_by_the_public_key_as_a_password_is_refused(browser: Browser, provider: Provider) -> None:
    provider.signs_with, provider.algorithm = jwk.OctKey.import_key(CLIENT_SECRET), "HS256"
    assert alert(come_back(browser)) == error("provider_answer_wrong")


@pytest.mark.parametrize("path", ["/.well-known", "/token", "/jwks"])
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (PlainTextResponse("<html>Down for maintenance</html>"), "provider_answer_wrong"),
        (JSONResponse([]), "provider_answer_wrong"),
        (JSONResponse({}), "provider_answer_wrong"),
        (JSONResponse({"error": "server_error"}, status_code=503), ""),
        (RedirectResponse("http://127.0.0.1:1/"), "provider_answer_wrong"),
        (PlainTextResponse("[" * 100_000), "provider_answer_wrong"),
        (PlainTextResponse(" " * 300_000), "provider_answer_wrong"),
    ],
)
def test_odd_answers_are_a_sentence(browser: Browser, provider: Provider, path: str, answer, code: str) -> None:
    back = brought_back(browser.get(START).headers["location"])
    provider.breaks[path] = answer
    page = browser.get(back)
    assert page.status_code == 502
    sentences = [error(code)] if code else [error("provider_unreachable"), error("provider_answer_wrong")]
    assert alert(page) in sentences


def test_an_outage_is_a_sentence(browser: Browser, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    back = brought_back(browser.get(START).headers["location"])
    monkeypatch.setenv("HARU_OIDC_ISSUER", "http://localhost:1")
    for path in (START, back.replace("iss=", "x=")):
        answer = browser.get(path)
        assert (answer.status_code, alert(answer)) == (502, error("provider_unreachable"))


def test_who_stops_at_the_provider_is_told_so(browser: Browser, provider: Provider) -> None:
    back = brought_back(browser.get(START).headers["location"])
    answer = browser.get(back.replace("code=", "error=access_denied&x="))
    assert (answer.status_code, alert(answer)) == (401, error("provider_refused"))


def test_the_answer_of_another_provider_is_refused(browser: Browser, provider: Provider) -> None:
    back = brought_back(browser.get(START).headers["location"])
    answer = browser.get(back.replace("iss=http", "iss=https"))
    assert alert(answer) == error("challenge_expired")


def test_the_state_must_be_the_browsers_own(browser: Browser, provider: Provider) -> None:
    back = brought_back(browser.get(START).headers["location"])
    answer = browser.get(back.replace("state=", "state=x"))
    assert (answer.status_code, alert(answer)) == (401, error("challenge_expired"))


def test_made_up_cookies_name_nobody(browser: Browser, provider: Provider) -> None:
    for made_up in ("", "x", "가", "A" * 400):
        headers = {"cookie": f"haru_identity={made_up}".encode()}
        assert browser.get(OPEN, headers=headers).headers["location"] == "/account/sign-in"
        assert browser.get(NEW, headers=headers).headers["location"] == "/account/sign-in"


def test_the_cookie_lasts_minutes(linked: Browser, other_browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    come_back(other_browser)
    # By hand: the test's browser forgets it in time, too.
    kept = {"cookie": f"haru_identity={other_browser.cookies['haru_identity']}"}
    other_browser.cookies.clear()
    assert other_browser.get(OPEN, headers=kept).status_code == 200
    later = cookie.time.time() + cookie.SECONDS + 1
    monkeypatch.setattr(cookie.time, "time", lambda: later)
    assert other_browser.get(OPEN, headers=kept).headers["location"] == "/account/sign-in"


def test_the_database_does_not_tell_who_anybody_is(linked: Browser, provider: Provider) -> None:
    content = database.path().read_bytes()
    assert b"user-7" not in content
    assert provider.issuer.encode() not in content
    server_secret_file = database.folder() / server_secret.FILE
    server_secret_file.unlink()
    assert identities.account_of(Identity(provider.issuer, "user-7")) is None


def test_the_link_ends_with_the_account(linked: Browser) -> None:
    accounts.delete(session_of(linked))
    with database.connect() as db:
        assert db["identities"].count == 0


def test_without_a_provider_nothing_shows(browser: Browser) -> None:
    browser.sign_up()
    assert START not in browser.get("/account/sign-in").text
    assert browser.get(START).headers["location"] == "/account/sign-in"
    assert browser.get(PAGE).headers["location"] == "/settings"


def test_wrong_passwords_wait(linked: Browser, other_browser: Browser) -> None:
    come_back(other_browser)
    answers = [other_browser.post(OPEN, {"password": "not my password"}) for _ in range(6)]
    assert answers[-1].status_code == 429
    with pytest.raises(errors.SessionEnded):
        accounts.sign_in_as("nobody", PASSWORD, address="192.0.2.1")
