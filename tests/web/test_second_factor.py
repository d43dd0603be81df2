from __future__ import annotations

import argparse
import io
import re
import time
from html import unescape
from pathlib import Path

import pyotp
import pytest

from diary import accounts, second_factor, sessions
from language import say
from tests.conftest import PASSWORD
from tests.web.conftest import Browser, alert, form_token
from web.admin_commands import own_session
from web.admin_commands.command import CommandError

PAGE, CODE = "/account/second-factor", "/account/code"
BACKUP = r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b"


def error(code: str, **facts) -> str:
    return say("en", f"error.{code}", **facts)


def totp_of(html: str) -> pyotp.TOTP:
    found = re.search(r'class="qr" href="(otpauth:[^"]+)"', html)
    assert found, html
    totp = pyotp.parse_uri(unescape(found[1]))
    assert isinstance(totp, pyotp.TOTP)
    return totp


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, html
    return unescape(found[1])


@pytest.fixture
def app(browser: Browser) -> pyotp.TOTP:
    """Switches the codes on; a code of the step after that is still new."""
    browser.sign_up()
    page = browser.post(PAGE, {"act": "begin", "password": PASSWORD})
    assert "<svg" in page.text
    totp = totp_of(page.text)
    fields = {"act": "confirm", "setup": hidden(page.text, "setup"), "code": totp.at(time.time() - 30)}
    codes = browser.post(PAGE, fields, token=form_token(page.text))
    assert len(re.findall(BACKUP, codes.text)) == second_factor.BACKUP_CODES
    return totp


def test_the_sign_in_goes_on_with_the_code(other_browser: Browser, app: pyotp.TOTP) -> None:
    answer = other_browser.sign_in(path="/account/sign-in?next=/days")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/code?next=%2Fdays")
    assert other_browser.session is None
    assert other_browser.get("/").status_code == 303
    (cookie,) = [each for each in answer.headers.get_list("set-cookie") if each.startswith("haru_pending=")]
    assert {"HttpOnly", "SameSite=lax", "Max-Age=300"} <= {part.strip() for part in cookie.split(";")}
    wrong = other_browser.post("/account/code?next=/days", {"code": "000000"})
    assert (wrong.status_code, alert(wrong)) == (401, error("wrong_code"))
    right = other_browser.post("/account/code?next=/days", {"code": app.now()})
    assert (right.status_code, right.headers["location"]) == (303, "/days")
    assert other_browser.get("/").status_code == 200
    assert "haru_pending" not in other_browser.cookies


def test_the_cookie_between_is_no_session(other_browser: Browser, app: pyotp.TOTP) -> None:
    other_browser.sign_in()
    pending = other_browser.cookies["haru_pending"]
    assert other_browser.get("/", headers={"cookie": f"haru_session={pending}"}).status_code == 303


def test_without_a_password_nobody_is_asked_for_a_code(other_browser: Browser, app: pyotp.TOTP) -> None:
    assert other_browser.get(CODE).headers["location"] == "/account/sign-in"
    token = form_token(other_browser.get("/account/sign-in").text)
    refused = other_browser.post(CODE, {"code": app.now()}, token=token)
    assert (refused.status_code, alert(refused)) == (401, error("sign_in_too_old"))


def test_a_change_of_language_keeps_where_the_sign_in_leads(other_browser: Browser, app: pyotp.TOTP) -> None:
    def in_korean(page: str) -> str:
        found = re.search(r'<a lang="ko"[^>]*href="([^"]+)"', page)
        assert found, page
        return unescape(found[1])

    asked = other_browser.sign_in(path="/account/sign-in?next=/days").headers["location"]
    korean = in_korean(other_browser.get(asked).text)
    assert "next=%2Fdays" in korean
    shown = other_browser.get(korean)
    assert say("ko", "second.code_title") in unescape(shown.text)
    token = form_token(shown.text)

    # The code comes too late: the same address now shows the sign-in page.
    other_browser.cookies.delete("haru_pending")
    too_late = other_browser.post(asked, {"code": app.now()}, token=token)
    assert alert(too_late) == say("ko", "error.sign_in_too_old")
    led_to = other_browser.get(asked + "&lang=en").headers["location"]
    assert led_to == "/account/sign-in?next=%2Fdays&lang=en"
    page = other_browser.get(led_to)
    assert say("en", "sign_in.welcome") in unescape(page.text)
    assert "/account/sign-in?next=/days" in page.text


