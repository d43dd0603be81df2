"""What just happened is said where the eye is, and can be undone there: at any width, wherever the page is scrolled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from diary import accounts, days, entries, sessions
from diary.entries import NewEntry
from emotions import BY_KEY
from language import say
from tests.browser.conftest import RunningApp, screenshot, settle
from tests.browser.test_accessible import faults
from tests.thoroughness import usually_first
from web import cookies

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ZONES = {"ko": "Asia/Seoul", "en": "America/New_York"}
NOTES = [f"{number}번째 기록, entry {number}" for number in range(8)]


@pytest.fixture
def token_of(running_app: RunningApp, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Makes a person with eight entries of today in the running app's database; returns the session cookie."""

    def make(language: str) -> str:
        monkeypatch.setenv("HARU_DATA", str(running_app.data))
        new = accounts.NewAccount(
            f"Notices {language}",
            "correct horse battery",
            born=date(1995, 5, 5),
            allowed=["diary"],
            language=language,
            timezone=ZONES[language],
        )
        token = accounts.sign_up(new, today=date(2026, 11, 20), address="192.0.2.67")
        session = sessions.find(token)
        assert session is not None
        for note in NOTES:
            entries.add(session, NewEntry("sadness", 3, days.today(ZONES[language]), ZONES[language], note=note))
        return token

    return make


def visible_part(page: Page, notice: Locator) -> float:
    """How much of it a person sees: nothing is drawn over its corners and its middle."""
    return notice.evaluate(
        """element => {
          const box = element.getBoundingClientRect()
          const points = [[.05, .2], [.95, .2], [.5, .5], [.05, .8], [.95, .8]]
            .map(([x, y]) => document.elementFromPoint(box.left + x * box.width, box.top + y * box.height))
          return points.filter(found => found && element.contains(found)).length / points.length
        }"""
    )


def test_a_deletion_far_down_the_page_is_said_in_view_and_undone(
    open_page: Callable[..., Page],
    running_app: RunningApp,
    token_of: Callable[..., str],
) -> None:
    language, width, height = "ko", 390, 844

    def t(key: str, **values: object) -> str:
        return say(language, key, **values)

    page = open_page(language, width, height, path="/account/sign-in")
    page.context.add_cookies([{"name": cookies.SESSION, "value": token_of(language), "url": running_app.url}])
    page.goto(f"/days?day={days.today(ZONES[language])}")
    settle(page)
    status = page.get_by_role("status").filter(has_text=t("entry.deleted"))
    expect(status).to_have_count(0)
    last = page.get_by_role("button", name=t("entry.delete")).last
    last.scroll_into_view_if_needed()
    # On a phone, the day is a panel that scrolls by itself.
    scrolled = page.get_by_role("dialog") if width == 390 else page.get_by_test_id("stMain")
    assert scrolled.evaluate("element => element.scrollTop") > 300
    last.click()
    expect(status).to_be_in_viewport(ratio=1)
    bar = page.locator(".st-key-notice_bar")
    assert visible_part(page, bar) == 1
    expect(page.get_by_test_id("stText").get_by_text(NOTES[0])).to_have_count(0)
    assert faults(page) == []
    screenshot(page, f"deleted-{language}-{width}")
    page.get_by_role("button", name=t("undo.button")).click()
    expect(page.get_by_role("status").filter(has_text=t("undo.done"))).to_be_in_viewport(ratio=1)
    expect(page.get_by_test_id("stText").get_by_text(NOTES[0])).to_be_visible()

    # A double click, with whatever the second one meets: nothing is lost for good.
    settle(page)
    place = page.get_by_role("button", name=t("entry.delete")).nth(3)
    place.scroll_into_view_if_needed()
    place.dblclick()
    expect(status).to_be_in_viewport(ratio=1)
    settle(page)
    page.get_by_role("button", name=t("undo.button")).click()
    for note in NOTES:
        expect(page.get_by_test_id("stText").get_by_text(note)).to_be_visible()

    # From the keyboard: the button goes with its entry, so the keyboard's place moves to Undo.
    settle(page)
    page.get_by_role("button", name=t("entry.delete")).last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=t("undo.button"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stText").get_by_text(NOTES[0])).to_be_visible()


@pytest.mark.parametrize(
    ("language", "width", "height", "calm"), usually_first(("en", 1280, 800, None), ("ko", 390, 844, "reduce"))
)
def test_after_keep_the_card_is_in_view_with_undo(
    open_page: Callable[..., Page], language: str, width: int, height: int, calm: str | None
) -> None:
    def t(key: str, **values: object) -> str:
        return say(language, key, **values)

    page = open_page(language, width, height, person=f"Kept {language}", reduced_motion=calm)
    settle(page)
    fear = BY_KEY["fear"]
    page.get_by_role("radio", name=fear.name(language)).click()
    page.get_by_role("button", name=t("part.line")).click()
    note = page.get_by_label(t("entry.note")).first  # while the page changes, it may hold the last form's, too
    note.fill("\n".join(NOTES))
    settle(page)
    main = page.get_by_test_id("stMain")
    main.evaluate("element => element.scrollTo(0, element.scrollHeight)")
    assert main.evaluate("element => element.scrollTop") > 0
    page.get_by_role("button", name=t("entry.save"), exact=True).click()
    sentence = t("today.saved", mood=f"{fear.face} {fear.name(language)}")
    expect(page.get_by_role("status").filter(has_text=sentence)).to_be_in_viewport(ratio=1)
    card = page.locator("[class*=st-key-mood_card_fear_saved]")
    expect(card).to_be_in_viewport(ratio=1)
    assert visible_part(page, card) == 1
    heading, below = (place.bounding_box() for place in (page.get_by_role("heading", level=1), card))
    assert 0 <= below["y"] - heading["y"] - heading["height"] < 40  # directly below the title
    expect(note).to_have_value("")
    assert faults(page) == []
    screenshot(page, f"kept-{language}-{width}")
    card.get_by_role("button", name=t("undo.button")).dblclick()  # the second click must take nothing away
    expect(page.get_by_role("status").filter(has_text=t("saved.undone"))).to_be_in_viewport(ratio=1)
    expect(note).to_have_value("\n".join(NOTES))
    expect(page.get_by_role("radio", name=fear.name(language))).to_be_checked()
    expect(card).to_have_count(0)
    settle(page)
    # The bar stands above the one that keeps an entry.
    keep = page.get_by_role("button", name=t("entry.save"), exact=True)
    assert visible_part(page, keep) == 1

    # Ten seconds after the second time, nothing is left to press.
    keep.click()
    expect(card.get_by_role("button", name=t("undo.button"))).to_be_visible()
    expect(card.get_by_role("button", name=t("undo.button"))).not_to_be_visible()
    expect(card).to_be_visible()
