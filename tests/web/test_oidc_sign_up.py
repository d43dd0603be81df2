"""Who may make an account where a provider says who people are: HARU_OIDC_SIGN_UP beside HARU_SIGN_UP."""

from __future__ import annotations

from html import unescape

import pytest
from starlette.requests import Request
from starlette.responses import Response

from diary import accounts, errors, identities, invitations, sessions
from diary.identities import Identity
from language import LANGUAGES, say
from tests.web.conftest import SIGN_UP, Browser, form_token
from web.oidc import cookie
from web.oidc.provider import Answer

MODES = ("open", "invited", "closed")
NAME = "Example University"
ISSUER = "https://login.example.org"


@pytest.fixture(autouse=True)
def provider(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"ISSUER": ISSUER, "CLIENT_ID": "haru", "NAME": NAME}
    for name, value in settings.items():
        monkeypatch.setenv(f"HARU_OIDC_{name}", value)
    monkeypatch.setenv("HARU_PUBLIC_URL", "http://localhost")


def come_from_provider(browser: Browser, subject: str) -> Identity:
    """Gives the browser the cookie that it has after the provider named its person."""
    identity, answer = Identity(ISSUER, subject), Response()
    cookie.put(
        Request({"type": "http", "scheme": "http", "path": "/", "headers": []}), answer, Answer(identity, "Jiwoo")
    )
    browser.cookies.set("haru_identity", answer.headers["set-cookie"].partition("=")[2].partition(";")[0])
    return identity


def try_sign_up(browser: Browser, name: str, token: str) -> bool:
    """Whether the form makes an account, sent by somebody who had it open before."""
    browser.cookies.delete("haru_session")
    form = form_token(browser.get("/account/sign-in").text)
    browser.post(f"/account/sign-up?invitation={token}", SIGN_UP | {"name": name}, token=form)
    return browser.session is not None


@pytest.mark.parametrize("is_named", [True, False])
@pytest.mark.parametrize("lets_in", [True, False])
@pytest.mark.parametrize("mode", MODES)
def test_who_may_make_an_account(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, mode: str, lets_in: bool, is_named: bool
) -> None:
    monkeypatch.setenv("HARU_SIGN_UP", mode)
    monkeypatch.setenv("HARU_OIDC_SIGN_UP", "1" if lets_in else "0")
    for kind in ("none", "valid", "used"):
        invitation, token = invitations.new() if kind != "none" else (None, "")
        if kind == "used":
            monkeypatch.setenv("HARU_SIGN_UP", "invited")
            browser.cookies.delete("haru_identity")
            assert try_sign_up(browser, "The one who used it", token)
            monkeypatch.setenv("HARU_SIGN_UP", mode)
        browser.cookies.delete("haru_identity")
        identity = come_from_provider(browser, f"a person with {kind}") if is_named else None
        may = mode == "open" or (lets_in and is_named) or (mode == "invited" and kind == "valid")
        assert try_sign_up(browser, f"Jiwoo with {kind}", token) == may, kind
        if identity:
            assert (identities.account_of(identity) is not None) == may, "the account is linked"
        if kind == "valid":
            (listed,) = [one for one in invitations.every() if invitation and one.id == invitation.id]
            # Else whoever comes by the provider could pass the link on. A closed Haru looks at no link.
            assert (listed.used_at is not None) == (mode != "closed")


def test_without_a_provider_its_setting_lets_nobody_in(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_SIGN_UP", "closed")
    monkeypatch.setenv("HARU_OIDC_SIGN_UP", "1")
    come_from_provider(browser, "a person")
    monkeypatch.setenv("HARU_OIDC_ISSUER", "")
    assert not try_sign_up(browser, "Jiwoo", "")
    assert NAME not in browser.get("/account/sign-in").text


def test_one_identity_makes_one_account_at_a_time(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_SIGN_UP", "closed")
    monkeypatch.setenv("HARU_OIDC_SIGN_UP", "1")
    identity = come_from_provider(browser, "a person")
    kept = browser.cookies["haru_identity"]
    assert try_sign_up(browser, "First", "")
    session = sessions.find(browser.session)
    assert session is not None
    browser.cookies.set("haru_identity", kept)
    assert not try_sign_up(browser, "Second", "")
    # Also in two tabs at the same moment, when both were told that the identity is free.
    with monkeypatch.context() as at_the_same_moment:
        at_the_same_moment.setattr(identities, "account_of", lambda _: None)
        assert not try_sign_up(browser, "Second", "")
    assert identities.account_of(identity) == session.account_id
    assert list(accounts.shown_names().values()) == ["First"]
    with pytest.raises(errors.SignInFailed):
        accounts.sign_in("Second", SIGN_UP["password"], address="192.0.2.1")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lets_in", [True, False])
@pytest.mark.parametrize("mode", MODES)
def test_the_pages_say_what_holds(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, mode: str, lets_in: bool, language: str
) -> None:
    monkeypatch.setenv("HARU_SIGN_UP", mode)
    monkeypatch.setenv("HARU_OIDC_SIGN_UP", "1" if lets_in else "0")
    begin = say(language, "oidc.begin", provider=NAME)
    refusals = {"invited": say(language, "error.invitation_needed"), "closed": say(language, "error.sign_up_closed")}

    door = unescape(browser.get(f"/account/sign-in?lang={language}").text)
    assert (begin in door) == (lets_in and mode != "open")
    assert (refusals["invited"] in door) == (mode == "invited")
    assert (refusals["closed"] in door) == (mode == "closed" and not lets_in)
    if mode != "open":
        assert (begin in unescape(browser.get("/account/sign-up").text)) == lets_in

    come_from_provider(browser, "a person")
    new = unescape(browser.get(f"/account/oidc/new?lang={language}").text)
    may = lets_in or mode == "open"
    assert ('href="/account/sign-up"' in new) == may, "no button that leads to a refusal"
    assert [said for said in refusals.values() if said in new] == ([] if may else [refusals[mode]])
