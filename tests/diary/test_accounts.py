from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from argon2 import PasswordHasher

from diary import accounts, consents, database, entries, errors, names, sessions, throttle, vault
from diary.entries import NewEntry
from diary.sessions import Session
from tests.conftest import PASSWORD

HERE = "192.0.2.1"
NEW = "staple and a new horse"


def noted_code(session: Session) -> str:
    code = accounts.recovery_code(session)
    assert code is not None
    accounts.note_recovery_code(session)
    return code


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("haru.db*"))


def test_the_real_cost_of_a_password() -> None:
    """The suite runs with a cheap Argon2; production must not."""
    assert accounts._hasher.type.name == "ID"
    assert accounts._hasher.memory_cost >= 19 * 1024  # OWASP's least for one pass more
    assert accounts._hasher.time_cost >= 2
    key = vault.key_from_password(PASSWORD, b"0" * 16)
    assert key == vault.key_from_password(PASSWORD, b"0" * 16)
    assert key != vault.key_from_password(PASSWORD, b"1" * 16)


def test_sign_up_then_sign_in(sign_up: Callable[..., str]) -> None:
    first = sessions.find(sign_up("하루", language="ko"))
    second = sessions.find(accounts.sign_in(" 하루 ", PASSWORD, address=HERE))
    assert first.account_id == second.account_id
    assert (second.name, second.language) == ("하루", "ko")


def test_a_password_is_the_same_however_its_hangul_is_composed(sign_up: Callable[..., str]) -> None:
    sign_up(password="비밀번호는 하루하루 다르다")
    decomposed = unicodedata.normalize("NFD", "비밀번호는 하루하루 다르다")
    assert accounts.sign_in("Jiwoo", decomposed, address=HERE)


@pytest.mark.parametrize("name", ["Jiwoo", "JIWOO", " jiwoo ", "Ｊｉｗｏｏ"])
def test_a_name_is_taken_however_it_is_written(sign_up: Callable[..., str], name: str) -> None:
    sign_up("Jiwoo")
    with pytest.raises(errors.NameTaken):
        sign_up(name)


@pytest.mark.parametrize("name", ["", " ", "x", "x" * 41, "a\nb", "a\u202eb", "a\u200bb", "\ud800\ud800", "a\x00b"])
def test_names_nobody_can_read_are_refused(sign_up: Callable[..., str], name: str) -> None:
    with pytest.raises(errors.NameUnusable):
        sign_up(name)


@pytest.mark.parametrize("name", ["'; drop table accounts; --", "<script>alert(1)</script>", "🌙🌙", "김 하루"])
def test_odd_names_are_just_names(sign_up: Callable[..., str], name: str) -> None:
    assert sessions.find(sign_up(name)).name == name
    assert accounts.sign_in(name, PASSWORD, address=HERE)


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("short", errors.PasswordTooShort),
        ("x" * 257, errors.PasswordTooLong),
        ("x" * 1_000_000, errors.PasswordTooLong),
        ("jiwoo the first", errors.PasswordIsName),
        (" Jiwoo the First 2026!", errors.PasswordIsName),
        ("jiwoo the firstjiwoo the first", errors.PasswordIsName),
        ("jiwoo the first password", errors.PasswordTooCommon),
        ("manchester1", errors.PasswordTooCommon),
        ("Password1234!", errors.PasswordTooCommon),
    ],
)
def test_unusable_passwords(sign_up: Callable[..., str], password: str, refusal: type) -> None:
    with pytest.raises(refusal):
        sign_up("Jiwoo the First", password=password)


def test_without_the_one_needed_consent_nothing_is_stored(sign_up: Callable[..., str], data_folder: Path) -> None:
    with pytest.raises(errors.StorageNotAllowed):
        sign_up(allowed=["voice"])
    with database.connect() as db:
        assert db["accounts"].count == 0


@pytest.mark.parametrize(
    ("born", "refusal"),
    [
        (date(2012, 11, 21), errors.TooYoung),
        (date(2026, 11, 20), errors.TooYoung),
        (date(2026, 11, 21), errors.BirthDateUnusable),
        (date(1890, 1, 1), errors.BirthDateUnusable),
    ],
)
def test_too_young_is_refused_to_the_day(sign_up: Callable[..., str], born: date, refusal: type) -> None:
    with pytest.raises(refusal):
        sign_up(born=born)


def test_the_fourteenth_birthday_is_old_enough(sign_up: Callable[..., str], data_folder: Path) -> None:
    assert sign_up(born=date(2012, 11, 20))
    assert b"2012-11-20" not in everything_in(data_folder)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Jiwoo", "wrong horse battery"),
        ("Nobody", PASSWORD),
        ("Jiwoo", "x" * 1_000_000),
        ("\ud800", PASSWORD),
        ("Jiwoo", "\ud800" * 12),
    ],
)
def test_wrong_name_and_wrong_password_are_one_refusal(sign_up: Callable[..., str], name: str, password: str) -> None:
    sign_up()
    with pytest.raises(errors.SignInFailed):
        accounts.sign_in(name, password, address=HERE)


