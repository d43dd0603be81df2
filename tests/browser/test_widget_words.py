"""No page shows, or tells a screen reader, a word of Streamlit's own in English."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from components.widget_words import PATTERNS, WORDS
from language import say
from tests.browser.conftest import open_parts, settle, walk_to

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PAGES = ("days", "year", "find", "history", "music", "settings", "help", "data", "models")
ENGLISH = re.compile("|".join([*(f"^{re.escape(word)}$" for word in WORDS), *PATTERNS]))
# Elsewhere a text may be what a person wrote.
WIDGETS = ", ".join(
    (
        *(f"[data-testid={name}]" for name in ("stFileUploader", "stAudioInput", "stNumberInput", "stSelectbox")),
        *("[data-testid=stDateInput]", "[data-testid=stTimeInput]", "[data-testid=stMultiSelect]"),
        *("[role=listbox]", "[role=dialog]"),
    )
)


def test_korean_pages_have_no_english_words_of_streamlit(open_page: Callable[..., Page]) -> None:
    def t(key: str, **values: object) -> str:
        return say("ko", key, **values)

    page = open_page("ko", person="한글", allowed=("voice", "face", "media"))
    settle(page)
    open_parts(page, "ko", "day")
    page.get_by_role("button", name=t("widget.choose_date")).click()
    expect(page.get_by_role("dialog", name=t("widget.choose_date"))).to_be_visible()
    _has_no_english(page)
    page.keyboard.press("Escape")
    open_parts(page, "ko", "line", "speak", "photos", "tags")
    expect(page.get_by_role("button", name=t("widget.record"))).to_be_visible()
    expect(page.get_by_text(t("widget.choose_file"), exact=True)).to_be_visible()
    _has_no_english(page)
    for name in PAGES:
        walk_to(page, f"/{name}")
        _has_no_english(page)
    walk_to(page, "/trackers")
    page.get_by_role("combobox", name=t("tracker.emoji")).fill("🐝")
    expect(page.get_by_role("option")).to_have_text(t("widget.add").replace("{0}", "🐝"))
    _has_no_english(page)


def _has_no_english(page: Page) -> None:
    """Each line waits: the script that translates follows the page."""
    expect(page.get_by_label(ENGLISH)).to_have_count(0)
    expect(page.get_by_placeholder(ENGLISH)).to_have_count(0)
    expect(page.get_by_title(ENGLISH)).to_have_count(0)
    expect(page.locator(WIDGETS).get_by_text(ENGLISH)).to_have_count(0)
