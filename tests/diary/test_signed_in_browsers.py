from __future__ import annotations

import pytest

from diary import accounts, app_lock, database, errors, known_browsers, sessions, signed_in_browsers
from diary.sessions import Session
from tests.conftest import PASSWORD


@pytest.fixture
def other(person: Session) -> Session:
    """Another browser of the same person."""
    found = sessions.find(accounts.sign_in("Jiwoo", PASSWORD, address="a"))
    assert found is not None
    return found


def test_the_list_names_each_browser_and_no_secret(person: Session, other: Session) -> None:
    signed_in_browsers.describe(person, "firefox", "android")
    signed_in_browsers.describe(other, "safari", "iphone")
    app_lock.lock(other.token_hash)
    this, second = signed_in_browsers.browsers(person)
    assert (this.browser, this.system, this.is_this, this.is_locked) == ("firefox", "android", True, False)
    assert (second.browser, second.system, second.is_this, second.is_locked) == ("safari", "iphone", False, True)
    assert person.token_hash not in str(this)
    assert this.id != second.id


def test_one_ends_and_is_not_known_any_more(person: Session, other: Session) -> None:
    mine, theirs = known_browsers.remember(person, ""), known_browsers.remember(other, "")
    _, second = signed_in_browsers.browsers(person)
    assert signed_in_browsers.end(person, second.id) == other.token_hash
    assert not sessions.is_open(other)
    assert known_browsers.find(person.account_id, theirs) is None
    assert known_browsers.find(person.account_id, mine)
    assert [browser.is_this for browser in signed_in_browsers.browsers(person)] == [True]
    assert signed_in_browsers.end(person, second.id) is None


def test_nobody_ends_a_strangers_browser(person: Session, stranger: Session) -> None:
    (theirs,) = signed_in_browsers.browsers(stranger)
    assert signed_in_browsers.end(person, theirs.id) is None
    assert sessions.is_open(stranger)
    assert len(signed_in_browsers.browsers(person)) == 1


def test_this_browser_is_not_ended_from_the_list(person: Session) -> None:
    (this,) = signed_in_browsers.browsers(person)
    assert signed_in_browsers.end(person, this.id) is None
    assert sessions.is_open(person)


def test_an_ended_browser_ends_none(person: Session, other: Session) -> None:
    (_, second) = signed_in_browsers.browsers(other)
    sessions.end_all(person.account_id)
    with pytest.raises(errors.SessionEnded):
        signed_in_browsers.end(other, second.id)


def test_only_coarse_words_are_stored(person: Session) -> None:
    signed_in_browsers.describe(person, "firefox", "android")
    with database.connect() as db:
        (row,) = db["sessions"].rows
    assert (row["browser"], row["system"]) == ("firefox", "android")
