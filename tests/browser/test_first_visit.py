"""The first visit: what it loads, what stays in the browser, and what it shows without a network."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from language import say
from tests.browser.conftest import PATIENCE, settle
from tests.browser.test_journey import enter
from web import index_page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
KEPT = """async () => {
  const found = []
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname)
  return found
}"""
# The offline pages, the name of the language, and files without anything of a person's.
SHELL = re.compile(r"/account/offline|/language|/static/.+|/account/assets/(?:style|fonts|images)/.+")


def test_the_diary_stays_out_of_the_browsers_stores_and_offline_is_a_page(open_page: Callable[..., Page]) -> None:
    page = open_page("ko", path="/account/sign-up")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(re.sub(r"^https?://[^/]+|\?.*$", "", request.url)))
    enter(page, lambda key, **values: say("ko", key, **values), "보리")
    expect(page.locator(".haru-loading")).to_be_hidden()
    # Whatever Today loads, the page names at once, and the pages before sign-in have fetched it.
    scripts = {path for path in asked if path.startswith("/static/js/")}
    assert scripts
    assert scripts <= {address.partition("?")[0] for address in index_page.prefetched()}
    page.evaluate("navigator.serviceWorker.ready")
    # The worker is there: now the files of the next page go through it.
    page.goto("/days")
    settle(page)
    kept = wait_for_kept(page, lambda kept: any(path.startswith("/static/js/") for path in kept))
    assert [path for path in kept if not SHELL.fullmatch(path)] == []

    page.context.set_offline(True)
    page.goto("/days")
    expect(page.get_by_role("heading", level=1)).to_have_text(say("ko", "offline.title"))
    page.context.set_offline(False)
    page.get_by_role("link", name=say("ko", "offline.again")).click()
    settle(page)
    expect(page).to_have_url(re.compile("/days$"))

    # Signing out deletes it all, and the sign-in page begins anew.
    page.evaluate("async () => (await caches.open((await caches.keys())[0])).put('/mark', new Response(''))")
    assert "/mark" in page.evaluate(KEPT)
    page.goto("/account/sign-out")
    page.get_by_role("button", name=say("ko", "settings.sign_out")).click()
    expect(page).to_have_url(re.compile("/account/sign-in"))
    wait_for_kept(page, lambda kept: "/mark" not in kept)


def wait_for_kept(page: Page, condition: Callable[[list[str]], bool]) -> list[str]:
    """What the browser keeps, as soon as it is as expected. `wait_for_function` does not wait for a promise."""
    ends = time.monotonic() + PATIENCE / 1000
    while not condition(kept := page.evaluate(KEPT)):
        assert time.monotonic() < ends, kept
    return kept
