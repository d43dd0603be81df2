from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from diary import accounts, database, errors, known_browsers, sessions, throttle
from diary.sessions import Session
from tests.conftest import PASSWORD

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.9"
NEW = "staple and a new horse"


def guess(times: int = 1, *, browser: str = "", address: str = ELSEWHERE, name: str = "Jiwoo") -> None:
    for _ in range(times):
        with pytest.raises(errors.SignInFailed):
            accounts.sign_in(name, "wrong horse battery", address=address, browser=browser)


def guessed_at_by_strangers() -> None:
    for number in range(throttle.BY_NAME.free):
        guess(address=f"203.0.113.{number}")


def test_a_known_browser_passes_while_strangers_guess(person: Session) -> None:
    cookie = known_browsers.remember(person, "")
    guessed_at_by_strangers()
    with pytest.raises(errors.TooManyGuesses):
        accounts.sign_in("Jiwoo", PASSWORD, address=HERE)
    assert accounts.sign_in("Jiwoo", PASSWORD, address=HERE, browser=cookie)
    with pytest.raises(errors.TooManyGuesses):  # which helps no stranger
        accounts.sign_in("Jiwoo", PASSWORD, address=HERE)


def test_it_passes_where_strangers_use_up_its_address(person: Session) -> None:
    cookie = known_browsers.remember(person, "")
    for number in range(throttle.BY_ADDRESS.free):
        guess(name=f"nobody {number}", address=HERE)
    with pytest.raises(errors.TooManyGuesses):
        accounts.sign_in("Jiwoo", PASSWORD, address=HERE)
    assert accounts.sign_in("Jiwoo", PASSWORD, address=HERE, browser=cookie)


def test_it_recovers_while_strangers_guess_codes(person: Session) -> None:
    cookie, code = known_browsers.remember(person, ""), accounts.recovery_code(person)
    assert code is not None
    for number in range(throttle.RECOVERY_BY_NAME.free):
        with pytest.raises(errors.WrongRecoveryCode):
            accounts.recover("Jiwoo", "00000", NEW, address=f"203.0.113.{number}")
    with pytest.raises(errors.TooManyGuesses):
        accounts.recover("Jiwoo", code, NEW, address=HERE)
    assert accounts.recover("Jiwoo", code, NEW, address=HERE, browser=cookie)


def test_it_has_a_throttle_of_its_own(person: Session) -> None:
    cookie = known_browsers.remember(person, "")
    guess(throttle.BY_BROWSER.free, browser=cookie)
    with pytest.raises(errors.TooManyTries):
        accounts.sign_in("Jiwoo", PASSWORD, address=HERE, browser=cookie)
    assert accounts.sign_in("Jiwoo", PASSWORD, address=HERE)  # it locks no other browser out


def test_it_is_known_to_one_account_only(person: Session, stranger: Session) -> None:
    theirs = known_browsers.remember(stranger, "")
    guessed_at_by_strangers()
    with pytest.raises(errors.TooManyGuesses):
        accounts.sign_in("Jiwoo", PASSWORD, address=HERE, browser=theirs)


def test_people_who_share_a_browser_are_all_known(person: Session, stranger: Session) -> None:
    cookie = known_browsers.remember(stranger, known_browsers.remember(person, ""))
    assert known_browsers.remember(person, cookie) == cookie
    assert known_browsers.find(person.account_id, cookie) != known_browsers.find(stranger.account_id, cookie)
    assert known_browsers.find(stranger.account_id, cookie) is not None


def test_the_cookie_does_not_grow(sign_up: Callable[..., str]) -> None:
    people = [sessions.find(sign_up(f"Person {number}")) for number in range(6)]
    cookie = "what.somebody.else.put.there" * 40
    for each in people:
        assert each is not None
        cookie = known_browsers.remember(each, cookie)
    assert cookie.count(".") == known_browsers.ACCOUNTS_MAX - 1
    assert len(cookie) < 200


def test_a_token_that_somebody_put_there_is_never_known(person: Session) -> None:
    planted = "A" * 43
    cookie = known_browsers.remember(person, planted)
    assert planted not in cookie
    assert known_browsers.find(person.account_id, planted) is None


@pytest.mark.parametrize("cookie", ["", ".", "x" * 10_000, "." * 10_000, "é\ud800.\x00", "'; drop table sessions"])
def test_rubbish_is_no_known_browser(person: Session, cookie: str) -> None:
    assert known_browsers.find(person.account_id, cookie) is None


def change_password(session: Session) -> object:
    return accounts.change_password(session, PASSWORD, NEW)


def recover(session: Session) -> object:
    code = accounts.recovery_code(session)
    assert code is not None
    return accounts.recover("Jiwoo", code, NEW, address=HERE)


@pytest.mark.parametrize("end", [change_password, recover, lambda session: sessions.end_all(session.account_id)])
def test_it_ends_with_the_accounts_sessions(person: Session, end: Callable[[Session], object]) -> None:
    cookie = known_browsers.remember(person, "")
    end(person)
    assert known_browsers.find(person.account_id, cookie) is None


def test_signing_out_here_forgets_no_browser(person: Session, sign_up: Callable[..., str]) -> None:
    token = accounts.sign_in("Jiwoo", PASSWORD, address=HERE)
    cookie = known_browsers.remember(person, "")
    sessions.end(token)
    assert known_browsers.find(person.account_id, cookie)


def test_without_a_sign_in_for_a_year_it_is_forgotten(person: Session) -> None:
    cookie = known_browsers.remember(person, "")
    long_ago = database.timestamp(datetime.now(UTC) - known_browsers.LIFETIME - timedelta(minutes=1))
    with database.transaction() as db:
        db.execute("update known_browsers set used_at = ?", [long_ago])
    assert known_browsers.find(person.account_id, cookie) is None
    known_browsers.remember(person, "")
    with database.connect() as db:
        assert db["known_browsers"].count == 1


def test_the_database_has_only_the_hash_and_a_deleted_account_none(person: Session, data_folder: Path) -> None:
    cookie = known_browsers.remember(person, "")
    assert cookie.encode() not in b"".join(file.read_bytes() for file in data_folder.glob("haru.db*"))
    accounts.delete(person)
    with database.connect() as db:
        assert db["known_browsers"].count == 0
