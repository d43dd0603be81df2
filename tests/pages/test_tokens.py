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


def test_what_cannot_be_taken_in_is_said(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    add(token_of(there.session, "write"))
    with database.transaction() as db:
        db.execute("update inbox set sealed = ?", [b"rubbish"])
    there.app.run()
    there.expect_calm()
    assert there.t("token.left", count=1) in [warning.value for warning in there.app.warning]
