"""Tokens of programs: what each opens, what a changed database makes of it, and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from diary import accounts, api_tokens, database, errors, sessions, throttle, vault
from diary.api_tokens import MOODS, NOTES, WRITE, NewToken
from diary.sessions import Session
from diary.vault import Vault
from tests.conftest import PASSWORD


def make(session: Session, *scopes: str, name: str = "a script", days: int = 90, password: str = PASSWORD) -> str:
    return api_tokens.make(session, NewToken(name, scopes, days), password)


def change(column: str, value: object) -> None:
    with database.transaction() as db:
        db.execute(f"update api_tokens set {column} = ?", [value])


def test_only_a_token_for_notes_opens_the_vault(person: Session) -> None:
    sealed = person.vault.seal(b"a secret", "somewhere")
    for scopes in ((WRITE,), (MOODS,), (WRITE, MOODS)):
        token = make(person, *scopes)
        found = api_tokens.find(token)
        assert (found.session.account_id, found.scopes) == (person.account_id, frozenset(scopes))
        with pytest.raises(errors.Unopenable):
            found.session.vault.open(sealed, "somewhere")
        with database.connect() as db:
            row = next(db.query("select * from api_tokens order by rowid desc"))
        assert row["data_key"] is None
        # Nor is it in what the token opens in its row.
        opened = Vault(vault.key_from_api_token(token)).open(
            row["by_token"], f"api token {row['id']} of {person.account_id}"
        )
        assert person.vault._data_key not in opened
        assert person.vault._data_key.hex().encode() not in opened
    assert api_tokens.find(make(person, NOTES)).session.vault.open(sealed, "somewhere") == b"a secret"


def test_notes_include_moods_and_nothing_includes_writing(person: Session) -> None:
    may = {scope: api_tokens.find(make(person, scope)) for scope in api_tokens.SCOPES}
    assert [scope for scope in api_tokens.SCOPES if may[NOTES].may(scope)] == [MOODS, NOTES]
    assert [scope for scope in api_tokens.SCOPES if may[MOODS].may(scope)] == [MOODS]
    assert [scope for scope in api_tokens.SCOPES if may[WRITE].may(scope)] == [WRITE]


def test_the_database_holds_neither_token_nor_name_nor_scopes(person: Session) -> None:
    token = make(person, WRITE, MOODS, name="my telephone")
    stored = b"".join(path.read_bytes() for path in database.folder().glob("haru.db*"))
    for text in (token, token.removeprefix("haru_"), "my telephone", '"moods"', "write"):
        assert text.encode() not in stored, text


def test_a_changed_row_gives_no_token_more(person: Session, stranger: Session) -> None:
    """A thief who can write into the database cannot widen, prolong or move a token."""
    moods, notes = make(person, MOODS), make(person, NOTES)
    with database.connect() as db:
        by_token = {row["token_hash"]: row for row in db.query("select * from api_tokens")}
    rows = {token: by_token[api_tokens._hash(token)] for token in (moods, notes)}
    with database.transaction() as db:
        db.execute(
            "update api_tokens set by_token = ?, data_key = ? where token_hash = ?",
            [rows[notes]["by_token"], rows[notes]["data_key"], rows[moods]["token_hash"]],
        )
    assert api_tokens.find(moods) is None
    with database.transaction() as db:
        db.execute("update api_tokens set account_id = ?", [stranger.account_id])
    assert api_tokens.find(notes) is None


def test_the_expiry_in_the_row_does_not_prolong_a_token(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    token = make(person, MOODS, days=30)
    assert api_tokens.find(token)

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(days=31)

    change("expires_at", "2999-01-01T00:00:00+00:00")
    monkeypatch.setattr(api_tokens, "datetime", Later)
    assert api_tokens.find(token) is None


def test_making_one_asks_for_the_password(person: Session) -> None:
    with pytest.raises(errors.WrongPassword):
        make(person, MOODS, password="wrong horse battery")
    assert api_tokens.every(person) == []
    for _ in range(throttle.BY_SESSION.free - 1):
        with pytest.raises(errors.WrongPassword):
            make(person, MOODS, password="wrong horse battery")
    with pytest.raises(errors.TooManyTries):
        make(person, MOODS)


@pytest.mark.parametrize(
    ("new", "refused"),
    [
        (NewToken("", [MOODS], 90), errors.TokenNameUnusable),
        (NewToken(" \t", [MOODS], 90), errors.TokenNameUnusable),
        (NewToken("a" * 41, [MOODS], 90), errors.TokenNameUnusable),
        (NewToken("a\u202eb", [MOODS], 90), errors.TokenNameUnusable),
        (NewToken("a", [], 90), errors.TokenWithoutScope),
        (NewToken("a", ["everything"], 90), errors.TokenWithoutScope),
        (NewToken("a", [MOODS], 36500), errors.TokenLastsTooLong),
    ],
)
def test_what_cannot_be_a_token(person: Session, new: NewToken, refused: type[errors.DiaryError]) -> None:
    with pytest.raises(refused):
        api_tokens.make(person, new, PASSWORD)


def test_an_account_has_few_of_them(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_tokens, "TOKENS_MAX", 2)
    make(person, MOODS)
    make(person, MOODS)
    with pytest.raises(errors.TooManyTokens):
        make(person, MOODS)


def test_the_list_says_what_each_may_do_and_when_it_was_used(person: Session, stranger: Session) -> None:
    used = make(person, WRITE, NOTES, name="  telephone ", days=30)
    make(person, MOODS, name="kitchen")
    make(stranger, MOODS)
    api_tokens.find(used)
    newest, oldest = api_tokens.every(person)
    assert (newest.name, newest.scopes, newest.last_used_at) == ("kitchen", (MOODS,), None)
    assert (oldest.name, oldest.scopes) == ("telephone", (WRITE, NOTES))
    now = datetime.now(UTC)
    assert now - oldest.last_used_at < timedelta(minutes=1)
    assert timedelta(days=29) < oldest.expires_at - now < timedelta(days=31)
    assert not oldest.is_over


def test_a_damaged_one_can_still_be_ended(person: Session) -> None:
    make(person, MOODS)
    change("by_owner", b"rubbish")
    (damaged,) = api_tokens.every(person)
    assert (damaged.is_damaged, damaged.name, damaged.scopes) == (True, "", ())
    api_tokens.revoke(person, damaged.id)
    assert api_tokens.every(person) == []


def test_ending_it_is_immediate_also_for_a_request_that_is_running(person: Session) -> None:
    token = make(person, NOTES)
    found = api_tokens.find(token)
    api_tokens.revoke(person, found.id)
    assert api_tokens.find(token) is None
    assert not sessions.is_open(found.session)
    with pytest.raises(errors.SessionEnded), sessions.transaction(found.session):
        pass


def test_nobody_ends_the_token_of_another(person: Session, stranger: Session) -> None:
    token = make(person, MOODS)
    api_tokens.revoke(stranger, api_tokens.find(token).id)
    assert api_tokens.find(token)


def new_password(person: Session) -> None:
    accounts.change_password(person, PASSWORD, "staple and a new horse")


def recovery(person: Session) -> None:
    code = accounts.recovery_code(person)
    accounts.recover("Jiwoo", code or "", "staple and a new horse", address="192.0.2.1")


def sign_out_everywhere(person: Session) -> None:
    sessions.end_all(person.account_id)


@pytest.mark.parametrize("end", [new_password, recovery, sign_out_everywhere, accounts.delete])
def test_what_ends_every_session_ends_every_token(
    person: Session, stranger: Session, end: Callable[[Session], object]
) -> None:
    """Somebody who once had the password must not keep a way in."""
    tokens, other = [make(person, scope) for scope in api_tokens.SCOPES], make(stranger, MOODS)
    end(person)
    assert [api_tokens.find(token) for token in tokens] == [None] * 3
    assert api_tokens.find(other)


def test_signing_out_one_browser_ends_no_token(sign_up: Callable[..., str]) -> None:
    cookie = sign_up()
    token = make(sessions.find(cookie), MOODS)
    sessions.end(cookie)
    assert api_tokens.find(token)


@pytest.mark.parametrize("text", ["", "haru_", "x" * 48, "haru_" + "x" * 43, "haru_" + "é" * 43, "haru_" + "\0" * 43])
def test_other_texts_are_no_token(person: Session, text: str) -> None:
    make(person, MOODS)
    assert api_tokens.find(text) is None


def test_a_session_cookie_is_no_token_and_a_token_no_cookie(sign_up: Callable[..., str]) -> None:
    cookie = sign_up()
    token = make(sessions.find(cookie), NOTES)
    assert api_tokens.find(cookie) is api_tokens.find("haru_" + cookie) is None
    assert sessions.find(token) is sessions.find(token.removeprefix("haru_")) is None
