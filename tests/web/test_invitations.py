"""Sign-in and sign-up say who may come in, and show no form that cannot work."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from diary import accounts, database, invitations
from language import LANGUAGES, say
from tests.web.conftest import Browser, alert

SIGN_IN, SIGN_UP = "/account/sign-in", "/account/sign-up"


def link() -> str:
    _, token = invitations.new()
    return f"{SIGN_UP}?invitation={token}"


def join(browser: Browser, link: str, name: str = "Jiwoo"):
    fields = {"name": name, "password": "correct horse battery", "born": "1995", "allow_diary": "yes"}
    return browser.post(link, fields)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("mode", "sentence"), [("invited", "invitation_needed"), ("closed", "sign_up_closed")])
def test_the_pages_say_who_may_come_in(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, mode: str, sentence: str, language: str
) -> None:
    monkeypatch.setenv("HARU_SIGN_UP", mode)
    said = say(language, f"error.{sentence}")
    page = browser.get(f"{SIGN_IN}?lang={language}")
    assert page.status_code == 200
    assert said in unescape(page.text)
    assert SIGN_UP not in page.text
    page = browser.get(f"{SIGN_UP}?lang={language}")
    assert page.status_code == 200
    assert said in unescape(page.text)
    assert "<form" not in page.text
    assert f'href="{SIGN_IN}"' in page.text


def test_where_everybody_may_come_in_the_pages_are_as_before(browser: Browser) -> None:
    page = browser.get(SIGN_IN).text
    assert f'href="{SIGN_UP}"' in page
    assert say("en", "error.invitation_needed") not in page
    assert "<form" in browser.get(SIGN_UP).text


@pytest.mark.parametrize("mode", ["invited", "closed"])
def test_a_form_that_was_open_before_brings_nobody_in(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    page = browser.get(SIGN_UP).text
    token = page.partition('name="form_token" value="')[2].partition('"')[0]
    monkeypatch.setenv("HARU_SIGN_UP", mode)
    fields = {"name": "Jiwoo", "password": "correct horse battery", "born": "1995", "allow_diary": "yes"}
    answer = browser.post(SIGN_UP, fields, token=token)
    assert answer.status_code == 403
    assert alert(answer) == say("en", f"error.{'invitation_needed' if mode == 'invited' else 'sign_up_closed'}")
    assert "<form" not in answer.text
    assert accounts.shown_names() == {}


def test_a_link_opens_the_form_once(
    browser: Browser, other_browser: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("HARU_SIGN_UP", "invited")
    invitation = link()
    assert "<form" in browser.get(invitation).text
    assert "<form" in other_browser.get(invitation).text, "opening it does not use it up"
    answer = join(browser, invitation)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/recovery-code")
    answer = other_browser.get(invitation)
    assert answer.status_code == 403
    assert alert(answer) == say("en", "error.invitation_used")
    assert "<form" not in answer.text
    assert list(accounts.shown_names().values()) == ["Jiwoo"]
    # The test's own client writes each address that it asks for.
    own = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert invitation.partition("=")[2] not in "\n".join(own)


def test_a_link_stays_good_when_the_form_is_refused(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_SIGN_UP", "invited")
    invitation = link()
    refused = browser.post(invitation, {"name": "Jiwoo", "password": "short", "born": "1995", "allow_diary": "yes"})
    assert refused.status_code == 400
    assert "<form" in refused.text
    assert join(browser, invitation).status_code == 303


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_or_old_link_gets_a_sentence(browser: Browser, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setenv("HARU_SIGN_UP", "invited")
    invitation = link()
    browser.get(f"{SIGN_IN}?lang={language}")
    for wrong in (invitation[:-1], f"{SIGN_UP}?invitation=%00", f"{SIGN_UP}?invitation=%ED%A0%80"):
        answer = browser.get(wrong)
        assert (answer.status_code, alert(answer)) == (403, say(language, "error.invitation_unknown"))
        assert "<form" not in answer.text
    with database.transaction() as db:
        past = database.timestamp(datetime.now(UTC) - timedelta(seconds=1))
        db.execute("update invitations set expires_at = ?", [past])
    assert alert(browser.get(invitation)) == say(language, "error.invitation_expired")


def test_the_other_language_keeps_the_invitation(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_SIGN_UP", "invited")
    invitation = link()
    page = unescape(browser.get(invitation).text)
    assert f'href="{invitation}&lang=ko"' in page
    assert 'lang="ko"' in browser.get(f"{invitation}&lang=ko").text
    assert "<form" in browser.get(f"{invitation}&lang=ko").text


def test_what_an_address_holds_is_only_text_in_the_page(browser: Browser) -> None:
    page = browser.get(f'{SIGN_IN}?next="><script>alert(1)</script>').text
    assert "<script>alert" not in page
