from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from diary import accounts, database, errors, known_browsers, passkeys, second_factor, sessions, throttle
from diary.second_factor import CodeNeeded
from diary.sessions import Session
from tests.conftest import PASSWORD

NOW = 1_790_000_010.0
NEW_PASSWORD = "another good sentence"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(second_factor.time, "time", made.time)
    return made


class App:
    """An authenticator app with the secret of one account, and that account's backup codes."""

    def __init__(self, session: Session, clock: Clock) -> None:
        setup = second_factor.begin(session)
        self._totp, self._clock = pyotp.parse_uri(setup.address), clock
        self.backup = second_factor.switch_on(session, setup, self.code())
        clock.now += 30

    def code(self, seconds: float = 0) -> str:
        assert isinstance(self._totp, pyotp.TOTP)
        return self._totp.at(self._clock.now + seconds)


@pytest.fixture
def app(person: Session, clock: Clock) -> App:
    return App(person, clock)


def pending(browser: str = "") -> str:
    needed = accounts.sign_in("Jiwoo", PASSWORD, address="192.0.2.1", browser=browser)
    assert isinstance(needed, CodeNeeded)
    return needed.token


def test_a_code_is_asked_for_after_the_password(person: Session, app: App) -> None:
    sealed = person.vault.seal(b"a note", "an entry")
    token = pending()
    assert sessions.find(token) is None
    session = sessions.find(second_factor.complete(token, app.code()))
    assert session is not None
    assert session.vault.open(sealed, "an entry") == b"a note"


def test_without_it_the_password_is_enough(person: Session) -> None:
    assert isinstance(accounts.sign_in("Jiwoo", PASSWORD, address="192.0.2.1"), str)
    assert second_factor.state(person) is None


def test_a_wrong_password_is_not_told_from_a_right_one_by_the_code(person: Session, app: App) -> None:
    with pytest.raises(errors.SignInFailed):
        accounts.sign_in("Jiwoo", "not my password", address="192.0.2.1")


def test_a_code_counts_once(app: App) -> None:
    code = app.code()
    second_factor.complete(pending(), code)
    with pytest.raises(errors.WrongCode):
        second_factor.complete(pending(), code)


def test_the_first_code_counts_once_too(person: Session, clock: Clock) -> None:
    app = App(person, clock)
    clock.now -= 30
    with pytest.raises(errors.WrongCode):
        second_factor.complete(pending(), app.code())


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_the_clock_of_a_phone_may_be_off_a_little(app: App, clock: Clock, seconds: int) -> None:
    clock.now += 60
    second_factor.complete(pending(), app.code(seconds))


@pytest.mark.parametrize("seconds", [-60, 60])
def test_but_not_more(app: App, clock: Clock, seconds: int) -> None:
    clock.now += 120
    with pytest.raises(errors.WrongCode):
        second_factor.complete(pending(), app.code(seconds))


def test_an_older_code_does_not_count_after_a_newer_one(app: App, clock: Clock) -> None:
    clock.now += 60
    second_factor.complete(pending(), app.code(30))
    with pytest.raises(errors.WrongCode):
        second_factor.complete(pending(), app.code(0))


def test_a_backup_code_counts_once(person: Session, app: App) -> None:
    assert len(set(app.backup)) == second_factor.BACKUP_CODES
    second_factor.complete(pending(), f" {app.backup[3].lower().replace('-', ' ')} ")
    with pytest.raises(errors.WrongCode):
        second_factor.complete(pending(), app.backup[3])
    state = second_factor.state(person)
    assert state is not None
    assert state.backup_codes_left == second_factor.BACKUP_CODES - 1


def test_new_backup_codes_replace_the_old_ones(person: Session, app: App) -> None:
    new = second_factor.renew_backup_codes(person)
    with pytest.raises(errors.WrongCode):
        second_factor.complete(pending(), app.backup[0])
    assert second_factor.complete(pending(), new[0])


@pytest.mark.parametrize("code", ["", "12345", "1234567", "가" * 6, "١٢٣٤٥٦", "a" * 100_000, "\ud800" * 6])
def test_what_is_no_code_is_wrong(app: App, code: str) -> None:
    with pytest.raises(errors.WrongCode):
        second_factor.complete(pending(), code)


def test_full_width_digits_of_a_korean_keyboard_count(app: App) -> None:
    code = app.code().translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    assert second_factor.complete(pending(), f"{code[:3]} {code[3:]}")


