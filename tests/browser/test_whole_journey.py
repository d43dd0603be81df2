"""All of Haru in one test, in Korean on a phone; test_journey.py and test_today.py have English and a desktop.

`open_page` fails on any console error and on any request to another machine; test_accessible.py runs axe-core on each
page.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from emotions import BY_KEY
from language import say
from tests.browser.conftest import open_parts, screenshot, settle, take_photo, turn_to
from tests.browser.test_journey import PASSWORD, enter
from understanding.analyst import in_place

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LINE = "오늘은 정말 기쁘고 행복한 하루였다"


def test_from_signing_up_to_leaving(open_page: Callable[..., Page]) -> None:
    def t(key: str, **values: object) -> str:
        return say("ko", key, **values)

    def go(name: str) -> None:
        turn_to(page, t, name)
        expect(page.get_by_role("heading", level=1)).to_have_text(t(f"{name}.title"))
        settle(page)

    # Sign up; what is allowed is ticked by hand.
    page = open_page("ko", 390, path="/account/sign-up")
    enter(page, t, "Whole", "voice", "face")

    # Record, photograph, write.
    has_faces = "face" in in_place()
    open_parts(page, "ko", "line", "speak", *(("face",) if has_faces else ()))
    page.get_by_role("button", name=t("widget.record"), exact=True).first.click()
    page.wait_for_timeout(3_000)  # speaking takes its time
    with page.expect_response(re.compile("upload_file")):
        page.get_by_role("button", name=t("widget.stop_recording")).click()
    expect(page.locator("[class*=st-key-attached_voice]").first).to_be_visible()
    if has_faces:
        take_photo(page)
    page.get_by_label(t("entry.note")).fill(LINE)
    page.keyboard.press("Tab")
    page.get_by_role("button", name=t("analyse.button")).click()

    # What was understood, and why.
    card = page.locator("[class*=_understood]").first
    expect(card).to_contain_text(t("verdict.not_a_feeling"))
    card.get_by_text(t("verdict.why"), exact=True).click()
    expect(card).to_contain_text(t("why.show_sound"))
    expect(card.locator(".haru-why-words mark").first).to_be_visible()
    screenshot(page, "whole-ko-390-why")

    # Corrected, and kept.
    mood = BY_KEY["surprise"].ko
    page.get_by_role("radio", name=mood).first.click()
    expect(page.get_by_role("radio", name=mood).first).to_be_checked()
    page.get_by_role("button", name=t("entry.save"), exact=True).click()
    expect(page.get_by_test_id("stText").get_by_text(LINE)).to_be_visible()

    # In the calendar; in the course of the days.
    go("days")
    page.locator("[aria-current=date]").click()
    expect(page.get_by_test_id("stText").get_by_text(LINE)).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_visible()  # on a phone, the day lies over the page
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    go("history")
    expect(page.locator(".js-plotly-plot, [data-testid=stTable]").first).to_be_visible()
    screenshot(page, "whole-ko-390-history")

    # A piece of music that is here plays.
    go("music")
    page.get_by_role("radio", name=t("music.source_local")).click()
    page.get_by_role("button", name=t("player.play"), exact=True).click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('audio')].some(sound => !sound.paused && sound.currentTime > 0.5)"
    )
    screenshot(page, "whole-ko-390-music")

    # How well the models read is one touch from Settings.
    go("settings")
    page.get_by_role("link", name=t("models.how_well")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(t("models.title"))

    # Everything is taken along.
    page.goto("/data")
    settle(page)
    page.get_by_role("tab", name=t("data.export")).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=t("export.button"), exact=True).click()
    taken = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert [entry["note"] for entry in taken["entries"]] == [LINE]
    assert [entry["mood"] for entry in taken["entries"]] == ["surprise"]

    # And gone for good: asked twice.
    page.goto("/account/delete")
    for button in ("delete.go_on", "delete.for_good"):
        page.get_by_label(t("sign_in.password"), exact=True).fill(PASSWORD)
        page.get_by_role("button", name=t(button)).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(t("goodbye.title"))
    page.goto("/")
    expect(page).to_have_url(re.compile("/account/sign-in"))


def test_a_first_day_takes_two_touches_and_less_than_a_minute(open_page: Callable[..., Page]) -> None:
    """Nothing has to be read: a mood, and the one filled button."""
    page = open_page("ko", 390, person="Newcomer")
    started = time.monotonic()
    page.get_by_role("radio", name=BY_KEY["happiness"].ko).first.click()
    page.get_by_role("button", name=say("ko", "entry.save"), exact=True).click()
    expect(page.locator("[class*=st-key-mood_card_happiness]").first).to_be_visible()
    assert time.monotonic() - started < 60
    expect(page.get_by_role("button", name=say("ko", "tour.skip"))).to_have_count(0)
