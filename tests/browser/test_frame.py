"""The frame around every page: its links, its width, what it is for fingers and keyboards, on paper, and its theme."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from diary import accounts, days, entries, sessions
from diary.entries import NewEntry
from emotions import EMOTIONS
from language import say
from tests.browser.conftest import BEHIND_MORE, PROJECT, RunningApp, settle, turn_to, walk_to
from web import cookies

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PAGES = re.findall(r'"pages/(\w+)\.py"', (PROJECT / "ui.py").read_text(encoding="utf-8"))
THUMB = 44
LETTERS = 16
# What is pressed: a field's inner parts are not, since the whole field is the target; nor are links within a sentence.
SMALL_TARGETS = """least => [...document.querySelectorAll(
        'main :is(a[href], button, summary, [role=tab], label:has(input)), [role=dialog] button')]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().width > 1)
    .filter(e => !e.closest('p, li, [data-testid=stElementToolbar], .js-plotly-plot, .react-aria-ComboBox'))
    .map(e => [e, e.getBoundingClientRect()])
    .filter(([e, box]) => Math.min(box.width, box.height) < least - .5)
    .map(([e, box]) => `${e.outerHTML.slice(0, 150)} ${box.width} x ${box.height}`)"""
SMALL_LETTERS = """least => [...document.querySelectorAll('textarea, input:not([type=checkbox], [type=radio])')]
    .filter(e => parseFloat(getComputedStyle(e).fontSize) < least)
    .map(e => e.outerHTML.slice(0, 150))"""
BROKEN_WORDS = """() => [...document.querySelectorAll('main :is(p, li, h1, h2, h3, label, td, th, figcaption)')]
    .filter(e => e.innerText && getComputedStyle(e).wordBreak !== 'keep-all').map(e => e.outerHTML.slice(0, 150))"""


def box(element: Locator) -> dict[str, float]:
    found = element.bounding_box()
    assert found is not None
    return found


def open_diary(open_page: Callable[..., Page], language: str, name: str, **options) -> tuple[Page, Callable[..., str]]:
    def t(key: str, **values: object) -> str:
        return say(language, key, **values)

    page = open_page(language, person=name, allowed=("voice", "face", "transcript", "media"), **options)
    settle(page)
    return page, t


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_phone_has_its_pages_at_the_bottom(open_page: Callable[..., Page], language: str) -> None:
    page, t = open_diary(open_page, language, f"Row {language}", width=390, height=664, has_touch=True)
    row = page.locator(".st-key-pages")
    links = row.get_by_role("link")
    expect(links).to_have_text([re.compile(t(f"nav.{name}")) for name in ("today", "days", "history", "music", "more")])
    # The row is there before its style is: what counts is where it comes to rest.
    page.wait_for_function(
        "() => document.querySelector('.st-key-pages').getBoundingClientRect().bottom === innerHeight"
    )
    for link in links.all():
        assert min(box(link)["width"], box(link)["height"]) >= THUMB
        assert link.evaluate("link => link.scrollWidth <= link.clientWidth")
    bar = page.locator(".st-key-keep_bar")
    assert box(bar)["y"] + box(bar)["height"] <= box(row)["y"] + 1, "Keep stands above the row"

    for name in ("today", "days", "history", "music"):
        turn_to(page, t, name)
        marked = page.get_by_role("navigation", name=t("nav.pages")).locator("[aria-current=page]:visible")
        expect(marked).to_have_text(re.compile(t(f"nav.{name}")))
    for name in BEHIND_MORE:
        turn_to(page, t, name)
        title = t(f"{'tracker' if name == 'trackers' else name}.title")
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        settle(page)
        expect(row.locator("[aria-current=page]:visible")).to_have_text(re.compile(t("nav.more")))
        help_link = page.locator(".st-key-help_link").get_by_role("link", name=t("nav.help"))
        at = box(help_link)
        assert at["x"] + at["width"] > 350
        assert at["y"] < 60
        assert min(at["width"], at["height"]) >= THUMB
    help_link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(t("help.title"))


def test_fingers_find_every_target_and_no_field_makes_a_phone_zoom(open_page: Callable[..., Page]) -> None:
    page, _ = open_diary(open_page, "ko", "Fingers", width=390, height=844, has_touch=True, is_mobile=True)
    wrong: dict[str, list[str]] = {}
    for name in PAGES:
        if name != "today":
            walk_to(page, f"/{name}")
        wrong[name] = [
            *page.evaluate(SMALL_TARGETS, THUMB),
            *page.evaluate(SMALL_LETTERS, LETTERS),
            *page.evaluate(BROKEN_WORDS),
        ]
        if page.evaluate("document.querySelector('main').scrollWidth > innerWidth"):
            wrong[name].append("wider than the window")
    assert {name: found for name, found in wrong.items() if found} == {}


def test_a_laptop_uses_its_width_and_lines_stay_short(open_page: Callable[..., Page]) -> None:
    page, t = open_diary(open_page, "en", "Wide", width=1280, height=800)
    expect(page.locator(".st-key-pages").get_by_role("link")).to_have_text(
        [re.compile(t(f"nav.{name}")) for name in ("today", "days", "history", "music", "data", "settings")]
    )
    assert box(page.locator(".st-key-help_link a"))["x"] > 1000
    for name in PAGES:
        if name != "today":
            walk_to(page, f"/{name}")
        row = box(page.locator(".st-key-frame"))
        assert row["width"] > 1000, name
        lines = page.evaluate("""() => {
            const range = document.createRange(), long = []
            const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
            while (texts.nextNode()) {
                const text = texts.currentNode
                if (text.data.length < 80 || !text.parentElement.checkVisibility()) continue
                range.selectNodeContents(text)
                const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top))).size
                if (text.data.length / lines > 85) long.push(text.data)
            }
            return long
        }""")
        assert lines == [], name


def test_the_settings_have_two_columns_where_there_is_room(open_page: Callable[..., Page]) -> None:
    page, t = open_diary(open_page, "ko", "Columns", width=1100, height=800)
    turn_to(page, t, "settings")
    settle(page)
    language = page.get_by_role("heading", name=t("settings.language"), exact=True)
    consent = page.get_by_role("heading", name=t("settings.consent"), exact=True)
    assert box(consent)["y"] == pytest.approx(box(language)["y"], abs=1)
    assert box(consent)["x"] > 1100 / 2
    page.set_viewport_size({"width": 1099, "height": 800})
    assert box(consent)["y"] > box(language)["y"] + 300
    assert box(consent)["x"] == pytest.approx(box(language)["x"], abs=1)


def test_the_keyboard_skips_the_frame(open_page: Callable[..., Page]) -> None:
    page, t = open_diary(open_page, "ko", "Skip", width=1280, height=800, path="/settings")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    skip = page.get_by_role("link", name=t("nav.skip"))
    for _ in range(3):
        page.keyboard.press("Tab")
        if skip.evaluate("e => e === document.activeElement"):
            break
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.keyboard.press("Tab")
    languages = page.get_by_role("radiogroup", name=t("settings.language_label"))
    expect(languages.get_by_role("radio", checked=True)).to_be_focused()


def test_a_theme_is_chosen_at_once_and_remembered(open_page: Callable[..., Page]) -> None:
    page, t = open_diary(open_page, "en", "Night", width=390, height=844, color_scheme="light")

    def expect_theme(is_dark: bool) -> None:
        paper = "rgb(34, 29, 24)" if is_dark else "rgb(255, 253, 248)"
        expect(page.locator("html")).to_have_css("color-scheme", "dark" if is_dark else "light")
        expect(page.locator(".stApp")).to_have_css("background-color", paper)
        expect(page.locator(".st-key-pages")).to_have_css("background-color", paper)

    expect_theme(False)
    turn_to(page, t, "settings")
    settle(page)
    choice = page.get_by_role("group", name=t("settings.theme"))
    expect(choice.get_by_role("radio", name=t("settings.theme_system"))).to_be_checked()
    choice.get_by_text(t("settings.theme_dark"), exact=True).click()
    expect_theme(True)
    page.goto("/days")
    settle(page)
    expect_theme(True)
    page.goto("/account/help")
    expect(page.locator("body")).to_have_css("background-color", "rgb(34, 29, 24)")
    page.goto("/more")
    settle(page)
    expect(choice.get_by_role("radio", name=t("settings.theme_dark"))).to_be_checked()
    choice.get_by_text(t("settings.theme_system"), exact=True).click()
    expect_theme(False)
    page.emulate_media(color_scheme="dark")
    expect_theme(True)


@pytest.fixture
def diary_of_40_days(running_app: RunningApp, monkeypatch: pytest.MonkeyPatch) -> str:
    """The token of a person with an entry on each of the last 40 days."""
    monkeypatch.setenv("HARU_DATA", str(running_app.data))
    account = accounts.NewAccount(
        "Paper", "correct horse battery", born=date(1995, 5, 5), allowed=["diary"], language="ko", timezone="Asia/Seoul"
    )
    token = accounts.sign_up(account, today=date(2026, 11, 20), address="192.0.2.88")
    person = sessions.find(token)
    assert person is not None
    today = days.today("Asia/Seoul")
    for days_ago in range(40):
        day = today - timedelta(days=days_ago)
        mood = EMOTIONS[days_ago % len(EMOTIONS)]
        entries.add(person, NewEntry(mood, 3, day, "Asia/Seoul", note=f"Note {days_ago}."))
    return token


def test_paper_holds_the_page_and_not_its_frame(
    open_page: Callable[..., Page], running_app: RunningApp, diary_of_40_days: str
) -> None:
    page = open_page("ko", width=1280, height=500, path="/account/help", color_scheme="dark")
    page.context.add_cookies([{"name": cookies.SESSION, "value": diary_of_40_days, "url": running_app.url}])
    page.goto("/")
    settle(page)

    def printed(name: str) -> PdfReader:
        walk_to(page, f"/{name}")
        if name == "report":
            expect(page.locator(".st-key-report_preview img")).to_have_js_property("complete", True)
        return PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True)))

    def letters(text: str) -> str:  # the text of a PDF has spaces of its own
        return "".join(text.split())

    def read(paper: PdfReader) -> str:
        return letters("".join(sheet.extract_text() for sheet in paper.pages))

    def said(key: str) -> str:
        return letters(say("ko", key))

    calendar = printed("days")
    month = read(calendar)
    assert month.startswith(said("days.title"))
    for days_ago in range(days.today("Asia/Seoul").day):
        assert f"Note{days_ago}" in month
    assert len(calendar.pages) == 1
    history = read(printed("history"))
    assert history.startswith(said("history.title"))
    assert history.endswith(said("history.only_confirmed")), "the whole page, not only what the window shows"
    (report,) = printed("report").pages
    assert len(report.images) == 1
    for name in ("music", "data", "help"):
        assert said(f"nav.{name}") not in month + history + letters(report.extract_text())
    page.emulate_media(media="print")
    expect(page.locator(".st-key-frame")).to_be_hidden()
    expect(page.locator(".stApp")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator(".stApp")).to_have_css("color", "rgb(36, 28, 20)")
