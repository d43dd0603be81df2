"""The calendar in a real browser: days have accessible names and open by click and by keys, at any width."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from diary import days
from emotions import BY_KEY
from language import say
from tests.browser.conftest import screenshot, settle, turn_to

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ZONES = {"ko": "Asia/Seoul", "en": "America/New_York"}


def day_name(language: str, day: date) -> str:
    return say(
        language,
        "days.day",
        month=day.month,
        month_name=say(language, "days.months").split(",")[day.month - 1],
        day=day.day,
        weekday=say(language, "days.weekdays").split(",")[day.weekday()],
    )


@pytest.mark.parametrize(("language", "width"), [("ko", 390), ("en", 1280)])
def test_a_day_is_opened_filled_and_found_again(open_page: Callable[..., Page], language: str, width: int) -> None:
    def t(key: str, **values: object) -> str:
        return say(language, key, **values)

    page = open_page(language, width, person=f"Days {language}")
    today = days.today(ZONES[language])
    day = (today.replace(day=1) - timedelta(days=1)).replace(day=12)
    fear = BY_KEY["fear"].name(language)

    # An empty diary says what will be here.
    turn_to(page, t, "days")
    expect(page.get_by_text(t("days.empty"))).to_be_visible()
    settle(page)
    page.get_by_role("button", name=t("days.earlier")).click()

    # An empty day is found by its name, opened, and filled where it is open.
    page.get_by_role("button", name=t("calendar.nothing", day=day_name(language, day))).click()
    expect(page.get_by_role("heading", name=day_name(language, day))).to_be_visible()
    expect(page.get_by_text(t("days.nothing_that_day"))).to_be_visible()
    settle(page)
    page.get_by_text(t("days.add"), exact=True).click()
    page.get_by_label(t("entry.note")).fill("비가 왔다 & <i>rain</i>")
    page.get_by_role("radio", name=fear).click()
    expect(page.get_by_role("radio", name=fear)).to_be_checked()
    page.get_by_role("button", name=t("entry.save"), exact=True).click()
    expect(page.get_by_test_id("stText").get_by_text("비가 왔다 & <i>rain</i>")).to_be_visible()
    said = t("calendar.one", day=day_name(language, day), mood=fear)
    expect(page.get_by_role("button", name=said)).to_be_visible()
    expect(page).to_have_url(re.compile(f"/days\\?day={day}$"))
    screenshot(page, f"days-{language}-{width}-opened")

    # On a phone the day lies over the calendar, with the focus in it; beside the calendar there is nothing to close.
    panel = page.get_by_role("dialog")
    square = page.get_by_role("button", name=said)
    if width == 390:
        expect(panel).to_be_visible()
        page.keyboard.press("Escape")
        expect(square).to_be_focused()
        expect(page).to_have_url(re.compile("/days\\?month="))
        page.keyboard.press("Enter")
        expect(panel.get_by_role("heading", name=day_name(language, day))).to_be_focused()
        page.go_back()
        expect(square).to_be_focused()
    expect(panel).to_have_count(0)

    # Seven columns at any width, and nothing to scroll sideways.
    cells = page.get_by_role("table", name=re.compile(str(day.year))).get_by_role("button")
    lefts = {round(cell.bounding_box()["x"]) for cell in cells.all()}
    assert len(lefts) == 7
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert min(cell.bounding_box()["height"] for cell in cells.all()) >= 44

    # The day keeps its mood's colour under the pointer.
    square.hover()
    fear_rgb = "rgb({}, {}, {})".format(*bytes.fromhex(BY_KEY["fear"].colour.removeprefix("#")))
    expect(square).to_have_css("background-color", fear_rgb)

    # By keys alone: an arrow walks to the day before, Enter opens it.
    before = day - timedelta(days=1)
    square.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name=t("calendar.nothing", day=day_name(language, before)))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=day_name(language, before))).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name=day_name(language, before))).to_be_visible()
    if width == 390:
        page.get_by_role("button", name=t("days.close")).click()
        expect(panel).to_have_count(0)
    settle(page)

    # In the year: the arrow keys walk to the day, Enter opens it.
    page.get_by_role("link", name=t("days.year_view")).click()
    if day.year != today.year:
        page.get_by_role("button", name=t("year.earlier")).click()
    table = page.get_by_role("table", name=re.compile(str(day.year)))
    # A phone has the months side by side, a wide window has the days side by side.
    columns, rows, step = (13, 31, "ArrowDown") if width == 390 else (32, 12, "ArrowRight")
    expect(table.get_by_role("columnheader")).to_have_count(columns)
    expect(table.get_by_role("rowheader")).to_have_count(rows)
    if width == 1280:
        box = table.bounding_box()
        assert box["y"] + box["height"] <= 800
    page.get_by_role("button", name=t("calendar.nothing", day=day_name(language, before))).focus()
    page.keyboard.press(step)
    expect(page.get_by_role("button", name=said)).to_be_focused()
    screenshot(page, f"year-{language}-{width}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=day_name(language, day))).to_be_visible()
    expect(page.get_by_test_id("stText").get_by_text("비가 왔다")).to_be_visible()

    # Back, as on any page.
    page.go_back()
    expect(table).to_be_visible()

    # Found by a word with another particle, and from there back to the day.
    page.get_by_role("link", name=t("days.find_view")).click()
    page.get_by_label(t("find.words")).fill("왔다 비를" if language == "ko" else "RAIN")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_be_visible()
    screenshot(page, f"find-{language}-{width}")
    page.get_by_role("button", name=re.compile(str(day.day))).last.click()
    expect(page.get_by_role("heading", name=day_name(language, day))).to_be_visible()
