"""The verdict's card on a phone: it comes into view, leads to all moods, and keeps the entry with one tap."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from emotions import BY_KEY, EMOTIONS
from language import say
from tests.browser.conftest import screenshot, settle
from tests.browser.test_accessible import faults
from tests.browser.test_two_taps import PHONE, in_sight, is_wide_enough
from understanding.analyst import in_place

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(240),
    pytest.mark.skipif("words" not in in_place(), reason="there are no weights for words"),
]

LINE = "오늘은 정말 기쁘고 행복한 하루였다"


def test_the_verdict_is_seen_changed_and_kept(open_page: Callable[..., Page]) -> None:
    language = "ko"

    def t(key: str, **values: object) -> str:
        return say(language, key, **values)

    width, height = PHONE
    page = open_page(language, width, height, person="Verdict", has_touch=True, reduced_motion="reduce")
    page.get_by_role("button", name=t("part.line")).tap()
    page.get_by_label(t("entry.note")).fill(LINE)
    page.get_by_role("button", name=t("analyse.button")).tap()

    # The card comes into view by itself, with its buttons above the bar that keeps.
    card, happy = page.locator("[class*=_understood]"), BY_KEY["happiness"]
    expect(card.get_by_role("heading")).to_contain_text(happy.name(language))
    bars = card.get_by_role("list", name=t("verdict.scores")).get_by_role("listitem")
    expect(bars).to_have_count(len(EMOTIONS))
    expect(bars.first).to_contain_text(happy.name(language))
    expect(card).to_be_focused()
    settle(page)
    agree, another = (card.get_by_role("button", name=t(f"verdict.{key}")) for key in ("keep", "another"))
    in_sight(page, agree)
    in_sight(page, another)
    assert is_wide_enough(page)

    # All moods: the suggestion is taken back, and the keyboard is at the moods.
    moods = page.get_by_role("radiogroup", name=t("entry.mood")).get_by_role("radio")
    expect(moods.first).to_be_checked()
    page.touchscreen.tap(*in_sight(page, another))
    expect(moods.first).to_be_focused()
    expect(moods.first).not_to_be_checked()
    in_sight(page, moods.first)
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        assert faults(page) == []
        screenshot(page, f"verdict-{language}-390-{colours}")

    # Another likely mood is chosen, not kept; the first button keeps at once.
    card.get_by_role("button").nth(1).tap()
    expect(page.get_by_role("radiogroup", name=t("entry.mood")).get_by_role("radio", checked=True)).to_have_count(1)
    expect(moods.first).not_to_be_checked()
    expect(page.get_by_test_id("stText").get_by_text(LINE)).to_have_count(0)
    agree.tap()
    expect(page.get_by_test_id("stText").get_by_text(LINE)).to_be_visible()
    expect(page.locator("[class*=mood_card_happiness]", has_text=LINE)).to_be_visible()
    expect(card).to_have_count(0)
