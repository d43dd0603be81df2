from __future__ import annotations

import logging
import re
from datetime import date
from html import unescape
from itertools import product

import pytest
from starlette.testclient import TestClient

from diary import accounts, database, days, names, sessions, throttle
from language import say
from tests.conftest import PASSWORD
from tests.web.conftest import SIGN_UP, Browser, alert, form_token


def error(code: str, **facts) -> str:
    return say("en", f"error.{code}", **facts)


def ticked(html: str) -> list[str]:
    boxes = re.findall(r'<input type="checkbox" id="(allow_\w+)"([^>]*)>', html)
    kinds = ["voice", "transcript", "face", "media", "diary"]
    assert [name for name, _ in boxes] == [f"allow_{kind}" for kind in kinds]
    return [name for name, attributes in boxes if "checked" in attributes.split()]


def test_the_page_is_in_the_browsers_language(browser: Browser) -> None:
    korean = browser.get("/account/sign-in", headers={"accept-language": "ko-KR,ko;q=0.9"})
    assert '<html lang="ko">' in korean.text
    assert korean.headers["content-language"] == "ko"
    assert '<html lang="en">' in browser.get("/account/sign-in", headers={"accept-language": "fr"}).text


@pytest.mark.parametrize("path", ["sign-in", "sign-up", "recover", "sign-out", "code", "passkey", "second-factor"])
def test_a_program_that_only_asks_for_the_headers_is_answered_as_a_browser_is(browser: Browser, path: str) -> None:
    asked, got = browser.ask("HEAD", f"/account/{path}"), browser.get(f"/account/{path}")
    assert (asked.status_code, asked.content) == (got.status_code, b"")


def test_the_language_switch_is_remembered(browser: Browser) -> None:
    browser.get("/account/sign-in?lang=ko")
    assert '<html lang="ko">' in browser.get("/account/sign-up", headers={"accept-language": "en"}).text


def test_signing_up_leads_to_the_recovery_code_and_in(browser: Browser) -> None:
    answer = browser.sign_up()
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/recovery-code")
    code_page = browser.get("/account/recovery-code")
    assert code_page.headers["cache-control"] == "no-store"
    assert browser.get("/account/recovery-code").text.count("-") == code_page.text.count("-")
    noted = browser.post("/account/recovery-code", {"noted": "yes"})
    assert (noted.status_code, noted.headers["location"]) == (303, "/")
    assert 'class="code"' not in browser.get("/account/recovery-code").text
    assert browser.get("/").status_code == 200


def test_the_session_cookie_is_out_of_reach(browser: Browser) -> None:
    (cookie,) = [c for c in browser.sign_up().headers.get_list("set-cookie") if c.startswith("haru_session=")]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= parts
    assert "secure" not in parts
    # Signed in tomorrow and next month too: it outlives the tab.
    (lifetime,) = [int(part.removeprefix("max-age=")) for part in parts if part.startswith("max-age=")]
    assert lifetime >= 30 * 24 * 3600


def test_under_https_every_cookie_is_secure(served: TestClient, browser: Browser) -> None:
    page = served.get("https://localhost/account/sign-up")
    for cookie in page.headers.get_list("set-cookie"):
        assert "secure" in cookie.lower()
    assert page.headers["strict-transport-security"]
    answer = served.post(
        "https://localhost/account/sign-up",
        data=SIGN_UP | {"form_token": form_token(page.text)},
        follow_redirects=False,
    )
    (cookie,) = [c for c in answer.headers.get_list("set-cookie") if c.startswith("haru_session=")]
    assert "secure" in cookie.lower()


def test_nothing_is_ticked_beforehand(browser: Browser) -> None:
    assert ticked(browser.get("/account/sign-up").text) == []


def test_what_was_typed_stays_except_passwords(browser: Browser) -> None:
    answer = browser.sign_up(password="qwertyuiop2026", allow_voice="yes")
    assert answer.status_code == 400
    assert alert(answer) == error("password_too_common")
    assert 'value="Jiwoo"' in answer.text
    assert 'value="1995"' in answer.text
    assert ticked(answer.text) == ["allow_voice", "allow_diary"]
    assert "qwertyuiop2026" not in answer.text
    assert browser.session is None


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"born": "2020"}, 403, error("too_young", age=14)),
        ({"born": "yesterday"}, 400, error("birth_date_unusable")),
        ({"born": "0000"}, 400, error("birth_date_unusable")),
        ({"born": "1850"}, 400, error("birth_date_unusable")),
        ({"born": "1995-05-05"}, 400, error("birth_date_unusable")),
        ({"name": " "}, 400, error("name_unusable", least=2, most=40)),
        ({"password": "short"}, 400, error("password_too_short", characters=10)),
        ({"allow_diary": "no"}, 400, error("storage_not_allowed")),
    ],
)
def test_a_refused_sign_up_says_why_and_stores_nothing(browser: Browser, changes, status, sentence) -> None:
    answer = browser.sign_up(**changes)
    assert (answer.status_code, alert(answer)) == (status, sentence)
    with database.connect() as db:
        assert db["accounts"].count == 0


