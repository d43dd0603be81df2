from __future__ import annotations

import pytest

from diary import drafts, sessions
from tests.web.conftest import Browser
from web import left_note

HERE = {"origin": "http://localhost"}


@pytest.fixture
def signed_in(browser: Browser) -> Browser:
    browser.sign_up()
    return browser


def send(browser: Browser, note: object = "half a thought", headers: dict[str, str] = HERE) -> int:
    session = sessions.find(browser.session)
    form = f"new_{drafts.new_id(session)}" if session else "new_"
    answer = browser.ask("POST", left_note.PATH, json={"form": form, "note": note, "base": ""}, headers=headers)
    return answer.status_code


def saved(browser: Browser) -> object:
    draft = drafts.load(sessions.find(browser.session))
    return draft and draft.content["fields"]["note"]


def test_a_note_that_a_page_of_haru_left_is_a_draft(signed_in: Browser) -> None:
    assert send(signed_in) == 204
    assert saved(signed_in) == "half a thought"
    assert send(signed_in, "by a browser that says so", {"sec-fetch-site": "same-origin"}) == 204


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "https://example.org"}, {"origin": "null"}, HERE | {"sec-fetch-site": "cross-site"}]
)
def test_no_other_page_can_write_one(signed_in: Browser, headers: dict[str, str]) -> None:
    assert send(signed_in, headers=headers) == 403
    assert saved(signed_in) is None


def test_without_a_session_nothing_is_written(browser: Browser) -> None:
    assert send(browser) == 401


def test_what_is_no_note_is_refused(signed_in: Browser) -> None:
    for body in (b"", b"\xff", b"[" * 50_000, b"[]", b"1", b"{}", b'{"form": 1, "note": "x"}'):
        assert signed_in.ask("POST", left_note.PATH, content=body, headers=HERE).status_code == 400, body
    assert send(signed_in, ["x"]) == 400
    assert send(signed_in, "x" * 70_000) == 413
    assert saved(signed_in) is None


def test_a_form_of_nobody_is_answered_without_writing(signed_in: Browser) -> None:
    body = {"form": "new_" + "0" * 32, "note": "x", "base": None}
    assert signed_in.ask("POST", left_note.PATH, json=body, headers=HERE).status_code == 409
