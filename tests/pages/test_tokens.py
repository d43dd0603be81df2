"""Settings: the tokens of a person's programs. Opening the diary takes in what those without the key kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from diary import api_tokens, database, entries, inbox
from diary.api_tokens import ApiToken, NewToken
from diary.entries import NewEntry
from diary.sessions import Session
from tests.conftest import PASSWORD
from tests.pages.conftest import Visit

PAGE = "pages/settings.py"


def token_of(session: Session, *scopes: str, name: str = "a *shortcut*") -> ApiToken:
    found = api_tokens.find(api_tokens.make(session, NewToken(name, scopes, 90), PASSWORD))
    assert found is not None
    return found


def add(token: ApiToken) -> None:
    new = NewEntry("happiness", 3, date(2026, 11, 20), "Asia/Seoul", note="from the telephone")
    assert token.inbox_key is not None
    inbox.add(token.session, new, token.inbox_key)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_token_is_listed_and_ended_by_one_press(visit: Callable[..., Visit], language: str) -> None:
    there = visit(PAGE, language)
    token = token_of(there.session, "write", "moods")
    other = token_of(there.session, "notes")
    there.app.run()
    there.expect_calm()
    assert there.says(there.t("token.scope_notes"))
    there.app.button(key=f"end_token_{token.id}").click().run()
    there.expect_calm()
    assert there.notice == there.t("token.ended")
    assert [listed.id for listed in api_tokens.every(there.session)] == [other.id]


def test_opening_any_page_takes_in_what_waits(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    add(token_of(there.session, "write"))
    there.app.run()
    there.expect_calm()
    assert inbox.count(there.session.account_id) == 0
    assert [entry.note for entry in entries.every(there.session)] == ["from the telephone"]


def warnings(there: Visit) -> list[str]:
    return [warning.value for warning in there.app.warning]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_cannot_be_opened_is_said_and_may_be_deleted(visit: Callable[..., Visit], language: str) -> None:
    there = visit(PAGE, language)
    add(token_of(there.session, "write"))
    with database.transaction() as db:
        db.execute("update inbox set sealed = ?", [b"rubbish"])
    there.app.run()
    there.expect_calm()
    (said,) = warnings(there)
    assert "2026" in said
    assert said.startswith(there.t("token.unopenable", count=1, days="-").partition("-")[0])
    there.press_key("delete_unopenable")
    there.expect_calm()
    assert there.notice == there.t("token.unopenable_deleted")
    assert (inbox.count(there.session.account_id), warnings(there)) == (0, [])
    there.press("undo.button")
    there.expect_calm()
    assert warnings(there) == [said]


def test_what_has_no_place_yet_is_said_and_not_deleted(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = visit(PAGE)
    entries.add(there.session, NewEntry("neutral", 3, date(2026, 11, 19), "Asia/Seoul"))
    add(token_of(there.session, "write"))
    monkeypatch.setenv("HARU_ACCOUNT_ENTRIES", "1")
    there.app.run()
    there.expect_calm()
    assert warnings(there) == [there.t("token.waits", count=1)]
    assert not [button for button in there.app.button if button.key == "delete_unopenable"]
