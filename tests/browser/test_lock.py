"""The page covers itself: at once when it is locked, and when nobody uses it. No word is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from diary import app_lock, sessions
from language import say
from tests.browser.conftest import RunningApp, open_parts, screenshot, settle
from web import cookies

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PIN = "2580"
COVER = ".haru-lock"
TEXT = "typed just before it was locked"


def prepare(page: Page, app: RunningApp, minutes: int) -> None:
    """Gives this browser a PIN, and chooses the idle minutes."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == cookies.SESSION)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARU_DATA", str(app.data))
        session = sessions.find(token)
        assert session is not None
        app_lock.choose_minutes(session, minutes)
        # Not by its page: the password of `let_in` opens nothing on the server.
        patch.setattr(app_lock.accounts, "confirm_password", lambda *_: None)
        app_lock.set_pin(session, token, PIN, "")
    page.reload()
    settle(page)


def note(page: Page):
    return page.locator("[class*=st-key-note_new] textarea")


def unlock(page: Page) -> None:
    page.locator("#pin").fill(PIN)
    page.get_by_role("button", name=say("en", "lock.open")).click()
    page.wait_for_url("**/")
    settle(page)


def test_what_was_typed_is_there_after_locking_in_another_tab(
    open_page: Callable[..., Page], running_app: RunningApp
) -> None:
    page = open_page("en", person="Lock in a tab")
    prepare(page, running_app, minutes=0)
    open_parts(page, "en", "line")
    note(page).press_sequentially(TEXT)
    other = page.context.new_page()
    other.goto("/more")
    settle(other)
    other.get_by_role("button", name=say("en", "lock.now")).click()
    for each in (other, page):
        each.wait_for_url("**/account/locked**")
    screenshot(page, "locked")
    assert page.request.get("/_stcore/host-config").status == 423
    unlock(page)
    expect(note(page)).to_have_value(TEXT)


def test_nobody_uses_it(open_page: Callable[..., Page], running_app: RunningApp) -> None:
    page = open_page("en", person="Left alone", script="window.realNow = Date.now; window.later = 0; "
                     "Date.now = () => realNow() + later")  # fmt: skip
    prepare(page, running_app, minutes=1)
    expect(page.locator(COVER)).to_have_count(0)
    asked: list[Route] = []
    page.route("**/account/lock", lambda route: asked.append(route))  # as if the server did not answer
    page.evaluate("window.later = 61_000")
    expect(page.locator(COVER)).to_be_visible()
    expect(page.locator("#root")).to_be_hidden()
    for _ in range(100):
        if asked:
            break
        page.wait_for_timeout(100)
    expect(page.locator(COVER)).to_be_visible()
    asked[0].continue_()
    unlock(page)
