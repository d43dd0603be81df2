"""Sign-up in three steps: what is said while a person types, and what stays; the recovery code as copy and as file."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from language import say
from tests.browser.conftest import screenshot
from tests.browser.test_journey import PASSWORD
from tests.diary.test_common_passwords import COMMON, UNCOMMON

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

HEIGHT = 844
"""Of a usual phone, in pixels: each step fits on it."""


def problem(page: Page, field: str):
    return page.locator(f"#{field}-problem")


def expect_to_fit(page: Page) -> None:
    button = page.locator("form button[type=submit]:visible").bounding_box()
    assert button["y"] + button["height"] <= HEIGHT


def test_the_other_language_keeps_all_but_the_password(open_page: Callable[..., Page]) -> None:
    page = open_page("ko", 390, HEIGHT, path="/account/sign-up")
    this_year = str(date.today().year - 14)
    page.locator("#name").fill("보리")
    page.locator("#password").fill(PASSWORD)
    page.locator(".eye").first.click()  # now its field is one of text
    page.locator("button[type=submit]:visible").click()
    page.locator("#born").fill(this_year)
    page.locator("#had_birthday").check()
    page.locator("button[type=submit]:visible").click()
    page.locator("#allow_voice").check()

    page.get_by_role("link", name="English", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#name")).to_have_value("보리")
    expect(page.locator("#password")).to_have_value("")
    expect(page.locator("#password")).to_be_visible()
    expect(page.locator("#born")).to_have_value(this_year)
    expect(page.locator("#had_birthday")).to_be_checked()
    expect(page.locator("#allow_voice")).to_be_checked()
    expect(page.locator("#allow_diary")).not_to_be_checked()
    assert page.evaluate("sessionStorage.length") == 0, "it is read once"
    page.locator("#password").fill(PASSWORD)
    page.locator("button[type=submit]:visible").click()
    expect(page.locator("#had_birthday")).to_be_visible()

    page.reload()
    expect(page.locator("#name")).to_have_value("")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_three_steps_lose_nothing_and_say_at_once_what_is_wrong(open_page: Callable[..., Page], language: str) -> None:
    def t(key: str, **values: object) -> str:
        return say(language, key, **values)

    def look(step: str) -> None:
        expect_to_fit(page)
        screenshot(page, f"sign-up-{language}-{step}")

    page = open_page(language, 390, HEIGHT, path="/account/sign-up")
    url = page.url
    name = page.get_by_label(t("sign_in.name"), exact=True)
    password = page.get_by_label(t("sign_in.password"), exact=True)
    born = page.get_by_label(t("sign_in.born"), exact=True)
    heading = page.get_by_role("heading", level=2)

    # What no further letter can mend is said at once, the rest when the field is left; and no longer than it is true.
    name.press_sequentially("보\u200b")
    expect(problem(page, "name")).to_have_text(t("error.name_unusable", least=2, most=40))
    name.fill(f"보리 {language}")
    expect(problem(page, "name")).to_be_empty()
    password.press_sequentially("qwerty")
    expect(problem(page, "password")).to_be_empty()
    name.focus()
    expect(problem(page, "password")).to_have_text(t("error.password_too_short", characters=10))
    expect(password).to_have_attribute("aria-invalid", "true")
    password.fill("qwertyuiop")
    expect(problem(page, "password")).to_have_text(t("error.password_too_common"))
    for text in (*COMMON, *UNCOMMON):
        password.fill(text)
        assert bool(password.evaluate("field => field.validationMessage")) == (text in COMMON), text
    expect(problem(page, "password")).to_be_empty()

    # A syllable that is not finished is no mistake.
    name.fill("")
    keyboard = page.context.new_cdp_session(page)
    name.focus()
    keyboard.send("Input.imeSetComposition", {"text": "\u200b", "selectionStart": 1, "selectionEnd": 1})
    expect(name).to_have_value("\u200b")
    expect(problem(page, "name")).to_be_empty()
    keyboard.send("Input.insertText", {"text": "\u200b"})
    expect(problem(page, "name")).to_have_text(t("error.name_unusable", least=2, most=40))
    name.fill(f"보리 {language}")

    # A step with a fault stays, and the first wrong field has the focus.
    password.fill("short")
    password.press("Enter")
    expect(heading).to_have_text(t("sign_in.step_name"))
    expect(password).to_be_focused()

    # The eye.
    password.fill(PASSWORD)
    eye = page.get_by_role("button", name=t("sign_in.show", field=t("sign_in.password")))
    assert min(eye.bounding_box()["width"], eye.bounding_box()["height"]) >= 44
    eye.click()
    expect(password).to_have_attribute("type", "text")
    expect(eye).to_have_attribute("aria-pressed", "true")
    expect(password).to_be_focused()
    look("1")
    password.press("Enter")

    # The year that decides asks for the birthday.
    expect(heading).to_have_text(t("sign_in.step_born"))
    expect(born).to_be_focused()
    birthday = page.locator("#had_birthday")
    expect(birthday).to_be_hidden()
    born.press_sequentially("19a")
    expect(problem(page, "born")).to_have_text(t("error.birth_date_unusable"))
    born.fill(str(date.today().year - 10))
    expect(problem(page, "born")).to_have_text(t("error.too_young", age=14))
    born.fill(str(date.today().year - 14))
    expect(problem(page, "born")).to_be_empty()
    born.press("Enter")
    expect(problem(page, "had_birthday")).to_have_text(t("error.too_young", age=14))
    look("2")
    born.fill("1995")
    expect(birthday).to_be_hidden()

    # Back by the button and by the browser: all that was typed is there.
    page.get_by_role("button", name=t("sign_in.back")).click()
    expect(heading).to_have_text(t("sign_in.step_name"))
    expect(password).to_have_value(PASSWORD)
    expect(password).to_have_attribute("type", "password")
    password.press("Enter")
    born.press("Enter")
    expect(heading).to_have_text(t("consent.title"))
    expect(heading).to_be_focused()
    page.go_back()
    expect(heading).to_have_text(t("sign_in.step_born"))
    expect(born).to_have_value("1995")
    assert page.url == url
    page.get_by_role("button", name=t("sign_in.next")).click()

    # Nothing of it is needed but the diary itself.
    start = page.get_by_role("button", name=t("sign_in.make_account"))
    page.get_by_label(t("consent.voice")).check()
    look("3")
    start.click()
    expect(problem(page, "allow_diary")).to_have_text(t("error.storage_not_allowed"))
    page.locator("#allow_diary").check()
    expect(problem(page, "allow_diary")).to_be_empty()
    start.click()
    expect(page.locator(".code")).to_be_visible()


def test_a_taken_name_leads_back_to_its_step(open_page: Callable[..., Page]) -> None:
    def t(key: str, **values: object) -> str:
        return say("en", key, **values)

    open_page("en", person="Taken")
    page = open_page("en", path="/account/sign-up")

    def walk(name: str) -> None:
        page.get_by_label(t("sign_in.name"), exact=True).fill(name)
        page.get_by_label(t("sign_in.password"), exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")

    walk("Taken")
    page.get_by_label(t("sign_in.born"), exact=True).fill("1990")
    page.keyboard.press("Enter")
    page.get_by_label(t("consent.face")).check()
    page.locator("#allow_diary").check()
    page.get_by_role("button", name=t("sign_in.make_account")).click()
    expect(page.get_by_role("alert")).to_have_text(t("error.name_taken"))
    expect(page.get_by_label(t("sign_in.name"), exact=True)).to_be_focused()
    assert PASSWORD not in page.content()
    # The rest is as it was.
    walk("Not taken")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_label(t("sign_in.born"), exact=True)).to_have_value("1990")
    page.keyboard.press("Enter")
    expect(page.get_by_label(t("consent.face"))).to_be_checked()
    page.get_by_role("button", name=t("sign_in.make_account")).click()

    # The code: copied, saved, and on paper.
    code = page.locator(".code").inner_text()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=t("code.copy")).click()
    expect(page.get_by_role("status")).to_have_text(t("code.copied"))
    assert page.evaluate("navigator.clipboard.readText()") == code
    page.evaluate("() => { Clipboard.prototype.writeText = async () => { throw new Error() } }")
    page.evaluate("navigator.clipboard.write([])")
    page.get_by_role("button", name=t("code.copy")).click()
    expect(page.get_by_role("status")).to_have_text(t("code.copied"))
    assert page.evaluate("navigator.clipboard.readText()") == code
    with page.expect_download() as download:
        page.get_by_role("button", name=t("code.save")).click()
    assert download.value.suggested_filename == t("code.file_name")
    assert code in download.value.path().read_text(encoding="utf-8")
    page.emulate_media(media="print")
    expect(page.get_by_text(t("code.of", name="Not taken"))).to_be_visible()
    expect(page.get_by_role("button", name=t("code.noted"))).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("button", name=t("code.noted")).click()
    expect(page.get_by_role("radio").first).to_be_visible()

    # A new password is asked for twice: the second one is compared with every letter.
    page.goto("/account/password")
    page.get_by_label(t("sign_in.new_password"), exact=True).fill("staple and a new horse")
    again = page.get_by_label(t("sign_in.password_again"), exact=True)
    again.press_sequentially("stapl")
    expect(problem(page, "password_again")).to_be_empty()
    again.press_sequentially("x")
    expect(problem(page, "password_again")).to_have_text(t("error.passwords_differ"))
    again.press("Backspace")
    again.press_sequentially("e and a new horse")
    expect(problem(page, "password_again")).to_be_empty()


def test_without_scripts_it_is_one_form(open_page: Callable[..., Page]) -> None:
    page = open_page("en", path="/account/sign-up", java_script_enabled=False)
    expect(page.get_by_role("button", name=say("en", "sign_in.next"))).to_have_count(0)
    expect(page.locator(".eye").first).to_be_hidden()
    page.locator("#name").fill("Without scripts")
    page.locator("#password").fill(PASSWORD)
    page.locator("#born").fill("1995")
    page.locator("#allow_diary").check()
    page.locator("#name").press("Enter")
    expect(page.locator(".code")).to_have_text(re.compile(r"^\w{5}(-\w{5}){4}$"))
    with page.expect_download():
        page.get_by_role("button", name=say("en", "code.save")).click()
