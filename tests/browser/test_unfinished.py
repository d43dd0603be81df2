"""Unsaved input is still there after another page, Back, a reload, and a new sign-in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from emotions import BY_KEY
from language import say
from tests.browser.conftest import screenshot, settle, turn_to
from tests.browser.test_journey import PASSWORD, enter
from tests.browser.test_today import record

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

NOTE = {"ko": "비가 와서 오래 걸었다", "en": "It rained, and I walked for a long time"}
TAG = {"ko": "빗소리", "en": "rain on the roof"}


def test_what_is_written_stays(open_page: Callable[..., Page]) -> None:
    language, width = "ko", 390

    def t(key: str, **values: object) -> str:
        return say(language, key, **values)

    name = f"Unfinished {language}"
    page = open_page(language, width, path="/account/sign-up")
    enter(page, t, name, "voice")
    fear = BY_KEY["fear"].name(language)
    day = date.today() - timedelta(days=3)

    def expect_written() -> None:
        expect(page.get_by_label(t("entry.note"))).to_have_value(NOTE[language])
        expect(page.get_by_role("radio", name=fear)).to_be_checked()
        expect(page.get_by_role("radio", name=t("entry.intensity_5"), exact=True)).to_be_checked()
        expect(page.get_by_role("button", name=f"#{TAG[language]}")).to_have_attribute("aria-pressed", "true")
        parts = page.get_by_test_id("stDateInput").get_by_role("spinbutton")
        for number, part in enumerate((day.year, day.month, day.day)):
            expect(parts.nth(number)).to_have_attribute("aria-valuenow", str(part))

    def go(key: str) -> None:
        turn_to(page, t, key.removeprefix("nav."), delay=100)  # as long as a finger takes
        expect(page.get_by_label(t("entry.note"))).to_have_count(1 if key == "nav.today" else 0)
        settle(page)

    for part in ("line", "tags", "day", "speak"):
        page.get_by_role("button", name=t(f"part.{part}")).click()
        settle(page)
    page.get_by_label(t("entry.note")).fill(NOTE[language])
    page.get_by_role("radio", name=fear).click()
    expect(page.get_by_role("radio", name=fear)).to_be_checked()
    page.get_by_role("radio", name=t("entry.intensity_5"), exact=True).click()
    page.get_by_label(t("tags.add")).fill(TAG[language])
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=f"#{TAG[language]}")).to_be_visible()
    page.get_by_test_id("stDateInput").get_by_role("spinbutton").first.press_sequentially(f"{day:%Y%m%d}")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stTimeInput")).to_be_visible()
    record(page, language, seconds=1)
    settle(page)
    expect_written()

    go("nav.help")
    go("nav.today")
    expect_written()
    attached = page.locator("[class*=st-key-attached_voice]")
    expect(attached).to_be_visible()
    screenshot(page, f"unfinished-{language}-{width}-back")
    for key in ("nav.days", "nav.history", "nav.music"):
        go(key)
        page.go_back()
        settle(page)
        expect_written()

    # Straight from the field to another page: the last word goes with the change of page.
    page.get_by_label(t("entry.note")).press("End")
    page.get_by_label(t("entry.note")).press_sequentially("!")
    go("nav.help")
    go("nav.today")
    expect(page.get_by_label(t("entry.note"))).to_have_value(f"{NOTE[language]}!")
    # Pressed faster than a finger can, Streamlit may turn back to Today by itself, with empty widgets.
    page.get_by_label(t("entry.note")).fill(NOTE[language])
    page.get_by_role("link", name=t("nav.help")).first.click()
    page.get_by_role("link", name=t("nav.today")).first.click()
    expect_written()
    settle(page)
    go("nav.help")

    # Without the recording, which is in memory only: the page says what is gone.
    page.reload()
    settle(page)
    go("nav.today")
    expect_written()
    expect(attached).to_have_count(0)
    expect(page.get_by_text(t("draft.restored"))).to_be_visible()
    expect(
        page.get_by_text(re.compile(t("draft.lost_voice_named", name="NAME").replace("(NAME)", r"\(0:\d\d\)")))
    ).to_be_visible()
    page.reload()
    settle(page)
    expect_written()
    screenshot(page, f"unfinished-{language}-{width}-reloaded")

    go("nav.settings")
    page.get_by_role("button", name=t("settings.sign_out"), exact=True).click()
    expect(page).to_have_url(re.compile("/account/sign-in"))
    page.get_by_label(t("sign_in.name"), exact=True).fill(name)
    page.get_by_label(t("sign_in.password"), exact=True).fill(PASSWORD)
    page.get_by_role("button", name=t("sign_in.sign_in"), exact=True).click()
    settle(page)
    expect_written()
    page.get_by_role("button", name=t("entry.save"), exact=True).click()
    expect(page.get_by_text(t("saved.fear"))).to_be_visible()
    go("nav.help")
    go("nav.today")
    expect(page.get_by_label(t("entry.note"))).to_have_value("")
    expect(page.get_by_role("radio", name=fear)).not_to_be_checked()
