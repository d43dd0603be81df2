"""The service worker and the route for renewed subscriptions, over HTTP."""

from __future__ import annotations

import json

import pytest

from diary import sessions
from language import say
from reminders import addresses, devices, mail
from tests.reminders.push_service import FakeBrowser
from tests.web.conftest import Browser, alert
from web import service_worker

OLD, NEW = FakeBrowser("https://push.example.net/old"), FakeBrowser("https://push.example.net/new")


@pytest.mark.parametrize("path", ["/service-worker.js", *(f"/service-worker/{n}.js" for n in service_worker.PARTS)])
def test_the_worker_and_its_parts_need_no_session(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "script-src 'self'" in answer.headers["content-security-policy"], "it imports its parts"


@pytest.mark.parametrize("name", ["service_worker", "nothing", "..%2fentry%2fkeyboard", "%2e%2e/entry/keyboard"])
def test_nothing_else_is_served_there(browser: Browser, name: str) -> None:
    answer = browser.get(f"/service-worker/{name}.js")
    assert answer.status_code in (303, 404)


def renew(browser: Browser, body: object) -> int:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return browser.ask("POST", "/account/reminders/renewed", content=content).status_code


def test_a_renewed_subscription_replaces_the_old_one(browser: Browser, other_browser: Browser) -> None:
    browser.sign_up()
    session = sessions.find(browser.session)
    assert session is not None
    devices.add(session, OLD.subscription, None)
    (before,) = devices.ids(session.account_id)
    body = {"old": OLD.subscription["endpoint"], "renewed": NEW.subscription}
    assert renew(other_browser, body | {"old": "https://push.example.net/guess"}) == 404
    assert devices.ids(session.account_id) == [before]
    assert renew(other_browser, body) == 204, "the worker has no page, and the person may be signed out"
    (after,) = devices.ids(session.account_id)
    assert after != before
    found = devices.find(after)
    assert found is not None
    assert found.subscription.endpoint == NEW.subscription["endpoint"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"\xff", 400), (b"[" * 5000, 400), (b"[]", 400), (b"7", 400), ({}, 404), (b"x" * 9000, 413),
        ({"old": 7, "renewed": NEW.subscription}, 404),
        ({"old": "\ud800", "renewed": NEW.subscription}, 404),
        ({"old": OLD.subscription["endpoint"], "renewed": {"endpoint": "http://10.0.0.1/"}}, 400),
    ],
)  # fmt: skip
def test_other_content_is_refused(browser: Browser, body: object, status: int) -> None:
    assert renew(browser, body) == status


@pytest.fixture
def link(browser: Browser) -> str:
    """The path in a person's mail that stops the mails."""
    browser.sign_up()
    session = sessions.find(browser.session)
    assert session is not None
    address, code = addresses.propose(session, addresses.MAIL, "jiwoo@example.org")
    addresses.confirm(session, addresses.MAIL, code)
    return mail.STOP + addresses.stop_token(session.account_id, address)


def is_on(browser: Browser) -> bool:
    session = sessions.find(browser.session)
    assert session is not None
    return addresses.of(session, addresses.MAIL) is not None


def test_one_click_in_a_mail_program_stops_the_mails(browser: Browser, other_browser: Browser, link: str) -> None:
    """As RFC 8058 says: a POST without a cookie, with this content."""
    answer = other_browser.ask("POST", link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not is_on(browser)


def test_a_program_that_only_follows_the_link_stops_nothing(
    browser: Browser, other_browser: Browser, link: str
) -> None:
    for method in ("GET", "HEAD", "GET"):
        assert other_browser.ask(method, link).status_code == 200
    assert is_on(browser)
    page = other_browser.get(link + "?lang=ko").text
    assert say("ko", "reminder.stop_mail_means") in page
    assert "jiwoo" not in page, "who gets a link forwarded does not learn of whom it is"
    assert say("ko", "reminder.stop_mail_done") in other_browser.ask("POST", link + "?lang=ko").text
    assert not is_on(browser)


@pytest.mark.parametrize("token", ["x", "AAAA", "%ED%95%9C", "a" * 3000])
def test_another_link_is_answered_by_a_sentence(browser: Browser, token: str) -> None:
    for method in ("GET", "POST"):
        answer = browser.ask(method, mail.STOP + token)
        assert (answer.status_code, alert(answer)) == (400, say("en", "error.link_unusable"))
