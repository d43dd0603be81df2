from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from diary import accounts, app_lock, database, entries, errors, known_browsers, passkeys, sessions, throttle, vault
from diary.entries import NewEntry
from diary.sessions import Session
from tests.conftest import PASSWORD

PIN = "2580"
NEW = NewEntry(mood="fear", intensity=3, day=date(2026, 11, 1), timezone="UTC", note="what I wrote")


@pytest.fixture
def token(sign_up) -> str:
    return sign_up()


@pytest.fixture
def session(token: str) -> Session:
    found = sessions.find(token)
    assert found is not None
    return found


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the growing waits: the person waits each time."""
    monkeypatch.setattr(throttle, "count", lambda *tries: "")


def row_of(session: Session) -> dict:
    with database.connect() as db:
        return next(db.query("select * from sessions where token_hash = ?", [session.token_hash]))


def leave_for(session: Session, time: timedelta) -> None:
    with database.transaction() as db:
        moment = database.timestamp(datetime.now(UTC) - time)
        db.execute("update sessions set active_at = ? where token_hash = ?", [moment, session.token_hash])


def test_a_locked_session_is_nobody_until_the_pin(token: str, session: Session) -> None:
    entries.add(session, NEW)
    app_lock.set_pin(session, token, PIN, PASSWORD)
    app_lock.lock(session.token_hash)
    assert sessions.find(token) is None
    locked = app_lock.find(token)
    assert locked
    assert locked.has_pin
    app_lock.unlock_with_pin(token, PIN)
    opened = sessions.find(token)
    assert app_lock.find(token) is None
    assert [entry.note for entry in entries.of_day(opened, NEW.day)] == ["what I wrote"]


def test_a_locked_row_holds_no_key_that_the_cookie_opens(token: str, session: Session) -> None:
    app_lock.set_pin(session, token, PIN, PASSWORD)
    before = row_of(session)["data_key"]
    assert vault.unwrap(before, vault.key_from_token(token), session.account_id)
    app_lock.lock(session.token_hash)
    row = row_of(session)
    assert row["data_key"] == b""
    with_pin = vault.key_from_pin(PIN, row["pin_salt"], token)
    assert vault.unwrap(row["key_by_pin"], with_pin, session.account_id)
    for key in (
        vault.key_from_token(token),
        vault.key_from_password(PIN, row["pin_salt"]),
        vault.key_from_pin(PIN, row["pin_salt"], "another browser's cookie"),
    ):
        with pytest.raises(errors.Unopenable):
            vault.unwrap(row["key_by_pin"], key, session.account_id)


def test_the_password_opens_with_or_without_a_pin(token: str, session: Session) -> None:
    app_lock.lock(session.token_hash)
    with pytest.raises(errors.NoPin):
        app_lock.unlock_with_pin(token, PIN)
    with pytest.raises(errors.WrongPassword):
        app_lock.unlock_with_password(token, "another password")
    assert sessions.find(token) is None
    app_lock.unlock_with_password(token, PASSWORD)
    assert sessions.find(token)


def answered(monkeypatch: pytest.MonkeyPatch, account_id: str, opened: vault.Vault) -> None:
    monkeypatch.setattr(passkeys, "open", lambda answer: passkeys.Opened(account_id, opened))


def test_a_passkey_of_the_account_opens_it(
    token: str, session: Session, stranger: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    app_lock.lock(session.token_hash)
    answered(monkeypatch, stranger.account_id, stranger.vault)
    with pytest.raises(errors.PasskeyUnknown):
        app_lock.unlock_with_passkey(token, lambda: ...)
    assert sessions.find(token) is None
    answered(monkeypatch, session.account_id, session.vault)
    app_lock.unlock_with_passkey(token, lambda: ...)
    assert sessions.find(token)


def test_nothing_is_written_by_a_request_that_was_still_running(session: Session) -> None:
    app_lock.lock(session.token_hash)
    assert not sessions.is_open(session)
    with pytest.raises(errors.SessionLocked):
        entries.add(session, NEW)


def test_wrong_pins_wait_longer_and_longer(token: str, session: Session) -> None:
    app_lock.set_pin(session, token, PIN, PASSWORD)
    app_lock.lock(session.token_hash)
    for left in (9, 8, 7):
        with pytest.raises(errors.WrongPin) as wrong:
            app_lock.unlock_with_pin(token, "1357")
        assert wrong.value.facts == {"left": left}
    with pytest.raises(errors.TooManyTries) as refused:
        app_lock.unlock_with_pin(token, PIN)
    assert refused.value.facts["minutes"] <= 15
    app_lock.unlock_with_password(token, PASSWORD)  # has a throttle of its own
    assert sessions.find(token)


def test_the_tenth_wrong_pin_deletes_the_pin(token: str, session: Session, patient: None) -> None:
    app_lock.set_pin(session, token, PIN, PASSWORD)
    app_lock.lock(session.token_hash)
    for _ in range(app_lock.WRONG_PINS_MAX - 1):
        with pytest.raises(errors.WrongPin):
            app_lock.unlock_with_pin(token, "1357")
    with pytest.raises(errors.NoPin):
        app_lock.unlock_with_pin(token, "1357")
    with pytest.raises(errors.NoPin):
        app_lock.unlock_with_pin(token, PIN)
    assert row_of(session)["key_by_pin"] is None
    app_lock.unlock_with_password(token, PASSWORD)
    assert not app_lock.has_pin(session)


def test_many_guesses_at_once_are_counted_each(token: str, session: Session, patient: None) -> None:
    app_lock.set_pin(session, token, PIN, PASSWORD)
    app_lock.lock(session.token_hash)

    def guess(_: int) -> type:
        try:
            app_lock.unlock_with_pin(token, "1357")
        except errors.DiaryError as error:
            return type(error)
        return str

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(30)))
    assert answers.count(errors.WrongPin) <= app_lock.WRONG_PINS_MAX - 1
    assert set(answers) == {errors.WrongPin, errors.NoPin}


def test_a_right_pin_starts_the_count_again(token: str, session: Session, patient: None) -> None:
    app_lock.set_pin(session, token, PIN, PASSWORD)
    for _ in range(3):
        app_lock.lock(session.token_hash)
        for _ in range(5):
            with pytest.raises(errors.WrongPin):
                app_lock.unlock_with_pin(token, "1357")
        app_lock.unlock_with_pin(token, PIN)


@pytest.mark.parametrize("pin", ["", "12", "123456789012345", "12a4", "secret", "२५८०x"])
def test_a_pin_is_four_to_twelve_digits(token: str, session: Session, pin: str) -> None:
    with pytest.raises(errors.PinUnusable):
        app_lock.set_pin(session, token, pin, PASSWORD)


@pytest.mark.parametrize("pin", ["1234", "0000", "4321", "987654", "0123456789", "1212", "123123", "77777777"])
def test_pins_that_people_try_first_are_refused(token: str, session: Session, pin: str) -> None:
    with pytest.raises(errors.PinTooEasy):
        app_lock.set_pin(session, token, pin, PASSWORD)


@pytest.mark.parametrize("pin", ["2580", "1357", "19 84 7", "２５８０"])
def test_other_pins_are_taken_however_they_are_typed(token: str, session: Session, pin: str) -> None:
    app_lock.set_pin(session, token, pin, PASSWORD)
    app_lock.lock(session.token_hash)
    app_lock.unlock_with_pin(token, pin)


def test_a_pin_is_set_and_removed_only_with_the_password(token: str, session: Session) -> None:
    with pytest.raises(errors.WrongPassword):
        app_lock.set_pin(session, token, PIN, "another password")
    assert not app_lock.has_pin(session)
    app_lock.set_pin(session, token, PIN, PASSWORD)
    with pytest.raises(errors.WrongPassword):
        app_lock.remove_pin(session, "another password")
    assert app_lock.has_pin(session)
    app_lock.remove_pin(session, PASSWORD)
    assert not app_lock.has_pin(session)


def test_a_pin_belongs_to_one_browser(token: str, session: Session) -> None:
    app_lock.set_pin(session, token, PIN, PASSWORD)
    elsewhere = accounts.sign_in("Jiwoo", PASSWORD, address="a")
    other = sessions.find(elsewhere)
    assert not app_lock.has_pin(other)
    app_lock.lock(other.token_hash)
    with pytest.raises(errors.NoPin):
        app_lock.unlock_with_pin(elsewhere, PIN)
    assert sessions.find(token)


def test_never_is_the_default(token: str, session: Session) -> None:
    leave_for(session, timedelta(days=20))
    assert sessions.find(token)
    assert app_lock.lock_idle() == []


@pytest.mark.parametrize("minutes", [1, 5, 15, 30])
def test_an_idle_session_is_locked(token: str, session: Session, minutes: int) -> None:
    app_lock.choose_minutes(session, minutes)
    leave_for(session, timedelta(minutes=minutes))
    assert sessions.find(token)
    assert app_lock.lock_idle() == []
    leave_for(session, timedelta(minutes=minutes, seconds=25))
    assert sessions.find(token) is None, "before the watch has come by, too"
    assert app_lock.lock_idle() == [session.token_hash]
    assert row_of(session)["data_key"] == b""


def test_only_what_the_person_does_counts(token: str, session: Session) -> None:
    app_lock.choose_minutes(session, 1)
    leave_for(session, timedelta(seconds=75))
    for _ in range(3):
        assert sessions.find(token)  # a page that runs by itself
    leave_for(session, timedelta(seconds=85))
    assert sessions.find(token) is None
    leave_for(session, timedelta(seconds=75))
    app_lock.note_activity(sessions.find(token))
    assert datetime.now(UTC) - datetime.fromisoformat(row_of(session)["active_at"]) < timedelta(seconds=10)


def test_a_clock_that_goes_back_locks(token: str, session: Session) -> None:
    app_lock.choose_minutes(session, 30)
    leave_for(session, -timedelta(days=300))
    assert sessions.find(token) is None


def test_choosing_the_time_is_activity(token: str, session: Session) -> None:
    leave_for(session, timedelta(hours=5))
    app_lock.choose_minutes(session, 1)
    assert sessions.find(token)


def test_an_ended_session_is_not_opened(token: str, session: Session) -> None:
    app_lock.set_pin(session, token, PIN, PASSWORD)
    app_lock.lock(session.token_hash)
    sessions.end(token)
    with pytest.raises(errors.SessionEnded):
        app_lock.unlock_with_pin(token, PIN)
    with pytest.raises(errors.SessionEnded):
        app_lock.unlock_with_password(token, PASSWORD)
    assert app_lock.find(token) is None


def test_an_open_session_takes_no_pin(token: str, session: Session) -> None:
    app_lock.set_pin(session, token, PIN, PASSWORD)
    with pytest.raises(errors.SessionEnded):
        app_lock.unlock_with_pin(token, PIN)


def test_a_browser_stays_known_while_it_is_locked(token: str, session: Session) -> None:
    cookie = known_browsers.remember(session, "")
    app_lock.lock(session.token_hash)
    assert known_browsers.find(session.account_id, cookie)
