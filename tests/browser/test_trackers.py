"""Trackers on a phone: a tap on a chip and a tap on a value; typing is not disturbed, and no key chooses a mood."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from diary import accounts, sessions, trackers
from diary.trackers import Tracker
from language import say
from tests.browser.conftest import RunningApp, settle
from web import cookies

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def test_values_are_stored_as_they_are_tapped_and_typed(
    open_page: Callable[..., Page], running_app: RunningApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARU_DATA", str(running_app.data))
    token = accounts.sign_up(
        accounts.NewAccount("Tracks", "correct horse battery", date(1995, 5, 5), ["diary"], "ko", "Asia/Seoul"),
        today=date(2026, 11, 20),
        address="192.0.2.78",
    )
    person = sessions.find(token)
    assert person is not None
    pain, sleep = Tracker("통증", "🤕", "scale"), Tracker("잠", "😴", "minutes")
    for tracker in (pain, sleep):
        trackers.add(person, tracker)
    page = open_page("ko", 390, 844, path="/account/help", has_touch=True)
    page.context.add_cookies([{"name": cookies.SESSION, "value": token, "url": running_app.url}])
    page.goto("/")
    settle(page)

    # A scale: two taps, and its field is closed again.
    page.get_by_role("button", name="통증").tap()
    page.get_by_role("radio", name="7", exact=True).tap()
    expect(page.get_by_role("button", name="통증 7")).to_be_visible()
    expect(page.get_by_role("radio", name="7", exact=True)).to_have_count(0)

    # A time: its field stays open while hours and minutes are typed, and the keys of the moods do not count there.
    page.get_by_role("button", name="잠").tap()
    hours = page.get_by_role("spinbutton", name=say("ko", "tracker.hours"))
    hours.press_sequentially("7")
    hours.press("Tab")
    expect(page.get_by_role("button", name="잠 7:00")).to_be_visible()
    minutes = page.get_by_role("spinbutton", name=say("ko", "tracker.minutes"))
    minutes.fill("35")
    minutes.press("Enter")
    expect(page.get_by_role("button", name="잠 7:35")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="통증 7").focus()
    page.keyboard.press("3")
    expect(page.locator("[class*=st-key-mood_choice] [role=radio][aria-checked=true]")).to_have_count(0)

    # Both are there after a reload, and above the bar that keeps the entry.
    page.reload()
    settle(page)
    for name in ("통증 7", "잠 7:35"):
        expect(page.get_by_role("button", name=name)).to_be_visible()
    moods = page.locator("[class*=st-key-mood_choice]").first.bounding_box()
    chips = page.locator("[class*=st-key-tracker_chips]").bounding_box()
    bar = page.locator(".st-key-keep_bar").bounding_box()
    assert moods is not None
    assert chips is not None
    assert bar is not None
    assert moods["y"] + moods["height"] <= chips["y"]
    assert chips["y"] + chips["height"] <= bar["y"]
    today = trackers.between(person, date.min, date.max)
    assert {tracker_id: list(values.values()) for tracker_id, values in today.items()} == {
        pain.id: [7],
        sleep.id: [455],
    }
