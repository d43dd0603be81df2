"""A person uses the whole diary in a real browser, from the first page to the deletion of the account."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from emotions import BY_KEY
from language import say
from tests.browser.conftest import PATIENCE, RunningApp, open_parts, screenshot, serving, settle, turn_to

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PASSWORD, NEW_PASSWORD = "correct horse battery", "staple and a new horse"
NOTE = "비밀스런 하루 <b>hushed</b> **note** 🌙"


def test_the_first_visit_by_a_link_is_a_whole_page(chromium: Browser, tmp_path: Path) -> None:
    """The first visit of a process can go wrong where later ones do not, so this one has a server of its own."""
    with serving(tmp_path, tmp_path) as app:
        page = chromium.new_context(base_url=app.url, locale="en-US").new_page()
        page.set_default_timeout(PATIENCE)
        page.goto("/settings")
        page.get_by_role("link", name=say("en", "sign_in.make_account")).click()
        _sign_up(page, lambda key: say("en", key), "Link", "voice")
        page.goto("/settings")
        expect(page.get_by_role("heading", level=1)).to_have_text(say("en", "settings.title"))
        expect(page.get_by_role("link", name=say("en", "nav.help"))).to_be_visible()
        page.context.close()


def test_from_first_page_to_goodbye(open_page: Callable[..., Page], running_app: RunningApp) -> None:
    """In English on a desktop; test_whole_journey.py is in Korean on a phone."""

    def t(key: str, **values: object) -> str:
        return say("en", key, **values)

    name = "Robin"
    happy, sad = BY_KEY["happiness"].en, BY_KEY["sadness"].en
    shot = 0

    def look(what: str) -> None:
        nonlocal shot
        shot += 1
        screenshot(page, f"en-1280-{shot:02d}-{what}")

    # The first page is the door, in the browser's own language.
    page = open_page("en")
    expect(page).to_have_url(re.compile("/account/sign-in"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    look("sign-in")

    # Sign up: nothing is ticked beforehand.
    page.get_by_role("link", name=t("sign_in.make_account")).click()
    boxes = page.locator("[name^=allow_]")
    expect(boxes).to_have_count(5)
    assert not any(box.is_checked() for box in boxes.all())
    look("sign-up")
    _sign_up(page, t, name, "voice")

    # The recovery code is there until it was noted down, then never again.
    code = page.locator(".code").inner_text()
    page.reload()
    expect(page.locator(".code")).to_have_text(code)
    look("recovery-code")
    page.get_by_role("button", name=t("code.noted")).click()

    # Today: nothing is saved without a mood; then one is.
    expect(page.get_by_role("heading", level=1)).to_have_text(t("today.question", name=name))
    look("today")
    page.get_by_role("button", name=t("entry.save"), exact=True).click()
    expect(page.get_by_text(t("error.unknown_mood"))).to_be_visible()
    page.get_by_role("radio", name=happy).click()
    open_parts(page, "en", "line")
    page.get_by_label(t("entry.note")).fill(NOTE)
    page.get_by_role("button", name=t("entry.save"), exact=True).click()
    expect(page.get_by_text(t("today.saved", mood=f"{BY_KEY['happiness'].face} {happy}"))).to_be_visible()
    expect(page.get_by_test_id("stText").get_by_text(NOTE)).to_be_visible()
    look("kept")

    # It survives a reload, and is found again among the days.
    page.reload()
    expect(page.get_by_test_id("stText").get_by_text(NOTE)).to_be_visible()
    turn_to(page, t, "days")
    expect(page.get_by_role("heading", level=1)).to_have_text(t("days.title"))
    settle(page)
    page.locator("[aria-current=date]").click()
    expect(page.get_by_test_id("stText").get_by_text(NOTE)).to_be_visible()
    look("days")

    # Edit it.
    settle(page)
    page.get_by_role("button", name=t("entry.edit")).click()
    page.get_by_role("radio", name=sad).click()
    expect(page.get_by_role("radio", name=sad)).to_be_checked()
    look("edit")
    page.get_by_role("button", name=t("entry.save_changes")).click()
    expect(page.get_by_text(t("entry.changed"))).to_be_visible()
    card = page.locator("[class*=st-key-mood_card_sadness]")
    expect(card.get_by_text(f"{BY_KEY['sadness'].face} {sad}", exact=True)).to_be_visible()
    expect(card.get_by_role("radio")).to_have_count(0)  # the form has closed

    # Settings: consents as given. From there to one's data: everything downloaded.
    turn_to(page, t, "settings")
    expect(page.get_by_role("heading", level=1)).to_have_text(t("settings.title"))
    expect(page.get_by_label(t("consent.voice"))).to_be_checked()
    for kind in ("transcript", "face"):
        expect(page.get_by_label(t(f"consent.{kind}"))).not_to_be_checked()
    look("settings")
    page.get_by_role("link", name=t("settings.to_data")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(t("data.title"))
    settle(page)
    page.get_by_role("tab", name=t("data.export")).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=t("export.button"), exact=True).click()
    exported = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert [entry["note"] for entry in exported["entries"]] == [NOTE]
    assert [entry["mood"] for entry in exported["entries"]] == ["sadness"]

    turn_to(page, t, "help")
    for number in ("109", "1577-0199", "1388", "988"):
        expect(page.get_by_role("link", name=number, exact=True)).to_be_visible()
    look("help")

    # Sign out: the other tab of this browser is out too at its next action.
    other = page.context.new_page()
    other.goto("/")
    expect(other.get_by_role("radio", name=happy)).to_be_visible()
    turn_to(page, t, "settings")
    expect(page.get_by_role("heading", level=1)).to_have_text(t("settings.title"))
    settle(page)
    page.get_by_role("button", name=t("settings.sign_out"), exact=True).click()
    expect(page.get_by_text(t("sign_in.signed_out"))).to_be_visible()
    other.get_by_role("radio", name=happy).click()
    expect(other).to_have_url(re.compile("/account/sign-in"))
    other.close()

    # A forgotten password, with the code: nothing is lost.
    page.get_by_role("link", name=t("sign_in.forgot")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(t("recover.title"))
    look("recover")
    page.get_by_label(t("sign_in.name"), exact=True).fill(name)
    page.get_by_label(t("recover.code"), exact=True).fill(code.lower().replace("-", " "))
    page.get_by_label(t("sign_in.new_password"), exact=True).fill(NEW_PASSWORD)
    page.get_by_label(t("sign_in.password_again"), exact=True).fill(NEW_PASSWORD)
    page.get_by_role("button", name=t("recover.button")).click()
    expect(page.get_by_test_id("stText").get_by_text(NOTE)).to_be_visible()

    # Delete the account: asked twice, then gone.
    page.goto("/account/delete")
    look("delete")
    page.get_by_label(t("sign_in.password"), exact=True).fill(NEW_PASSWORD)
    page.get_by_role("button", name=t("delete.go_on")).click()
    expect(page.get_by_role("alert")).to_have_text(t("delete.last_question"))
    page.get_by_label(t("sign_in.password"), exact=True).fill(NEW_PASSWORD)
    page.get_by_role("button", name=t("delete.for_good")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(t("goodbye.title"))
    look("goodbye")
    page.goto("/")
    expect(page).to_have_url(re.compile("/account/sign-in"))

    # Nothing of it is left, in the database or in the log.
    files = b"".join(file.read_bytes() for file in running_app.data.glob("haru.db*"))
    log = running_app.log.read_bytes()
    for trace in (name, NOTE, "hushed", PASSWORD, NEW_PASSWORD, code):
        assert trace.encode() not in files
        if trace != name:
            assert trace.encode() not in log


def enter(page: Page, t: Callable[..., str], name: str, *allowed: str) -> None:
    """Makes an account with these consents, keeps its recovery code, and waits for Today."""
    _sign_up(page, t, name, *allowed)
    page.get_by_role("button", name=t("code.noted")).click()
    expect(page.get_by_role("radio").first).to_be_visible()


def _sign_up(page: Page, t: Callable[..., str], name: str, *allowed: str) -> None:
    page.get_by_label(t("sign_in.name"), exact=True).fill(name)
    page.get_by_label(t("sign_in.password"), exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label(t("sign_in.born"), exact=True).fill("1995")
    page.keyboard.press("Enter")
    for kind in ("diary", *allowed):
        page.locator(f"[name=allow_{kind}]").check()
    page.get_by_role("button", name=t("sign_in.make_account")).click()


def test_a_day_can_be_kept_from_the_keyboard_alone(open_page: Callable[..., Page]) -> None:
    def t(key: str, **values: object) -> str:
        return say("en", key, **values)

    page = open_page("en", person="Keys")

    def tab_to(what: str) -> None:
        """Presses Tab until the element has the focus."""
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("e => document.activeElement.matches(e)", what):
                return
        raise AssertionError(f"Tab never reached {what}")

    tab_to("[role=radio]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name=BY_KEY["surprise"].en)).to_be_checked()
    tab_to("[class*=st-key-parts_] button")
    page.keyboard.press("Enter")
    expect(page.get_by_label(t("entry.note"))).to_be_focused()
    page.keyboard.type("Only keys today.")
    tab_to("button[kind=primary], [data-testid=stBaseButton-primary]")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stText").get_by_text("Only keys today.")).to_be_visible()
