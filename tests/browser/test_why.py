"""*Why* of a spoken note: a tap on a word plays the recording from there and lights the word."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from language import say
from tests.browser.conftest import PATIENCE, RunningApp, screenshot, serving, settle, watch
from tests.browser.why_note import TYPED, spoken_note
from tests.thoroughness import usually_first
from understanding.analyst import in_place

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not {"voice", "words"} <= in_place(), reason="there are no weights for voice and words"),
]


@pytest.fixture(scope="module")
def why_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    data = tmp_path_factory.mktemp("why")
    with serving(data, data, app="tests/browser/why_app.py") as app:
        yield app


def open_why(chromium: Browser, app: RunningApp, problems: list[str], language: str, **options) -> Page:
    context = chromium.new_context(locale={"ko": "ko-KR", "en": "en-US"}[language], base_url=app.url, **options)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    watch(page, problems, app.url)
    page.goto("/")
    settle(page)
    expect(page.get_by_text(say(language, "spoken.how"))).to_be_visible()
    page.wait_for_function("() => document.querySelector('audio').readyState > 0")
    return page


def current_time(page: Page) -> float:
    return page.locator("audio").evaluate("player => player.currentTime")


@pytest.mark.parametrize(("language", "width", "colours"), usually_first(("ko", 390, "light"), ("en", 1280, "dark")))
def test_a_tap_on_a_word_plays_from_there_and_lights_it(
    chromium: Browser, why_app: RunningApp, language: str, width: int, colours: str
) -> None:
    problems: list[str] = []
    is_phone = width == 390
    page = open_why(
        chromium, why_app, problems, language,
        viewport={"width": width, "height": 900}, color_scheme=colours, has_touch=is_phone,
    )  # fmt: skip
    said = spoken_note(language).transcript
    assert said is not None
    group = page.get_by_role("group", name=say(language, "spoken.words"))
    words, lit = group.get_by_role("button"), group.locator("[aria-current=true]")
    expect(words).to_have_count(len(said.words))  # those of the sentence that was typed below are no buttons
    for text in TYPED[language].split():
        expect(group).to_contain_text(text)
    expect(lit).to_have_count(0)
    # A short word may be lit for less time than the test needs to look.
    group.evaluate(
        """group => {
          window.lit = []
          new MutationObserver(changes => changes.forEach(({ target }) => {
            if (target.getAttribute("aria-current") === "true") window.lit.push(target.textContent.trim())
          })).observe(group.getRootNode(), { subtree: true, attributeFilter: ["aria-current"] })
        }"""
    )

    def was_lit(text: str) -> None:
        page.wait_for_function("text => window.lit.some(word => word.includes(text))", arg=text.strip())
        page.evaluate("window.lit = []")

    place = len(said.words) // 2
    (words.nth(place).tap if is_phone else words.nth(place).click)()
    was_lit(said.words[place].text)
    assert said.words[place].start <= current_time(page) < said.words[place].end + 1
    screenshot(page, f"why-{language}-{width}-{colours}")
    was_lit(said.words[-1].text)  # the light moves on to the last word
    expect(lit).to_have_count(0)  # and goes out at the end

    # With the keyboard: one stop for Tab, arrow keys from word to word, and a rerun of the page takes no focus away.
    words.nth(place).focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(words.nth(1)).to_be_focused()
    page.keyboard.press("Space")
    was_lit(said.words[1].text)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Rerun").click()
    settle(page)
    expect(words.nth(1)).to_have_attribute("tabindex", "0")
    expect(group.locator("[tabindex='0']")).to_have_count(1)
    assert current_time(page) > said.words[1].start  # it plays on
    page.locator("audio").evaluate("player => player.pause()")
    expect(lit).to_have_count(1)  # a pause leaves the light where it is

    # The page is no wider than the window, and no word is in an address.
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.context.close()
    assert problems == []
    log = why_app.log.read_text(encoding="utf-8")
    assert not any(word.text.strip(" .,!") in log for word in said.words if len(word.text.strip(" .,!")) > 4)
