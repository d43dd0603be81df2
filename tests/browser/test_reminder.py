"""Reminders in the browser: the switch and its sentences, and the service worker that shows what is pushed.

A real subscription needs the push service of the browser's maker, so `PushManager` is a stand-in here. The worker is
the real one: Chromium's own protocol hands it a message, as its push service would.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from language import say
from tests.browser.conftest import PATIENCE, WHOLE_CHROMIUM, RunningApp, launched, opening, screenshot, settle
from tests.reminders.push_service import FakeBrowser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

_ENDPOINT = "https://push.example.net/of-this-browser"
# What the browser of a test answers: `permission`, and the subscription that it makes.
_STAND_IN = """({ subscription, permission }) => {
  window.asked = 0
  window.permission = permission
  Object.defineProperty(Notification, "permission", { get: () => window.permission })
  Notification.requestPermission = async () => { window.asked += 1; return (window.permission = window.answer) }
  let held = null
  const made = key => ({
    endpoint: subscription.endpoint, options: { applicationServerKey: key }, toJSON: () => subscription,
    unsubscribe: async () => { held = null; return true },
  })
  PushManager.prototype.getSubscription = async () => held
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    if (window.offline) throw new DOMException("", "AbortError")
    return (held = made(applicationServerKey.buffer))
  }
}"""


def t(key: str, **values: object) -> str:
    return say("ko", key, **values)


@pytest.fixture
def open_page(
    driver: Playwright, running_app: RunningApp, spoken_sentence: Path, faces_film: Path
) -> Iterator[Callable[..., Page]]:
    """In the whole Chromium, which shows notifications."""
    with (
        launched(driver, spoken_sentence, faces_film, WHOLE_CHROMIUM) as browser,
        opening(browser, running_app) as open_haru,
    ):
        yield open_haru


def open_reminders(page: Page) -> None:
    page.goto("/data")
    settle(page)
    page.get_by_role("tab", name=t("data.reminder"), exact=True).click()


def test_a_device_is_switched_on_and_off_and_shows_what_is_pushed(open_page: Callable[..., Page]) -> None:
    page = open_page("ko", 390, person="Reminded")
    subscription = FakeBrowser(_ENDPOINT).subscription
    arguments = json.dumps({"subscription": subscription, "permission": "default"})
    page.add_init_script(f"({_STAND_IN})({arguments})")
    open_reminders(page)
    start, stop = (page.get_by_role("button", name=t(f"reminder.push_{name}")) for name in ("start", "stop"))
    problem = page.get_by_role("alert")
    expect(start).to_be_visible()
    assert page.evaluate("window.asked") == 0, "it asks only when the person presses"

    # Refused for now, no network, and then allowed.
    page.evaluate("window.answer = 'default'")
    start.click()
    expect(problem).to_have_text(t("reminder.push_dismissed"))
    page.evaluate("Object.assign(window, { answer: 'granted', offline: true })")
    start.click()
    expect(problem).to_have_text(t("reminder.push_failed"))
    page.evaluate("window.offline = false")
    start.click()
    expect(page.get_by_text(t("reminder.push_on"))).to_be_visible()
    expect(page.get_by_text(t("reminder.places", count=1))).to_be_visible()
    expect(problem).to_be_hidden()
    screenshot(page, "reminder-on-ko")

    # The worker that the switch registered shows what a push service delivers.
    page.context.grant_permissions(["notifications", "microphone", "camera"])
    asked = {"title": "하루", "body": "오늘은 어땠나요?", "tag": "haru-2026-11-20", "lang": "ko"}
    shown = shown_by_the_worker(page, [json.dumps(asked), "no JSON"])
    assert [{name: each[name] for name in asked} for each in shown] == [
        asked,
        {"title": "하루 Haru", "body": "", "tag": "haru", "lang": ""},  # browsers want to see something for each push
    ]

    stop.click()
    expect(start).to_be_visible()
    expect(page.get_by_text(t("reminder.places", count=1))).to_be_hidden()

    # A browser that blocks them, and two that have no push.
    for script, sentence in (
        ("window.permission = 'denied'", "refused"),
        ("delete window.PushManager", "missing"),
        ("Object.defineProperty(navigator, 'userAgent', { get: () => 'iPhone' })", "home_screen"),
    ):
        page.add_init_script(script)
        open_reminders(page)
        expect(problem).to_have_text(t(f"reminder.push_{sentence}"))
        expect(start).to_be_hidden()


# Remembers what the worker shows; whether the system still shows it later is not Haru's to say.
_WATCH = """() => {
  self.shown = []
  const show = self.registration.showNotification.bind(self.registration)
  self.registration.showNotification = (title, options) => {
    return show(title, options).then(() => self.shown.push({ title, ...options }))
  }
}"""


def shown_by_the_worker(page: Page, messages: list[str]) -> list[dict]:
    """Hands the service worker of this page these messages, as the push service would; returns what it shows."""
    (worker,) = page.context.service_workers
    worker.evaluate(_WATCH)
    protocol = page.context.new_cdp_session(page)
    found: list[str] = []
    protocol.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(each["registrationId"] for each in event["registrations"]),
    )
    protocol.send("ServiceWorker.enable")
    wait(lambda: worker.evaluate("true") and found)  # events arrive while something is asked
    to = {"origin": page.evaluate("location.origin"), "registrationId": found[0]}
    for count, message in enumerate(messages, 1):
        protocol.send("ServiceWorker.deliverPushMessage", to | {"data": message})
        wait(lambda count=count: worker.evaluate("self.shown.length") == count)
    return worker.evaluate("self.shown")


def wait(condition: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE / 1000
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.05)
