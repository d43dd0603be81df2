"""Only the app's own scripts run: none in the text of a page, and none in an uploaded file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import Error as BrowserError

from diary import accounts, database, days, entries, sessions
from diary.entries import NewEntry
from diary.media import NewMedium
from emotions import BY_KEY
from language import say
from tests.browser.conftest import PATIENCE, RunningApp, let_in, settle, walk_to
from web import cookies

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" width="300" height="80">
<script>document.documentElement.setAttribute("data-ran", "yes")</script></svg>"""
_INSERT = """markup => {
  const place = document.createElement("div")
  document.body.append(place)
  place.append(document.createRange().createContextualFragment(markup))
}"""


def t(key: str, **values: object) -> str:
    return say("en", key, **values)


def context_of(chromium: Browser, app: RunningApp) -> BrowserContext:
    context = chromium.new_context(locale="en-US", timezone_id="Asia/Seoul", base_url=app.url)
    context.set_default_timeout(PATIENCE)
    return context


def enter(page: Page, app: RunningApp, name: str) -> None:
    """Opens the Today of somebody new."""
    let_in(page.context, app, "en", name)
    page.goto("/")
    expect(page.get_by_role("radio").first).to_be_visible()


def test_what_is_written_into_a_page_does_not_run(chromium: Browser, running_app: RunningApp) -> None:
    with context_of(chromium, running_app) as context:
        page = context.new_page()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        enter(page, running_app, "Injected")
        for markup in ("<script>window.ran = 1</script>", "<img src=x onerror='window.ran = 2'>"):
            refused.clear()
            page.evaluate(_INSERT, markup)
            page.wait_for_timeout(500)
            assert page.evaluate("window.ran") is None
            assert any("Content Security Policy" in text for text in refused)


def test_what_is_written_into_a_page_asks_no_other_host(chromium: Browser, running_app: RunningApp) -> None:
    """So an injected text could not send a note away either: no picture, no request, no form, no frame."""
    with context_of(chromium, running_app) as context:
        page = context.new_page()
        asked: list[str] = []
        context.route("https://example.org/**", lambda route: (asked.append(route.request.url), route.abort()))
        enter(page, running_app, "Sender")
        for markup in (
            "<img src=https://example.org/picture>",
            "<link rel=stylesheet href=https://example.org/style>",
            "<iframe src=https://example.org/frame></iframe>",
            "<object data=https://example.org/object></object>",
            "<video src=https://example.org/video></video>",
            "<form id=away action=https://example.org/form method=post></form>",
        ):
            page.evaluate(_INSERT, markup)
        page.evaluate("document.querySelector('#away').submit()")
        refused = page.evaluate("fetch('https://example.org/fetch').then(() => false, () => true)")
        page.wait_for_timeout(500)
        assert refused
        assert asked == []


def keep_an_svg(app: RunningApp, monkeypatch: pytest.MonkeyPatch) -> str:
    """An entry whose recording is a picture with a script, as an import of an older version stored it."""
    monkeypatch.setenv("HARU_DATA", str(app.data))
    token = accounts.sign_up(
        accounts.NewAccount(
            "Mallory",
            "correct horse battery",
            born=date(1995, 5, 5),
            allowed=["diary", "media"],
            language="en",
            timezone="Asia/Seoul",
        ),
        today=date(2026, 11, 20),
        address="192.0.2.66",
    )
    session = sessions.find(token)
    today = days.today("Asia/Seoul")
    entry_id = entries.add(
        session, NewEntry("neutral", 3, today, "Asia/Seoul", note="x"), media=[NewMedium("sound", SVG)]
    )
    with database.transaction() as db:
        db.execute("update media set mime = 'image/svg+xml' where entry_id = ?", [entry_id])
    return token


def test_a_script_in_a_file_runs_for_nobody(
    chromium: Browser, running_app: RunningApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = keep_an_svg(running_app, monkeypatch)
    with context_of(chromium, running_app) as mallorys, context_of(chromium, running_app) as victims:
        mallorys.add_cookies([{"name": cookies.SESSION, "value": token, "url": running_app.url}])
        page = mallorys.new_page()
        page.goto("/")
        settle(page)
        page.get_by_text(t("media.sound")).click()
        expect(page.get_by_text(t("media.unknown_type"))).to_be_visible()
        expect(page.get_by_test_id("stAudio")).to_have_count(0)
        with page.expect_download() as download:
            page.get_by_role("button", name=t("media.download")).click()
        assert download.value.path().read_bytes() == SVG

        # Its address, opened by its owner: saved as a file, not drawn as a page.
        address = download.value.url
        answer = mallorys.request.get(address)
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-security-policy"].startswith("sandbox")
        with pytest.raises(BrowserError, match="Download is starting"):
            page.goto(address)

        # By somebody else, and by its owner who signed out: there is nothing.
        victim = victims.new_page()
        enter(victim, running_app, "Victim")
        assert victims.request.get(address).status == 404
        page.goto("/account/sign-out")
        page.get_by_role("button").first.click()
        page.wait_for_url("**/account/sign-in*")
        assert mallorys.request.get(address).status == 401


def test_pages_with_charts_and_players_are_drawn_under_the_policy(open_page: Callable[..., Page]) -> None:
    """`open_page` fails on any complaint in the console; the live tab has its own test (test_today.py)."""
    page = open_page("en", person="Drawn", allowed=("voice", "face"))
    page.get_by_role("radio", name=BY_KEY["fear"].name("en")).click()
    page.get_by_role("button", name=t("entry.save"), exact=True).click()
    expect(page.get_by_text(t("saved.fear"))).to_be_visible()
    walk_to(page, "/music")
    expect(page.locator(".player").first).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    walk_to(page, "/history")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    walk_to(page, "/year")
    expect(page.locator("table").first).to_be_visible()


def test_a_tab_of_a_session_that_ended_turns_to_the_door(chromium: Browser, running_app: RunningApp) -> None:
    """By a script in the page, which the policy names by its hash."""
    with context_of(chromium, running_app) as context:
        page = context.new_page()
        enter(page, running_app, "Leaver")
        other = context.new_page()
        other.goto("/account/sign-out")
        other.get_by_role("button").first.click()
        page.get_by_role("link", name=t("nav.help")).click()
        page.wait_for_url("**/account/sign-in*")
