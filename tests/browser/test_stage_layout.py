"""The demo's Today on a stage: after three senses were read, nothing scrolls at 1280×800, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.build import build
from demo.moments import AGREE, CONTRADICT, WRONG
from language import say
from tests.browser.conftest import opening, screenshot, serving, settle
from tests.browser.test_accessible import faults
from tests.thoroughness import usually_first
from understanding import fusion
from understanding.analyst import in_place

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(in_place() != set(fusion.SOURCES), reason="not all weights are in place"),
]
VERDICT = '[class*="_understood_new_"]'


def scrolls(page: Page) -> bool:
    return page.evaluate(
        """() => [document.documentElement, document.querySelector("[data-testid=stMain]")]
          .some(each => each.scrollHeight > each.clientHeight || each.scrollWidth > each.clientWidth)"""
    )


def test_the_strip_stays_above_an_open_day_on_a_phone(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    monkeypatch.setenv("HARU_DATA", str(data))
    build("ko")
    with serving(data, tmp_path) as app, opening(chromium, app) as open_haru:
        page = open_haru("ko", 390, 664, reduced_motion="reduce")
        page.get_by_role("button", name=say("ko", "demo.come_in")).click()
        settle(page)
        for _ in range(3):
            page.locator(".st-key-step_next a").click()
            settle(page)
        panel = page.get_by_role("dialog")
        expect(panel).to_be_visible()
        # As high as an open day gets.
        page.add_style_tag(content=".st-key-day_chosen > :last-child { padding-bottom: 100rem }")
        screenshot(page, "stage-ko-390-open-day")
        strip = page.locator(".st-key-stage").bounding_box()
        assert panel.bounding_box()["y"] >= strip["y"] + strip["height"]
        next_step = page.locator(".st-key-step_next a")
        next_step.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(say("ko", "history.title"))


# English first: its sentences are the longer ones.
@pytest.mark.parametrize(("language", "colours"), usually_first(("en", "light"), ("ko", "dark")))
def test_a_verdict_with_its_reasons_fits_on_one_screen(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, colours: str
) -> None:
    data = tmp_path / "data"
    monkeypatch.setenv("HARU_DATA", str(data))
    build(language)
    with serving(data, tmp_path) as app, opening(chromium, app) as open_haru:
        page = open_haru(language, 1280, 800, color_scheme=colours, reduced_motion="reduce")
        page.get_by_role("button", name=say(language, "demo.come_in")).click()
        settle(page)
        screenshot(page, f"stage-{language}-first")
        for moment in (AGREE, CONTRADICT, WRONG):
            page.locator(f".st-key-moment_{moment.name} button").click()
            note = page.get_by_label(say(language, "entry.note"))
            # Until the run ends, the note of the form before may stand beside this one.
            page.wait_for_function(
                "line => [...document.querySelectorAll('textarea')].some(each => each.value === line)",
                arg=moment.line[language],
            )
            settle(page)
            expect(note).to_have_count(1)
            expect(note).to_have_value(moment.line[language])
            verdict = page.locator(VERDICT)
            expect(verdict).to_have_count(1)
            for source in fusion.SOURCES:
                expect(verdict.locator(".haru-tiles li", has_text=say(language, f"source.{source}"))).to_be_in_viewport(
                    ratio=1
                )
            expect(verdict.get_by_role("heading", level=2)).to_be_in_viewport(ratio=1)
            size = verdict.get_by_role("heading", level=2).evaluate("h => parseFloat(getComputedStyle(h).fontSize)")
            assert size >= 24
            expect(page.locator("audio").first).to_be_in_viewport(ratio=1)
            expect(page.locator(".st-key-save_new button")).to_be_in_viewport(ratio=1)
            assert not scrolls(page), moment.name
        # The presenter corrects the last one: that is said, and still nothing scrolls.
        page.locator(".st-key-at_mood button").nth(6).click()
        settle(page)
        expect(page.locator('[class*="st-key-keep_as_sadness_new_"]')).to_be_visible()
        assert not scrolls(page)
        screenshot(page, f"stage-{language}-corrected")
        assert faults(page) == []
        page.locator(".st-key-save_new button").click()
        settle(page)
        expect(page.locator('[class*="st-key-mood_card_sadness_saved"]')).to_be_visible()
