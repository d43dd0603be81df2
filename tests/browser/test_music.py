"""Music in a real browser: no request before a click, YouTube by its own protocol, tracks without internet."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from emotions import BY_KEY
from language import say
from tests.browser.conftest import PATIENCE, RunningApp, let_in, screenshot, settle, turn_to
from tests.browser.test_accessible import faults

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


def choose_sadness(page: Page) -> None:
    page.get_by_role("radio", name="Sadness").click()
    expect(page.get_by_role("button", name=t("youtube.play"))).to_be_visible()
    settle(page)


def test_without_internet_a_track_plays_and_the_next_flows_in(open_page: Callable[..., Page]) -> None:
    """`open_page` also fails this test if a single request goes anywhere else."""
    page = open_page("en", person="Offline", path="/music")
    choose_sadness(page)
    screenshot(page, "music-en-1280-before-a-click")
    page.get_by_role("radio", name=t("music.source_local")).click()
    expect(page.get_by_role("button", name=t("player.play"), exact=True)).to_be_visible()
    page.get_by_role("button", name=t("player.play"), exact=True).click()
    expect(page.get_by_role("button", name=t("player.pause"), exact=True)).to_be_visible()

    def moves(least: float, count: int = 1) -> None:
        page.wait_for_function(
            """([least, count]) => {
                const sounds = [...document.querySelectorAll('audio')]
                return sounds.filter(sound => !sound.paused && sound.currentTime > least).length >= count
            }""",
            arg=[least, count],
        )

    moves(0.5)
    # Near its end the next one comes in while this one goes out: for a while both sound.
    page.evaluate(
        """() => {
            const sound = [...document.querySelectorAll('audio')].find(each => !each.paused)
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
    page.get_by_role("button", name=t("music.skip"), exact=True).click()
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

    def open_haru(width: int, name: str, answer: Callable[[Route], None]) -> tuple[Page, list]:
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
        let_in(context, running_app, "en", name)
        page.goto("/music")
        settle(page)
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

    page, asked = with_a_youtube(width, f"Video {width}", answer)
    choose_sadness(page)
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


@pytest.mark.parametrize("answer", ["refused", "never"])
def test_where_youtube_does_not_answer_it_says_so_within_four_seconds_and_music_plays(
    with_a_youtube: Callable[..., tuple[Page, list]], answer: str
) -> None:
    # A route that is never answered is a server that never answers.
    page, asked = with_a_youtube(
        1280, f"Cut off, {answer}", lambda route: route.abort() if answer == "refused" else None
    )
    choose_sadness(page)
    # Measured in the browser: what a slow machine needs to look at it does not count.
    page.evaluate(
        """() => {
            const roots = [...document.querySelectorAll('*')].map(each => each.shadowRoot).filter(Boolean)
            const root = roots.find(each => each.querySelector('.trouble'))
            const began = () => { window.pressed = performance.now() }
            root.querySelector('.start').addEventListener('click', began)
            new MutationObserver(() => {
                if (!root.querySelector('.trouble').hidden) window.said ??= performance.now()
            }).observe(root.querySelector('.trouble'), { attributes: true })
        }"""
    )
    page.get_by_role("button", name=t("youtube.play")).click()
    expect(page.get_by_text(t("youtube.silent"))).to_be_visible()
    assert asked
    assert page.evaluate("window.said - window.pressed") < 4000
    page.get_by_role("button", name=t("music.play_offline")).click()
    expect(page.get_by_role("button", name=t("player.pause"), exact=True)).to_be_visible()


WINDOWS = ((1280, 800), (390, 844))


def test_play_is_above_the_fold_and_the_music_goes_on_on_every_page(open_page: Callable[..., Page]) -> None:
    """The fold of a laptop and of a phone; then on the phone."""
    page = open_page("en", *WINDOWS[0], person="Walk", path="/music")

    def expect_above_the_fold(button: str) -> None:
        for width, height in WINDOWS:
            page.set_viewport_size({"width": width, "height": height})
            page.locator("[data-testid=stMain]").evaluate("main => main.scrollTo(0, 0)")
            bottom = height - (64 if width == 390 else 0)  # above the row of pages
            assert _bottom_edge(page, button) < bottom, width
            screenshot(page, f"music-en-{width}-fold")

    page.get_by_role("radio", name=BY_KEY["sadness"].en).click()
    expect(page.get_by_role("button", name=t("youtube.play"))).to_be_visible()
    settle(page)
    expect_above_the_fold(t("youtube.play"))
    page.get_by_role("radio", name=t("music.source_local")).click()
    play = page.get_by_role("button", name=t("player.play"), exact=True)
    expect(play).to_be_visible()
    settle(page)
    expect_above_the_fold(t("player.play"))
    play.click()
    expect(page.get_by_role("button", name=t("player.pause"), exact=True)).to_be_visible()
    page.wait_for_function("() => [...document.querySelectorAll('audio')].some(sound => sound.currentTime > 0.3)")
    page.evaluate(
        """() => {
            const sound = window.playing = [...document.querySelectorAll('audio')].find(each => !each.paused)
            window.gaps = 0
            for (const name of ['pause', 'emptied', 'seeking']) sound.addEventListener(name, () => window.gaps++)
        }"""
    )
    bar = page.get_by_role("complementary", name=t("player.bar"))
    expect(bar).to_be_hidden()
    turn_to(page, t, "today")
    settle(page)
    expect(bar).to_be_visible()
    before = page.evaluate("window.playing.currentTime")
    turn_to(page, t, "days")
    settle(page)
    page.wait_for_function("before => window.playing.currentTime > before + 0.2", arg=before)
    assert page.evaluate("[window.gaps, window.playing.paused, document.querySelectorAll('audio').length]") == [
        0,
        False,
        2,
    ]
    assert faults(page) == []
    screenshot(page, "music-en-390-elsewhere")
    # It covers neither the row of pages nor, on Today, the button that keeps the entry.
    turn_to(page, t, "today")
    settle(page)
    edges = bar.bounding_box()
    assert edges
    row = page.locator(".st-key-pages").bounding_box()
    assert row
    assert edges["y"] + edges["height"] <= row["y"] + 1
    # A microphone would record it. It goes on only by a press.
    page.evaluate("navigator.mediaDevices.getUserMedia({ audio: true }).then(() => { window.recording = true })")
    page.wait_for_function("() => window.recording")
    expect(bar.get_by_role("button", name=t("player.play"))).to_be_visible()
    assert page.evaluate("window.playing.paused")
    bar.get_by_role("button", name=t("player.play")).click()
    expect(bar.get_by_role("button", name=t("player.pause"))).to_be_visible()
    title = bar.locator("span").inner_text()
    bar.get_by_role("button", name=t("music.skip")).click()
    expect(bar.locator("span")).not_to_have_text(title)
    # Back on the page, the list stands where the bar was, and what was skipped is known.
    turn_to(page, t, "music")
    expect(page.locator(".what")).to_have_text(re.compile(r"^2\. "))
    expect(bar).to_be_hidden()
    settle(page)
    expect(page.locator(".st-key-piece_1").get_by_role("button")).to_be_disabled()
    turn_to(page, t, "days")
    bar.get_by_role("button", name=t("player.close")).click()
    expect(bar).to_be_hidden()
    assert page.evaluate("[...document.querySelectorAll('audio')].every(sound => sound.paused)")


def _bottom_edge(page: Page, name: str) -> float:
    box = page.get_by_role("button", name=name, exact=True).bounding_box()
    assert box
    return box["y"] + box["height"]


def test_the_line_under_the_button_says_who_is_contacted(open_page: Callable[..., Page]) -> None:
    page = open_page("ko", 390, person="누르기 전", path="/music")

    def ko(key: str, **values: object) -> str:
        return say("ko", key, **values)

    page.get_by_role("radio", name="화남").click()
    expect(page.locator(".contact")).to_have_text(ko("youtube.contact"))
    expect(page.locator("iframe")).to_have_count(0)
    pictures = page.locator(".screen img").evaluate_all("all => all.map(one => one.src.slice(0, 18))")
    assert json.dumps(pictures) == '["data:image/svg+xml"]'
    screenshot(page, "music-ko-390-before-a-click")