def test_another_tab_may_sign_in_meanwhile(other_browser: Browser, app: pyotp.TOTP) -> None:
    other_browser.sign_in()
    token = form_token(other_browser.get(CODE).text)
    other_browser.sign_up(name="Somebody else")
    assert other_browser.post(CODE, {"code": app.now()}, token=token).status_code == 303


def test_switching_on_and_off_needs_the_password(browser: Browser, app: pyotp.TOTP) -> None:
    for act in ("begin", "renew", "off"):
        refused = browser.post(PAGE, {"act": act, "password": "not my password"})
        assert (refused.status_code, alert(refused)) == (401, error("wrong_password"))
    session = sessions.find(browser.session)
    assert session is not None
    assert second_factor.state(session)
    browser.post(PAGE, {"act": "off", "password": PASSWORD})
    assert second_factor.state(session) is None


def test_a_wrong_first_code_shows_the_same_picture_again(browser: Browser) -> None:
    browser.sign_up()
    page = browser.post(PAGE, {"act": "begin", "password": PASSWORD})
    fields = {"act": "confirm", "setup": hidden(page.text, "setup"), "code": "000000"}
    again = browser.post(PAGE, fields, token=form_token(page.text))
    assert alert(again) == error("wrong_code")
    assert totp_of(again.text).secret == totp_of(page.text).secret


def test_the_page_of_secrets_is_stored_by_no_browser(browser: Browser) -> None:
    browser.sign_up()
    page = browser.post(PAGE, {"act": "begin", "password": PASSWORD})
    assert page.headers["cache-control"] == "no-store"


def test_new_backup_codes_are_shown_once(browser: Browser, app: pyotp.TOTP) -> None:
    shown = browser.post(PAGE, {"act": "renew", "password": PASSWORD})
    codes = re.findall(BACKUP, shown.text)
    assert len(codes) == second_factor.BACKUP_CODES
    assert codes[0] not in browser.get(PAGE).text


def test_recovering_switches_it_off(browser: Browser, other_browser: Browser, app: pyotp.TOTP) -> None:
    session = sessions.find(browser.session)
    assert session is not None
    code = accounts.recovery_code(session)
    assert code is not None
    new = "another good sentence"
    fields = {"name": "Jiwoo", "code": code, "password": new, "password_again": new}
    assert other_browser.post("/account/recover", fields).headers["location"] == "/"
    assert other_browser.get("/").status_code == 200
    assert other_browser.sign_in(password=new).headers["location"] == "/"


def test_the_settings_need_a_session(browser: Browser) -> None:
    assert browser.get(PAGE).headers["location"] == "/account/sign-in"


@pytest.mark.parametrize("is_standard_input", [False, True])
def test_commands_take_the_code_after_the_password(
    app: pyotp.TOTP, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_standard_input: bool
) -> None:
    typed = f"{PASSWORD}\n{app.now()}\n"
    (file := tmp_path / "typed").write_text(typed)
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    chosen = argparse.Namespace(name="Jiwoo", password_file=Path("-") if is_standard_input else file)
    with own_session.signed_in(chosen) as session:
        assert session.name == "Jiwoo"


def test_a_command_without_the_code_stops(app: pyotp.TOTP, tmp_path: Path) -> None:
    (file := tmp_path / "typed").write_text(PASSWORD)
    chosen = argparse.Namespace(name="Jiwoo", password_file=file)
    with pytest.raises(CommandError, match="code"), own_session.signed_in(chosen):
        pass
