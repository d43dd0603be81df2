"""History in a real browser: one entry is a dot, no wall of colour, and the dot opens its day."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from diary import days
from emotions import BY_KEY
from language import say
from tests.browser.conftest import settle

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def t(key: str, **values: object) -> str:
    return say("ko", key, **values)


@pytest.mark.parametrize("is_phone", [False, True], ids=["mouse", "finger"])
def test_the_dot_of_a_day_opens_it(open_page: Callable[..., Page], is_phone: bool) -> None:
    page = open_page("ko", 390 if is_phone else 1280, person=f"History {is_phone}", has_touch=is_phone)
    page.get_by_role("radio", name=BY_KEY["fear"].name("ko")).click()
    page.get_by_role("button", name=t("entry.save"), exact=True).click()
    expect(page.get_by_text(t("saved.fear"))).to_be_visible()
    page.get_by_role("link", name=t("nav.history")).click()
    chart = page.locator(".js-plotly-plot")
    expect(chart).to_have_count(1)
    expect(page.get_by_text(t("history.shares_too_few", enough=7))).to_be_visible()
    settle(page)
    dot = chart.locator("path.point")
    expect(dot).to_have_count(1)
    dot.scroll_into_view_if_needed()
    box = dot.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    if is_phone:
        page.touchscreen.tap(*middle)
    else:
        page.mouse.move(*middle)
        expect(chart.locator(".hoverlayer text").first).to_be_visible()
        page.mouse.click(*middle)
    page.wait_for_url("**/days*")
    today = days.today("Asia/Seoul")
    expect(page.get_by_role("heading", name=f"{today.month}월 {today.day}일").first).to_be_visible()
