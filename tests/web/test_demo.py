"""The demo's two routes: only in a demo, and only from a form of Haru's."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo import state
from diary import sessions
from tests.demo.conftest import built, demo
from tests.web.conftest import Browser
from web import cookies, sign_in
from web import demo as demo_routes

__all__ = ["built", "demo"]  # fixtures


@pytest.fixture
def visitor(demo: Path, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setattr(demo_routes, "_RESET_DELAY", 0)
    return Browser(
        TestClient(Starlette(routes=[*sign_in.routes, *demo_routes.routes(lambda: None)]), base_url="http://localhost")
    )


def test_one_click_signs_in(visitor: Browser) -> None:
    page = visitor.get("/account/sign-in")
    assert 'action="/account/demo"' in page.text
    answer = visitor.post(demo_routes.SIGN_IN_BY_CLICK, {}, token=_token(page.text))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert sessions.find(visitor.session).name == "Hana"


def test_one_click_resets(visitor: Browser) -> None:
    page = visitor.get("/account/sign-in")
    visitor.post(demo_routes.SIGN_IN_BY_CLICK, {}, token=_token(page.text))
    before = visitor.session
    answer = visitor.post(demo_routes.RESET, {}, token=_token(page.text))
    assert answer.status_code == 303
    gone = [cookie for cookie in answer.headers.get_list("set-cookie") if cookie.startswith(f"{cookies.DEMO_STEP}=")]
    assert ["Max-Age=0" in cookie for cookie in gone] == [True], "the next visitor begins with the first step"
    assert sessions.find(before) is None
    assert sessions.find(visitor.session).name == "Hana"


@pytest.mark.parametrize("path", [demo_routes.SIGN_IN_BY_CLICK, demo_routes.RESET])
def test_a_form_of_another_site_is_refused(visitor: Browser, path: str) -> None:
    visitor.get("/account/sign-in")
    answer = visitor.post(path, {}, token="made up")
    assert answer.status_code == 403
    assert visitor.session is None


@pytest.mark.parametrize("path", [demo_routes.SIGN_IN_BY_CLICK, demo_routes.RESET])
def test_a_real_diary_has_no_such_routes(browser: Browser, path: str) -> None:
    browser.sign_up()
    before = browser.session
    page = browser.get("/account/sign-in")
    assert "/account/demo" not in page.text
    assert browser.post(path, {}, token=_token(page.text)).status_code == 405
    assert browser.session == before
    assert sessions.find(before) is not None


def test_the_routes_do_nothing_in_a_real_diary(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called = []
    monkeypatch.setattr(state, "reset", lambda: called.append("reset"))
    client = TestClient(
        Starlette(routes=[*sign_in.routes, *demo_routes.routes(lambda: None)]), base_url="http://localhost"
    )
    answer = client.post(demo_routes.RESET, follow_redirects=False)
    assert answer.headers["location"] == "/account/sign-in"
    assert not called


def _token(html: str) -> str:
    from tests.web.conftest import form_token

    return form_token(html)
