"""Photographs of the day and feelings in a real browser, on a phone: added, kept over another page, opened, deleted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from language import say
from tests.browser.conftest import screenshot, settle, turn_to
from tests.diary.test_photos import encoded, picture

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_day_with_feelings_and_photographs(open_page: Callable[..., Page], tmp_path: Path) -> None:
    def t(key: str, **values: object) -> str:
        return say("ko", key, **values)

    files = {"sea.jpg": encoded(picture(1600, 900)), "broken.jpg": b"\xff\xd8\xff no picture"}
    files["hill.png"] = encoded(picture(600, 900, "blue"), "PNG")
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    page = open_page("ko", 390, 844, person="사진사", allowed=("media",))

    page.get_by_role("radio").first.click()
    page.get_by_role("button", name="뿌듯함").click()
    expect(page.get_by_role("button", name="뿌듯함")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name=t("part.photos")).first.click()
    expect(page.get_by_text(t("photos.what_happens", most=10, side="2,048"))).to_be_visible()
    settle(page)
    page.locator("[class*=st-key-photo_files] input[type=file]").set_input_files([tmp_path / name for name in files])
    taken_out = page.locator("[class*=st-key-held_photo_] button:has(p)")
    expect(taken_out).to_have_count(2)
    expect(page.get_by_text(t("photos.unreadable"))).to_be_visible()
    settle(page)

    # Another page and back: both are there, and one is taken out again.
    turn_to(page, t, "help")
    settle(page)
    turn_to(page, t, "today")
    settle(page)
    expect(taken_out).to_have_count(2)
    expect(page.get_by_role("button", name="뿌듯함")).to_have_attribute("aria-pressed", "true")
    screenshot(page, "ko-390-photos-form")
    page.get_by_role("button", name=t("entry.save"), exact=True).click()

    # On the card each is a button with its picture; it opens large.
    opener = page.get_by_role("button", name=t("photos.open", number=2, count=2))
    expect(opener).to_be_visible()
    assert "data:image/jpeg" in opener.evaluate("button => getComputedStyle(button).backgroundImage")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    settle(page)
    opener.click()
    large = page.get_by_role("dialog").get_by_role("img")
    expect(large).to_be_visible()
    page.wait_for_function("() => document.querySelector('[role=dialog] img')?.naturalWidth > 0")
    assert large.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [600, 900]

    # Deleted on its own, and back again.
    page.get_by_role("button", name=t("photos.delete")).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name=t("photos.open", number=1, count=1))).to_be_visible()
    page.locator(".st-key-notice_bar").get_by_role("button", name=t("undo.button")).click()
    expect(page.get_by_role("button", name=t("photos.open", number=2, count=2))).to_be_visible()
