"""axe-core finds nothing moderate, serious or critical on any page, in both languages and both themes, and no page
breaks the rules of page_rules.py. A page of the diary has one theme in each language: its colours know no language.

tests/data/axe/ holds the library, so that this needs neither Node nor a network.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from diary import accounts, entries, sessions, trackers
from diary.entries import NewEntry
from emotions import EMOTIONS
from language import say
from tests.browser.conftest import RunningApp, settle, walk_to
from tests.browser.page_rules import broken_rules
from web import account, api_token_page, cookies, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PROJECT = Path(__file__).resolve().parents[2]
AXE = PROJECT / "tests" / "data" / "axe" / "axe.min.js"
PASSWORD = "correct horse battery"
# Every page that ui.py registers, also new ones.
PAGES = [
    f"/{'' if name == 'today' else name}" for name in re.findall(r'"pages/(\w+)\.py"', (PROJECT / "ui.py").read_text())
]
FOR_STRANGERS = [route.path for route in sign_in.routes if route.path != "/account/sign-out"]
FOR_SIGNED_IN = ["/account/sign-out", api_token_page.PATH, *(route.path for route in account.routes)]
GRAVE = ("moderate", "serious", "critical")
PAPER = {"light": "rgb(255, 253, 248)", "dark": "rgb(34, 29, 24)"}
"""The ground of a page, which shows that a theme has taken effect."""


def faults(page: Page) -> list[str]:
    """The faults that axe finds, each with its rule, meaning and place."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
    return [
        f"{fault['id']} ({fault['impact']}): {fault['help']}: {node['html'][:200]} {node['failureSummary']}"
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]


def expect_none(found: dict[str, list[str]]) -> None:
    faults_by_page = [f"{path}: {fault}" for path, faults in found.items() for fault in faults]
    if faults_by_page:
        pytest.fail("\n\n".join(faults_by_page))


@pytest.fixture
def signed_in(running_app: RunningApp, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Makes a person with entries in the running app's database; returns the session cookie."""

    def make(language: str) -> str:
        monkeypatch.setenv("HARU_DATA", str(running_app.data))
        token = accounts.sign_up(
            accounts.NewAccount(
                f"Axe {language}",
                PASSWORD,
                born=date(1995, 5, 5),
                allowed=["diary", "voice", "transcript", "face", "media"],
                language=language,
                timezone="Asia/Seoul",
            ),
            today=date(2026, 11, 20),
            address="192.0.2.77",
        )
        person = sessions.find(token)
        for place, mood in enumerate(EMOTIONS):
            day = date.today().replace(day=1)
            entries.add(
                person,
                NewEntry(mood, place % 5 + 1, day, "Asia/Seoul", note="봄날 spring", tags=("산책",), at=time(place)),
            )
        for kind in trackers.KINDS:
            trackers.add(person, trackers.Tracker(f"{kind} 봄", "🌱", kind))
        return token

    return make


@pytest.mark.parametrize(("language", "scheme"), [("ko", "light"), ("en", "dark")])
def test_every_page_of_the_diary(
    open_page: Callable[..., Page], running_app: RunningApp, signed_in: Callable, language: str, scheme: str
) -> None:
    token = signed_in(language)
    page = open_page(language, path="/account/help", color_scheme=scheme)
    page.context.add_cookies([{"name": cookies.SESSION, "value": token, "url": running_app.url}])
    found: dict[str, list[str]] = {}
    page.goto("/")
    settle(page)
    for path in PAGES:
        if path != "/":
            walk_to(page, path)
        expect(page.locator("[data-testid=stApp]")).to_have_css("background-color", PAPER[scheme])
        found[path] = faults(page) + broken_rules(page, language)
        if path == "/data":
            for tab in page.get_by_role("tab").all()[1:]:
                tab.click()
                found[f"{path} {tab.inner_text()}"] = faults(page)
    for path in FOR_SIGNED_IN:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        found[path] = faults(page) + broken_rules(page, language)
    expect_none(found)


@pytest.mark.parametrize(("language", "scheme"), [("ko", "dark"), ("en", "light")])
def test_every_page_at_the_door(open_page: Callable[..., Page], language: str, scheme: str) -> None:
    page = open_page(language, path="/account/sign-in", color_scheme=scheme)
    found: dict[str, list[str]] = {}
    for path in FOR_STRANGERS:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        found[path] = faults(page) + broken_rules(page, language)
    # A step of sign-up is a page too, and so is a refusal.
    page.goto("/account/sign-up")
    page.get_by_label(say(language, "sign_in.name"), exact=True).fill(f"At the door {language}")
    page.get_by_label(say(language, "sign_in.password"), exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label(say(language, "sign_in.born"), exact=True).fill("2")
    page.keyboard.press("Enter")
    found["step 2"] = faults(page)
    page.get_by_label(say(language, "sign_in.born"), exact=True).fill("1995")
    page.keyboard.press("Enter")
    page.get_by_label(say(language, "consent.voice")).check()
    page.get_by_role("button", name=say(language, "sign_in.make_account")).click()
    found["step 3"] = faults(page)
    page.goto("/account/sign-in")
    page.get_by_label(say(language, "sign_in.name"), exact=True).fill("nobody")
    page.get_by_label(say(language, "sign_in.password"), exact=True).fill("wrong password")
    page.get_by_role("button", name=say(language, "sign_in.sign_in"), exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    found["refused"] = faults(page)
    expect_none(found)


def test_axe_would_find_a_fault(open_page: Callable[..., Page]) -> None:
    page = open_page("en", path="/account/help")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<button></button>')")
    assert any(fault.startswith("button-name") for fault in faults(page))


def test_the_rules_would_find_a_fault(open_page: Callable[..., Page]) -> None:
    page = open_page("en", path="/account/help")
    assert broken_rules(page, "en") == []
    page.evaluate("""() => {
        const link = document.createElement('a')
        Object.assign(link, {href: '#', target: '_blank', textContent: 'more'})
        Object.assign(link.style, {fontSize: '9px', display: 'block', width: '150vw'})
        document.querySelector('main').append(link)
    }""")
    rules = [rule.partition(":")[0] for rule in broken_rules(page, "ko")]
    assert {"the language is en", "letters too small", "link without noopener", "link to nowhere"} <= set(rules)
    assert any(rule.endswith("px too wide") for rule in rules)