def test_an_unknown_name_is_verified_against_a_dummy(
    sign_up: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    verified = []
    monkeypatch.setattr(accounts, "_verify", lambda password_hash, password: verified.append(password_hash))
    with pytest.raises(errors.SignInFailed):
        accounts.sign_in("Nobody", PASSWORD, address=HERE)
    assert verified == [accounts._UNKNOWN_NAME_HASH]


def test_a_code_is_tried_for_an_unknown_name_too(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the time of the answer would tell who has an account."""
    tried = []
    unwrap = vault.unwrap
    monkeypatch.setattr(vault, "unwrap", lambda *given: (tried.append(given[0]), unwrap(*given))[1])
    noted_code(person)
    for name in ("Jiwoo", "Nobody"):
        with pytest.raises(errors.WrongRecoveryCode):
            accounts.recover(name, "00000", NEW, address=HERE)
    assert len(tried) == 2


def test_an_old_hash_is_renewed_at_sign_in(sign_up: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    sign_up()
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    accounts.sign_in("Jiwoo", PASSWORD, address=HERE)
    with database.connect() as db:
        assert "m=16,t=2" in next(db["accounts"].rows)["password_hash"]
    assert accounts.sign_in("Jiwoo", PASSWORD, address=HERE)


def test_guessing_locks_the_name_and_the_lock_survives(sign_up: Callable[..., str]) -> None:
    sign_up()
    for number in range(throttle.BY_NAME.free):
        with pytest.raises(errors.SignInFailed):
            accounts.sign_in("Jiwoo", "wrong horse battery", address=f"192.0.2.{number}")
    for password in ("wrong horse battery", PASSWORD):  # even the right one has to wait: a guess must learn nothing
        with pytest.raises(errors.TooManyTries):
            accounts.sign_in("Jiwoo", password, address="198.51.100.9")
    with database.connect() as db:  # in the database, not in this process
        assert db["tries"].count_where("locked_until is not null") == 1


def test_guessing_at_the_door_does_not_hold_up_who_is_in(person: Session) -> None:
    for number in range(throttle.BY_NAME.free):
        with pytest.raises(errors.SignInFailed):
            accounts.sign_in("Jiwoo", "wrong horse battery", address=f"198.51.100.{number}")
    with pytest.raises(errors.TooManyTries):
        accounts.sign_in("Jiwoo", PASSWORD, address=HERE)
    accounts.confirm_password(person, PASSWORD)
    assert sessions.find(accounts.change_password(person, PASSWORD, NEW))
    with pytest.raises(errors.TooManyTries):  # a guesser at the sign-in form still has to wait
        accounts.sign_in("Jiwoo", NEW, address="198.51.100.9")


def test_guessing_from_inside_is_slowed_down_in_that_session_only(person: Session) -> None:
    owner = sessions.find(accounts.sign_in("Jiwoo", PASSWORD, address=HERE))
    for _ in range(throttle.BY_SESSION.free):
        with pytest.raises(errors.WrongPassword):
            accounts.confirm_password(person, "wrong horse battery")
    for ask in (accounts.confirm_password, lambda session, old: accounts.change_password(session, old, NEW)):
        with pytest.raises(errors.TooManyTries):
            ask(person, PASSWORD)
    accounts.confirm_password(owner, PASSWORD)
    assert accounts.sign_in("Jiwoo", PASSWORD, address=HERE)


MARKS = "a" + "\u0316\u030b\u0328" * 10_000


@pytest.mark.parametrize(
    "ask",
    [
        lambda _: accounts.sign_in(MARKS, PASSWORD, address=HERE),
        lambda _: accounts.sign_in("Jiwoo", MARKS, address=HERE),
        lambda _: accounts.recover(MARKS, "00000", NEW, address=HERE),
        lambda _: accounts.recover("Jiwoo", "00000", MARKS, address=HERE),
        lambda person: accounts.confirm_password(person, MARKS),
        lambda person: accounts.change_password(person, PASSWORD, MARKS),
        lambda _: accounts.check_password(MARKS, "jiwoo"),
        lambda _: names.tidy(MARKS),
    ],
)
def test_a_form_full_of_accents_freezes_nothing(
    person: Session, ask: Callable[[Session], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Composing takes quadratic time for a long run of them: 30,000 stop every thread for seconds."""
    composed = []

    def normalize(form: str, text: str) -> str:
        composed.append(len(text))
        return unicodedata.normalize(form, text)

    monkeypatch.setattr(accounts, "unicodedata", SimpleNamespace(normalize=normalize))
    with pytest.raises(errors.DiaryError):
        ask(person)
    assert max(composed, default=0) <= 4 * accounts.PASSWORD_MAX


def test_the_longest_password_may_be_typed_decomposed(sign_up: Callable[..., str]) -> None:
    password = ("한글하루일기" * accounts.PASSWORD_MAX)[: accounts.PASSWORD_MAX]
    name = "한" * names.NAME_MAX
    sign_up(unicodedata.normalize("NFD", name), password=unicodedata.normalize("NFD", password))
    assert accounts.sign_in(name, password, address=HERE)


def test_a_sealed_note_needs_the_password_the_code_or_the_cookie(person: Session, data_folder: Path) -> None:
    entries.add(person, NewEntry("sadness", 3, date(2026, 1, 2), "Asia/Seoul", note="a secret line", tags=("hidden",)))
    noted_code(person)
    everything = everything_in(data_folder)
    assert b"a secret line" not in everything
    assert b"hidden" not in everything
    assert PASSWORD.encode() not in everything


def test_the_recovery_code_is_shown_until_noted_then_never(person: Session) -> None:
    code = accounts.recovery_code(person)
    assert accounts.recovery_code(person) == code
    accounts.note_recovery_code(person)
    assert accounts.recovery_code(person) is None


def test_recovery_loses_nothing(person: Session) -> None:
    entries.add(person, NewEntry("happiness", 3, date(2026, 1, 2), "Asia/Seoul", note="kept"))
    typed = noted_code(person).lower().replace("-", " ").replace("0", "o").replace("1", "l")
    recovered = sessions.find(accounts.recover("Jiwoo", typed, NEW, address=HERE))
    assert [entry.note for entry in entries.every(recovered)] == ["kept"]
    with pytest.raises(errors.SignInFailed):
        accounts.sign_in("Jiwoo", PASSWORD, address=HERE)
    assert accounts.sign_in("Jiwoo", NEW, address=HERE)


@pytest.mark.parametrize("code", ["", "00000-00000-00000-00000-00000", "no code at all", "\ud800"])
def test_a_wrong_code_opens_nothing(person: Session, code: str) -> None:
    noted_code(person)
    with pytest.raises(errors.WrongRecoveryCode):
        accounts.recover("Jiwoo", code, NEW, address=HERE)
    assert accounts.sign_in("Jiwoo", PASSWORD, address=HERE)


def test_a_renewed_code_makes_the_old_one_useless(person: Session) -> None:
    old = noted_code(person)
    accounts.renew_recovery_code(person, PASSWORD)
    new = noted_code(person)
    with pytest.raises(errors.WrongRecoveryCode):
        accounts.recover("Jiwoo", old, NEW, address=HERE)
    assert accounts.recover("Jiwoo", new, NEW, address=HERE)


def test_a_new_password_ends_every_session_and_keeps_the_diary(person: Session) -> None:
    elsewhere = accounts.sign_in("Jiwoo", PASSWORD, address=HERE)
    entries.add(person, NewEntry("happiness", 3, date(2026, 1, 2), "Asia/Seoul", note="kept"))
    code = noted_code(person)
    with pytest.raises(errors.WrongPassword):
        accounts.change_password(person, "wrong horse battery", NEW)
    fresh = accounts.change_password(person, PASSWORD, NEW)
    assert sessions.find(elsewhere) is None
    assert [entry.note for entry in entries.every(sessions.find(fresh))] == ["kept"]
    assert accounts.recover("Jiwoo", code, PASSWORD, address=HERE)


def test_deleting_leaves_nothing_in_the_file(person: Session, stranger: Session, data_folder: Path) -> None:
    notes = [f"line number {number} of somebody's life" for number in range(200)]
    for number, note in enumerate(notes):
        entries.add(person, NewEntry("fear", 3, date(2026, 1, 1 + number % 28), "Asia/Seoul", note=note))
    kept = entries.add(stranger, NewEntry("happiness", 3, date(2026, 1, 2), "Asia/Seoul", note="still here"))
    consents.set_given(person, "voice", True)
    noted_code(person)
    before = everything_in(data_folder)
    assert person.account_id.encode() in before
    assert b"Jiwoo" not in before

    accounts.delete(person)

    after = everything_in(data_folder)
    for trace in (person.account_id, "Jiwoo", "jiwoo", person.token_hash):
        assert trace.encode() not in after
    with database.connect() as db:
        for table in ("entries", "sessions", "consents", "accounts"):
            column = "id" if table == "accounts" else "account_id"
            assert db[table].count_where(f"{column} = ?", [person.account_id]) == 0
    assert entries.get(stranger, kept).note == "still here"


def test_what_a_deleted_person_had_open_is_closed(person: Session) -> None:
    accounts.delete(person)
    for ask in (accounts.recovery_code, lambda session: accounts.confirm_password(session, PASSWORD)):
        with pytest.raises(errors.SessionEnded):
            ask(person)
