"""Today with a microphone: recorded in the page, understood, corrected, kept, found again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from emotions import BY_KEY
from language import say
from tests.browser.conftest import RunningApp, screenshot
from tests.browser.test_journey import enter

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.mark.parametrize(("language", "width"), [("ko", 390), ("en", 1280)])
def test_a_day_by_voice_and_words(
    open_page: Callable[..., Page], running_app: RunningApp, language: str, width: int
) -> None:
    def t(key: str, **values: object) -> str:
        return say(language, key, **values)

    line = {"ko": "오늘은 정말 기쁘고 행복한 하루였다", "en": "I am so happy, what a wonderful day"}[language]
    page = open_page(language, width, path="/account/sign-up")
    enter(page, t, f"Voice {language}", "voice")

    page.get_by_label(t("entry.note")).fill(line)
    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_timeout(3_000)  # speaking takes its time
    with page.expect_response(re.compile("upload_file")):
        page.get_by_role("button", name="Stop recording").click()
    # Streamlit's own play button: the recording has arrived in the widget.
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.get_by_role("button", name=t("analyse.button")).click()

    # What was understood, by each, and why.
    card = page.locator("[class*=_understood]")
    expect(card).to_be_visible()
    expect(card).to_contain_text(t("understood.not_a_feeling"))
    expect(card.get_by_role("heading")).to_contain_text(t("understood.voice"))
    expect(card.get_by_role("heading")).to_contain_text(t("understood.words"))
    card.get_by_text(t("understood.why")).click()
    expect(card).to_contain_text(t("why.voice"))
    expect(card).to_contain_text(t("why.words"))
    screenshot(page, f"today-{language}-{width}-understood")

    # The person has the last word.
    calm = BY_KEY["neutral"].name(language)
    page.get_by_role("radio", name=calm).click()
    expect(page.get_by_role("radio", name=calm)).to_be_checked()
    page.get_by_role("button", name=t("entry.save"), exact=True).click()
    expect(page.get_by_test_id("stText").get_by_text(line)).to_be_visible()
    page.get_by_role("link", name=t("nav.days")).click()
    expect(page.get_by_test_id("stText").get_by_text(line)).to_be_visible()
    expect(page.get_by_text(re.compile(calm)).first).to_be_visible()

    # No sound was kept: none in the data folder.
    for file in running_app.data.rglob("*"):
        if file.is_file() and file.suffix != ".log":
            assert b"RIFF" not in file.read_bytes()


def test_a_draft_survives_a_reload_of_the_page(open_page: Callable[..., Page]) -> None:
    def t(key: str, **values: object) -> str:
        return say("en", key, **values)

    page = open_page("en", path="/account/sign-up")
    enter(page, t, "Reloader")
    page.get_by_label(t("entry.note")).fill("half a thought")
    page.get_by_role("radio", name=BY_KEY["fear"].en).click()
    expect(page.get_by_role("radio", name=BY_KEY["fear"].en)).to_be_checked()
    page.wait_for_timeout(500)
    page.reload()
    expect(page.get_by_label(t("entry.note"))).to_have_value("half a thought")
    expect(page.get_by_role("radio", name=BY_KEY["fear"].en)).to_be_checked()
