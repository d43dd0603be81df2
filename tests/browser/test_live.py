"""Live with a real camera's stream: on a laptop all of it is in the window; on a phone the picture comes first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from language import say
from tests.browser.conftest import open_parts, screenshot
from tests.browser.test_accessible import expect_none, faults
from understanding.analyst import in_place

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not {"face", "voice"} <= in_place(), reason="there are no weights: nothing is read live"),
]


def t(key: str, **values: object) -> str:
    return say("ko", key, **values)


def test_picture_word_and_both_columns_fit_a_laptop_and_a_phone_shows_the_picture_first(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("ko", 1280, 800, person="Live", allowed=("voice", "face"))
    open_parts(page, "ko", "live")
    page.frame_locator("[class*=st-key-live_picture_] iframe").get_by_role("button", name=t("live.start")).click()
    word, columns = page.locator(".haru-word p"), page.locator(".haru-live section")
    expect(word).to_be_visible()
    expect(columns).to_have_count(2)
    expect(columns.nth(1).get_by_role("img")).to_be_visible()
    expect(page.locator("[class*=st-key-live_picture_] iframe")).to_have_css("height", "480px")

    # The page led to the picture; the frame of the window holds all of it, with the word over the picture.
    for part in (word, columns.nth(0), columns.nth(1), page.get_by_role("button", name=t("live.keep"))):
        expect(part).to_be_in_viewport(ratio=1)
    now = boxes(page)
    assert now["picture"]["width"] == 560
    assert is_inside(now["word"], now["picture"])
    assert now["picture"]["right"] < now["face"]["left"] < now["voice"]["left"]
    assert now["face"]["top"] == now["voice"]["top"]
    screenshot(page, "live-ko-1280")
    # What is older than half a second has less contrast, on purpose.
    expect_none({"live": [fault for fault in faults(page) if not fault.startswith("color-contrast")]})

    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("[class*=st-key-live_picture_] iframe")).to_have_css("width", "358px")
    now = boxes(page)
    assert is_inside(now["word"], now["picture"])
    assert now["picture"]["bottom"] <= now["scores"]["top"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    screenshot(page, "live-ko-390")


def boxes(page: Page) -> dict[str, dict[str, float]]:
    """Where everything stands, at one moment: word and columns are drawn anew several times a second."""
    return page.evaluate(
        """() => {
            const [face, voice] = document.querySelectorAll(".haru-live section")
            const find = selector => document.querySelector(selector)
            const all = {
                picture: find("[class*=st-key-live_picture_] iframe"), scores: find("[class*=st-key-live_scores_]"),
                word: find(".haru-word p"), face, voice,
            }
            const box = element => element.getBoundingClientRect().toJSON()
            const places = Object.entries(all).map(([name, element]) => [name, box(element)])
            return Object.fromEntries(places)
        }"""
    )


def is_inside(small: dict[str, float], large: dict[str, float]) -> bool:
    return all(large[side] <= small[side] for side in ("left", "top")) and all(
        small[side] <= large[side] for side in ("right", "bottom")
    )