def test_only_what_was_ticked_is_allowed(browser: Browser) -> None:
    browser.sign_up(allow_face="yes", allow_transcript="yes", allow_media="on")
    from diary import consents

    assert consents.given(sessions.find(browser.session).account_id) == {"diary", "face", "transcript"}


def test_html_in_every_field_is_only_text(browser: Browser) -> None:
    attack = '"><script>alert(1)</script>'
    answer = browser.sign_up(name=attack, born=attack, password=attack)
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_sign_in_rotates_the_session(browser: Browser) -> None:
    browser.sign_up()
    before = browser.session
    assert browser.sign_in().status_code == 303
    assert browser.session != before
    assert sessions.find(before) is None


def test_wrong_password_and_unknown_name_look_the_same(browser: Browser) -> None:
    browser.sign_up()
    browser.cookies.clear()
    wrong, unknown = browser.sign_in(password="wrong horse battery"), browser.sign_in(name="Nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert alert(wrong) == alert(unknown) == error("sign_in_failed")
    assert browser.session is None


def test_sign_in_leads_to_the_page_that_was_asked_for(browser: Browser) -> None:
    browser.sign_up()
    browser.cookies.clear()
    assert browser.get("/settings").headers["location"] == "/account/sign-in?next=%2Fsettings"
    assert browser.sign_in(path="/account/sign-in?next=%2Fsettings").headers["location"] == "/settings"


def test_sign_in_leads_to_no_other_site(browser: Browser) -> None:
    browser.sign_up()
    others = ["https://example.org", "//example.org", "/\\example.org", "javascript:alert(1)", "/a/../../b", "/%0d"]
    for elsewhere in others:
        answer = browser.post(f"/account/sign-in?next={elsewhere}", {"name": "Jiwoo", "password": PASSWORD})
        assert answer.headers["location"] == "/", elsewhere


def test_guessing_is_slowed_down_in_words(browser: Browser) -> None:
    browser.sign_up()
    browser.cookies.clear()
    for _ in range(throttle.BY_NAME_AND_ADDRESS.free):
        browser.sign_in(password="wrong horse battery")
    locked = browser.sign_in()
    assert (locked.status_code, alert(locked)) == (429, error("too_many_guesses", minutes=1))


def test_a_browser_that_was_signed_in_before_passes(browser: Browser, other_browser: Browser) -> None:
    (cookie,) = [c for c in browser.sign_up().headers.get_list("set-cookie") if c.startswith("haru_browser=")]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", f"max-age={365 * 24 * 3600}"} <= parts
    browser.post("/account/sign-out", {})
    for _ in range(throttle.BY_NAME_AND_ADDRESS.free):
        other_browser.sign_in(password="wrong horse battery")
    assert other_browser.sign_in().status_code == 429
    assert browser.sign_in().status_code == 303


@pytest.mark.parametrize("changed", [False, True])
def test_after_signing_out_everywhere_only_a_new_sign_in_makes_a_browser_known(
    browser: Browser, other_browser: Browser, changed: bool
) -> None:
    browser.sign_up()
    if changed:
        password = "staple and a new horse"
        form = {"old_password": PASSWORD, "password": password, "password_again": password}
        assert browser.post("/account/password", form).status_code == 200
    else:
        password = PASSWORD
        browser.post("/account/sign-out", {"everywhere": "yes"})
    for _ in range(throttle.BY_NAME_AND_ADDRESS.free):
        other_browser.sign_in(password="wrong horse battery")
    # The browser in which the password was changed is known again.
    assert browser.sign_in(password=password).status_code == (303 if changed else 429)


def test_a_form_from_elsewhere_is_refused(browser: Browser, other_browser: Browser) -> None:
    browser.sign_up()
    before = browser.session
    theirs = form_token(other_browser.get("/account/sign-in").text)
    paths = ("/account/sign-in", "/account/sign-up", "/account/recover", "/account/sign-out")
    for path, token in product(paths, ("", "0" * 64, theirs, "é" * 10)):
        answer = browser.post(path, SIGN_UP | {"name": "Other"}, token=token)
        assert (answer.status_code, alert(answer)) == (403, error("form_expired")), (path, token)
    assert browser.session == before
    assert sessions.find(before)


def test_a_megabyte_of_password_is_refused_in_words(browser: Browser) -> None:
    for path in ("/account/sign-in", "/account/sign-up"):
        answer = browser.post(path, SIGN_UP | {"password": "x" * 1_000_000})
        assert (answer.status_code, alert(answer)) == (413, error("form_too_large"))


@pytest.mark.parametrize(
    ("path", "fields"),
    [("/account/sign-up", SIGN_UP), ("/account/recover", {"name": "Jiwoo", "code": "00000"})],
)
def test_a_form_without_its_passwords_is_answered_in_words(browser: Browser, path: str, fields: dict[str, str]) -> None:
    left = {name: value for name, value in fields.items() if not name.startswith("password")}
    answer = browser.post(path, left)
    assert (answer.status_code, alert(answer)) == (400, error("password_too_short", characters=10))


def test_a_form_without_fields_is_answered_by_a_sentence(browser: Browser) -> None:
    for path in ("/account/sign-in", "/account/sign-up", "/account/recover"):
        answer = browser.post(path, {})
        assert 400 <= answer.status_code < 500, path
        assert alert(answer), path


def test_a_body_that_is_no_form_is_answered_by_a_sentence(browser: Browser) -> None:
    browser.get("/account/sign-in")
    for body in (b"\xff\xfe\x00", b"&" * 1000, b"a=" + b"&b=" * 100, b""):
        answer = browser.ask("POST", "/account/sign-in", content=body)
        assert (answer.status_code, alert(answer)) == (403, error("form_expired")), body[:10]


def test_signing_out_makes_the_old_cookie_worthless(browser: Browser, other_browser: Browser) -> None:
    browser.sign_up()
    stolen = browser.session
    answer = browser.post("/account/sign-out", {})
    assert answer.status_code == 303
    assert browser.session is None
    other_browser.cookies.set("haru_session", stolen)
    assert other_browser.get("/").headers["location"] == "/account/sign-in"


def test_signing_out_here_leaves_other_devices(browser: Browser, other_browser: Browser) -> None:
    browser.sign_up()
    other_browser.sign_in()
    browser.post("/account/sign-out", {})
    assert other_browser.get("/").status_code == 200


def test_signing_out_everywhere(browser: Browser, other_browser: Browser) -> None:
    browser.sign_up()
    other_browser.sign_in()
    browser.post("/account/sign-out", {"everywhere": "yes"})
    assert other_browser.get("/").status_code == 303


def test_asking_to_sign_out_by_a_link_signs_nobody_out(browser: Browser) -> None:
    browser.sign_up()
    assert browser.get("/account/sign-out").status_code == 200
    assert sessions.find(browser.session)


def test_recovering_with_the_code(browser: Browser) -> None:
    browser.sign_up()
    code = accounts.recovery_code(sessions.find(browser.session))
    browser.cookies.clear()
    fields = {"name": "Jiwoo", "password": "staple and a new horse", "password_again": "staple and a new horse"}
    wrong = browser.post("/account/recover", fields | {"code": "00000"})
    assert (wrong.status_code, alert(wrong)) == (401, error("wrong_recovery_code"))
    assert browser.post("/account/recover", fields | {"code": code}).status_code == 303
    assert browser.get("/").status_code == 200


def test_the_log_holds_no_secret(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    browser.sign_up()
    code = accounts.recovery_code(sessions.find(browser.session))
    token = browser.session
    browser.sign_in(password="wrong horse battery")
    browser.post("/account/sign-out", {})
    browser.sign_in()
    file = browser.post("/account/recovery-code", {"save": "yes"})
    assert code in file.text
    for secret in (PASSWORD, "wrong horse battery", code, token):
        assert secret not in caplog.text


def test_help_is_there_for_strangers(browser: Browser) -> None:
    page = browser.get("/account/help", headers={"accept-language": "ko"}).text
    assert page.index(say("ko", "help.someone_near")[:10]) < page.index("109")
    for number in ("109", "1577-0199", "1388", "988"):
        assert number in page
    assert page.index("109") < page.index("988")
    in_english = browser.get("/account/help?lang=en").text
    assert in_english.index("988") < in_english.index("109")


def test_a_year_is_enough_except_in_the_one_that_decides(
    browser: Browser, other_browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "today", lambda _: date(2026, 11, 20))
    assert browser.sign_up(name="Born in 2011", born="2011").status_code == 303
    for year, birthday in (("2012", ""), ("2013", ""), ("2013", "yes"), ("2026", "")):
        answer = other_browser.sign_up(born=year, had_birthday=birthday)
        assert (answer.status_code, alert(answer)) == (403, error("too_young", age=14)), (year, birthday)
    assert f'value="{year}"' in answer.text
    assert other_browser.sign_up(born="２０１２ ", had_birthday="yes").status_code == 303


@pytest.mark.parametrize(
    ("changes", "step", "field"),
    [
        ({"name": "\u200b\u200b"}, 1, "name"),
        ({"password": "short"}, 1, "password"),
        ({"born": "2020"}, 2, "born"),
        ({"allow_diary": ""}, 3, "allow_diary"),
    ],
)
def test_a_refusal_shows_the_step_with_the_wrong_field(
    browser: Browser, changes: dict[str, str], step: int, field: str
) -> None:
    steps = browser.sign_up(**changes).text.split('<fieldset class="step')[1:]
    assert [place for place, text in enumerate(steps, 1) if text.startswith(" now")] == [step]
    assert f'id="{field}"' in steps[step - 1]


def test_the_form_tells_how_long_a_name_may_be(browser: Browser) -> None:
    page = unescape(browser.get("/account/sign-up").text)
    assert f'data-least="{names.NAME_MIN}"' in page
    assert say("en", "error.name_unusable", least=names.NAME_MIN, most=names.NAME_MAX) in page
