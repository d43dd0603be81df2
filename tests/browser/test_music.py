"""Music in a real browser: no request before a click, YouTube by its own protocol, tracks without internet."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from language import say
from tests.browser.conftest import PATIENCE, RunningApp, screenshot, settle
from tests.browser.test_journey import enter

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

YOUTUBE = "https://www.youtube-nocookie.com"
# What YouTube's own player does, as far as Haru speaks with it: it answers once it was spoken to, tells what it was
# asked to tell, and for the first video says that its owner does not allow it here.
FAKE_PLAYER = """<!doctype html><title>player</title><script>
const first = FIRST
const say = message => parent.postMessage(JSON.stringify({id: 1, channel: "widget", ...message}), "*")
let listened = false
addEventListener("message", event => {
  const asked = JSON.parse(event.data)
  if (asked.event === "listening" && !listened) { listened = true; say({event: "initialDelivery", info: {}}) }
  if (asked.func === "addEventListener" && asked.args[0] === "onStateChange") {
    setTimeout(() => first ? say({event: "onError", info: 150}) : say({event: "onStateChange", info: 1}), 50)
  }
})
</script>"""


def t(key: str, **values: object) -> str:
    return say("en", key, **values)


def go_to_music(page: Page, name: str) -> None:
    enter(page, t, name)
    page.goto("/music")
    settle(page)
    page.get_by_role("radio", name="Sadness").click()
    expect(page.get_by_role("button", name=t("youtube.play"))).to_be_visible()
    settle(page)


def test_without_internet_a_track_plays_and_the_next_flows_in(open_page: Callable[..., Page]) -> None:
    """`open_page` also fails this test if a single request goes anywhere else."""
    page = open_page("en", path="/account/sign-up")
    go_to_music(page, "Offline")
    screenshot(page, "music-en-1280-before-a-click")
    page.get_by_role("radio", name=t("music.source_local")).click()
    expect(page.get_by_role("button", name=t("player.play"), exact=True)).to_be_visible()
    page.get_by_role("button", name=t("player.play"), exact=True).click()
    expect(page.get_by_role("button", name=t("player.pause"), exact=True)).to_be_visible()

    def moves(least: float, count: int = 1) -> None:
        page.wait_for_function(
            """([least, count]) => {
                const roots = [...document.querySelectorAll('*')].map(e => e.shadowRoot).filter(Boolean)
                const sounds = roots.flatMap(root => [...root.querySelectorAll('audio')])
                return sounds.filter(sound => !sound.paused && sound.currentTime > least).length >= count
            }""",
            arg=[least, count],
        )

    moves(0.5)
    # Near its end the next one comes in while this one goes out: for a while both sound.
    page.evaluate(
        """() => {
            const roots = [...document.querySelectorAll('*')].map(e => e.shadowRoot).filter(Boolean)
            const sound = roots.flatMap(root => [...root.querySelectorAll('audio')]).find(each => !each.paused)
            sound.currentTime = sound.duration - 4
        }"""
    )
    moves(0.1, count=2)
    expect(page.locator(".what")).to_have_text(re.compile(r"^2\. "))
    expect(page.get_by_role("button", name=t("music.on_now"))).to_be_disabled()
    page.get_by_role("button", name=t("player.pause"), exact=True).click()
    expect(page.get_by_role("button", name=t("player.play"), exact=True)).to_be_visible()
    screenshot(page, "music-en-1280-local")
    # In a pause, skipping only shows the next one; its own button lets a piece begin.
    page.get_by_role("button", name=t("music.skip")).click()
    expect(page.locator(".what")).to_have_text(re.compile(r"^3\. "))
    expect(page.get_by_role("button", name=t("player.play"), exact=True)).to_be_visible()
    page.get_by_role("button", name=t("music.hear"), exact=True).last.click()
    expect(page.locator(".what")).to_have_text(re.compile(r"^6\. "))
    expect(page.get_by_role("button", name=t("player.pause"), exact=True)).to_be_visible()
    moves(0.1)


@pytest.fixture
def with_a_youtube(chromium: Browser, running_app: RunningApp) -> Iterator[Callable[..., tuple[Page, list]]]:
    """A browser with a fake YouTube, and the list of requests to it."""
    contexts: list[BrowserContext] = []

    def open_haru(width: int, answer: Callable[[Route], None]) -> tuple[Page, list]:
        context = chromium.new_context(
            locale="en-US", timezone_id="Asia/Seoul", viewport={"width": width, "height": 900}, base_url=running_app.url
        )
        contexts.append(context)
        asked: list = []

        def outside(route: Route) -> None:
            asked.append(route.request)
            answer(route)

        context.route(re.compile(r"^https?://(?!localhost)"), outside)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto("/account/sign-up")
        return page, asked

    yield open_haru
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "smallest"), [(1280, (480, 270)), (390, (200, 200))])
def test_youtube_after_a_click_hands_over_what_it_may_not_play(
    with_a_youtube: Callable[..., tuple[Page, list]], running_app: RunningApp, width: int, smallest: tuple[int, int]
) -> None:
    firsts = iter(["true"])

    def answer(route: Route) -> None:
        route.fulfill(body=FAKE_PLAYER.replace("FIRST", next(firsts, "false")), content_type="text/html")

    page, asked = with_a_youtube(width, answer)
    go_to_music(page, f"Video {width}")
    first = page.locator(".front strong").inner_text()
    expect(page.locator(".contact")).to_have_text(t("youtube.contact"))
    assert asked == []

    page.get_by_role("button", name=t("youtube.play")).click()
    # The owner does not allow the first one here: the next choice comes by itself, and says so.
    expect(page.get_by_text(t("music.handed_over"))).to_be_visible()
    frame = page.locator("iframe[src^='https://www.youtube-nocookie.com']")
    expect(frame).not_to_have_attribute("title", first)
    box = frame.bounding_box()
    assert box
    assert (box["width"] >= smallest[0], box["height"] >= smallest[1]) == (True, True)
    # When it plays, the line about the one before is gone, and both were noted.
    expect(page.get_by_text(t("music.handed_over"))).to_be_hidden()
    frames = [request for request in asked if request.resource_type == "document"]
    assert len(frames) == 2
    for request in frames:
        assert request.url.startswith(f"{YOUTUBE}/embed/")
        assert "enablejsapi=1" in request.url
        # Without it YouTube answers with error 153.
        assert request.header_value("referer") == f"{running_app.url}/"
    assert {request.url.split("/")[2] for request in asked} == {"www.youtube-nocookie.com"}
    screenshot(page, f"music-en-{width}-youtube")


def test_where_youtube_cannot_be_reached_it_says_so_and_music_plays(
    with_a_youtube: Callable[..., tuple[Page, list]],
) -> None:
    page, asked = with_a_youtube(1280, lambda route: route.abort())
    go_to_music(page, "Cut off")
    page.get_by_role("button", name=t("youtube.play")).click()
    expect(page.get_by_text(t("music.silent"))).to_be_visible()
    assert asked
    page.get_by_role("radio", name=t("music.source_local")).click()
    page.get_by_role("button", name=t("player.play"), exact=True).click()
    expect(page.get_by_role("button", name=t("player.pause"), exact=True)).to_be_visible()


def test_the_line_under_the_button_says_who_is_contacted(open_page: Callable[..., Page]) -> None:
    page = open_page("ko", 390, path="/account/sign-up")

    def ko(key: str, **values: object) -> str:
        return say("ko", key, **values)

    enter(page, ko, "누르기 전")
    page.goto("/music")
    settle(page)
    page.get_by_role("radio", name="화남").click()
    expect(page.locator(".contact")).to_have_text(ko("youtube.contact"))
    expect(page.locator("iframe")).to_have_count(0)
    pictures = page.locator(".screen img").evaluate_all("all => all.map(one => one.src.slice(0, 18))")
    assert json.dumps(pictures) == '["data:image/svg+xml"]'
    screenshot(page, "music-ko-390-before-a-click")
