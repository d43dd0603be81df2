"""A passkey in a real browser, with Chromium's own authenticator in place of a device."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from diary import days, entries, sessions
from diary.entries import NewEntry
from language import say
from tests.browser.conftest import RunningApp
from tests.conftest import PASSWORD
from web import cookies


def device(page: Page, **changes: Any) -> CDPSession:
    """An authenticator that this page can use; it confirms at once."""
    cdp = page.context.new_cdp_session(page)
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "hasPrf": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options | changes})
    return cdp


def keep_note(page: Page, app: RunningApp, note: str) -> None:
    """Stores an entry as the signed-in person, without the page."""
    token = next(each["value"] for each in page.context.cookies() if each["name"] == cookies.SESSION)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARU_DATA", str(app.data))
        session = sessions.find(token)
        assert session is not None
        today = days.today(session.timezone)
        entries.add(session, NewEntry("happiness", 3, today, session.timezone, note=note))


def t(key: str, **values: object) -> str:
    return say("en", key, **values)


def begin(page: Page, name: str) -> None:
    """Goes from Settings to the button that makes the passkey."""
    page.goto("/account/passkeys")
    form = page.locator("form:has(input[value=begin])")
    form.get_by_label(t("passkey.name")).fill(name)
    form.get_by_label(t("sign_in.password"), exact=True).fill(PASSWORD)
    form.get_by_role("button", name=t("passkey.go_on")).click()


def test_a_passkey_opens_the_diary_without_a_password(open_page: Callable[..., Page], running_app: RunningApp) -> None:
    page = open_page("en", person="Passkeys")
    device(page)
    keep_note(page, running_app, "What only the key opens")
    begin(page, "My laptop")
    page.get_by_role("button", name=t("passkey.make")).click()
    expect(page.get_by_role("status")).to_contain_text(t("passkey.added"))
    expect(page.get_by_role("heading", name="My laptop")).to_be_visible()
    page.goto("/account/sign-out")
    page.get_by_role("button", name=t("settings.sign_out")).click()
    expect(page.get_by_text(t("sign_in.signed_out"))).to_be_visible()
    page.get_by_role("button", name=t("passkey.sign_in")).click()
    expect(page.get_by_text("What only the key opens")).to_be_visible()


def test_a_passkey_without_prf_is_refused_with_a_sentence(open_page: Callable[..., Page]) -> None:
    page = open_page("en", person="No secret")
    cdp = device(page, hasPrf=False)
    begin(page, "An old key")
    page.get_by_role("button", name=t("passkey.make")).click()
    expect(page.get_by_role("alert")).to_have_text(t("error.passkey_without_secret"))
    expect(page.get_by_text(t("passkey.none"))).to_be_visible()
    cdp.detach()


def test_stopping_at_the_device_changes_nothing(open_page: Callable[..., Page]) -> None:
    page = open_page("en", path="/account/sign-in")
    device(page)  # which has no passkey
    page.get_by_role("button", name=t("passkey.sign_in")).click()
    expect(page.locator(".passkey .said")).to_have_text(t("passkey.cancelled"))
    expect(page.get_by_role("button", name=t("passkey.sign_in"))).to_be_enabled()