def test_a_pending_sign_in_lasts_five_minutes_and_once(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    token = pending()
    second_factor.complete(token, app.code())
    assert not second_factor.is_pending(token)
    with pytest.raises(errors.SignInTooOld):
        second_factor.complete(token, app.backup[0])
    old = pending()
    later = database.timestamp(datetime.now(UTC) + second_factor.PENDING_LIFETIME + timedelta(seconds=1))
    monkeypatch.setattr(database, "now", lambda: later)
    with pytest.raises(errors.SignInTooOld):
        second_factor.complete(old, app.backup[0])


@pytest.mark.parametrize("token", ["", "x", "가" * 43])
def test_a_made_up_token_is_nothing(person: Session, app: App, token: str) -> None:
    with pytest.raises(errors.SignInTooOld):
        second_factor.complete(token, app.code())


def test_a_new_password_ends_what_the_old_one_began(person: Session, app: App) -> None:
    token = pending()
    accounts.change_password(person, PASSWORD, NEW_PASSWORD)
    with pytest.raises(errors.SignInTooOld):
        second_factor.complete(token, app.code())


def test_guesses_wait_longer_and_longer(person: Session, app: App) -> None:
    token = pending()
    for _ in range(throttle.CODES_BY_ACCOUNT.free):
        with pytest.raises(errors.WrongCode):
            second_factor.complete(token, "000000")
    with pytest.raises(errors.TooManyTries) as refused:
        second_factor.complete(token, app.code())
    assert refused.value.facts["minutes"] <= throttle.LONGEST_WAIT / timedelta(minutes=1)


def test_a_thief_of_the_password_keeps_no_known_browser_out(person: Session, app: App) -> None:
    cookie = known_browsers.remember(person, "")
    token = pending()
    for _ in range(throttle.CODES_BY_ACCOUNT.free):
        with pytest.raises(errors.WrongCode):
            second_factor.complete(token, "000000")
    assert second_factor.complete(pending(cookie), app.code(), browser=cookie)


def test_switching_on_needs_the_first_code(person: Session, clock: Clock) -> None:
    setup = second_factor.begin(person)
    with pytest.raises(errors.WrongCode):
        second_factor.switch_on(person, setup, "000000")
    assert second_factor.state(person) is None
    assert isinstance(accounts.sign_in("Jiwoo", PASSWORD, address="192.0.2.1"), str)


def test_a_setup_is_of_one_person_and_not_for_ever(person: Session, stranger: Session, clock: Clock) -> None:
    setup = second_factor.begin(person)
    assert second_factor.opened_setup(person, setup.sealed) == setup
    for session, sealed in ((stranger, setup.sealed), (person, "x"), (person, ""), (person, "가")):
        with pytest.raises(errors.SetupTooOld):
            second_factor.opened_setup(session, sealed)
    clock.now += 16 * 60
    with pytest.raises(errors.SetupTooOld):
        second_factor.opened_setup(person, setup.sealed)


def test_the_database_holds_no_secret(person: Session, clock: Clock) -> None:
    setup = second_factor.begin(person)
    codes = second_factor.switch_on(person, setup, pyotp.TOTP(setup.secret).at(clock.now))
    token = pending()
    content = database.path().read_bytes()
    for secret in (setup.secret, token, *codes, *(code.replace("-", "") for code in codes)):
        assert secret.encode() not in content
        assert secret not in repr(setup)


def test_the_recovery_code_asks_for_no_code_and_switches_it_off(person: Session, app: App) -> None:
    code = accounts.recovery_code(person)
    assert code is not None
    assert sessions.find(accounts.recover("Jiwoo", code, NEW_PASSWORD, address="192.0.2.1")) is not None
    assert isinstance(accounts.sign_in("Jiwoo", NEW_PASSWORD, address="192.0.2.1"), str)
    assert second_factor.state(person) is None


def test_switched_off_nothing_is_left(person: Session, app: App) -> None:
    second_factor.switch_off(person)
    with database.connect() as db:
        assert [db[table].count for table in ("second_factors", "backup_codes", "pending_sign_ins")] == [0, 0, 0]
    with pytest.raises(errors.SecondFactorOff):
        second_factor.renew_backup_codes(person)


def test_switched_off_meanwhile_the_password_is_enough(person: Session, app: App) -> None:
    token = pending()
    with database.transaction() as db:
        db.execute("delete from second_factors")
    assert second_factor.complete(token, "")


def test_a_damaged_secret_leaves_the_backup_codes(app: App) -> None:
    with database.transaction() as db:
        db.execute("update second_factors set sealed = x'00'")
    with pytest.raises(errors.WrongCode):
        second_factor.complete(pending(), app.code())
    assert second_factor.complete(pending(), app.backup[0])


def test_it_is_gone_with_the_account(person: Session, app: App) -> None:
    pending()
    accounts.delete(person)
    with database.connect() as db:
        assert [db[table].count for table in ("second_factors", "backup_codes", "pending_sign_ins")] == [0, 0, 0]


def test_two_people_have_two_secrets(person: Session, sign_up: Callable[..., str], app: App, clock: Clock) -> None:
    other = sessions.find(sign_up("Somebody else"))
    assert other is not None
    others = App(other, clock)
    with pytest.raises(errors.WrongCode):
        second_factor.complete(pending(), others.code())
    with pytest.raises(errors.WrongCode):
        second_factor.complete(pending(), others.backup[0])


def test_a_passkey_asks_for_no_code(person: Session, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = passkeys.Opened(person.account_id, person.vault)
    monkeypatch.setattr(passkeys, "open", lambda answer: opened)
    assert sessions.find(passkeys.sign_in(lambda: None, "192.0.2.1")) is not None  # type: ignore[arg-type]
