from __future__ import annotations

import json
from dataclasses import replace

import pytest

from diary import accounts, database, errors, passkeys, sessions, throttle, vault
from diary.passkeys import Answer, Site
from diary.sessions import Session
from tests.authenticator import Authenticator
from tests.conftest import PASSWORD

HERE = Site("localhost", "http://localhost")
CHALLENGE = b"c" * 32
ADDRESS = "192.0.2.7"


def added(session: Session, device: Authenticator, name: str = "My phone") -> None:
    options = passkeys.options_to_add(session, HERE, CHALLENGE)
    credential, secret = device.make(options)
    handle = json.loads(options)["user"]["id"]
    passkeys.add(session, Answer(HERE, CHALLENGE, credential, secret), name, handle)


def used(device: Authenticator, site: Site = HERE, challenge: bytes = CHALLENGE) -> Answer:
    credential, secret = device.use(passkeys.options_to_open(site, challenge))
    return Answer(site, challenge, credential, secret)


@pytest.fixture
def device(person: Session) -> Authenticator:
    made = Authenticator(count=1)
    added(person, made)
    return made


def test_a_passkey_opens_the_diary(person: Session, device: Authenticator) -> None:
    sealed = person.vault.seal(b"a note", "an entry")
    session = sessions.find(passkeys.sign_in(lambda: used(device), ADDRESS))
    assert session is not None
    assert session.account_id == person.account_id
    assert session.vault.open(sealed, "an entry") == b"a note"


def test_the_database_alone_opens_nothing(person: Session, device: Authenticator) -> None:
    answer = used(device)
    with database.connect() as db:
        (row,) = db.query("select * from passkeys")
    for key in (row["salt"], row["user_handle"], row["public_key"][-32:], row["credential_id"], bytes(32)):
        with pytest.raises(errors.Unopenable):
            vault.unwrap(row["data_key"], key, person.account_id)
    assert b"My phone" not in database.path().read_bytes()
    assert answer.secret.encode() not in database.path().read_bytes()
    # The row says neither who it is for an authenticator, nor is the handle the account's id.
    assert person.account_id.encode() not in row["user_handle"]
    assert "secret" not in repr(answer)


def test_the_secret_of_another_passkey_opens_nothing(person: Session, device: Authenticator) -> None:
    other = Authenticator()
    added(person, other)
    with pytest.raises(errors.PasskeyDoesNotOpen):
        passkeys.open(replace(used(device), secret=used(other).secret))


def test_without_prf_nothing_is_stored(person: Session) -> None:
    with pytest.raises(errors.PasskeyWithoutSecret):
        added(person, Authenticator(has_prf=False))
    assert passkeys.count(person.account_id) == 0


def test_a_browser_that_passes_on_no_secret_is_told_so(device: Authenticator) -> None:
    device.has_prf = False
    with pytest.raises(errors.PasskeyGaveNoSecret):
        passkeys.open(used(device))


def test_whoever_was_not_verified_is_refused(person: Session, device: Authenticator) -> None:
    device.is_verified = False
    with pytest.raises(errors.PasskeyRefused):
        passkeys.open(used(device))
    with pytest.raises(errors.PasskeyRefused):
        added(person, Authenticator(is_verified=False))


@pytest.mark.parametrize("origin", ["https://localhost", "http://localhost:9000", "http://evil.example"])
def test_an_answer_given_to_another_page_is_refused(person: Session, device: Authenticator, origin: str) -> None:
    device.origin = origin
    with pytest.raises(errors.PasskeyRefused):
        passkeys.open(used(device))
    with pytest.raises(errors.PasskeyRefused):
        added(person, Authenticator(origin=origin))


def test_a_passkey_works_at_its_own_host_only(device: Authenticator) -> None:
    elsewhere = Site("other.example", "https://other.example")
    device.origin = elsewhere.origin
    with pytest.raises(errors.PasskeyUnknown):
        passkeys.open(used(device, elsewhere))


def test_another_challenge_is_refused(device: Authenticator) -> None:
    with pytest.raises(errors.PasskeyRefused):
        passkeys.open(replace(used(device), challenge=b"d" * 32))


def test_a_signature_of_another_key_is_refused(device: Authenticator) -> None:
    thief = Authenticator(credential_id=device.credential_id, user_handle=device.user_handle, prf_key=device.prf_key)
    with pytest.raises(errors.PasskeyRefused):
        passkeys.open(used(thief))


def test_another_persons_handle_is_refused(device: Authenticator) -> None:
    device.user_handle = "x" * 43
    with pytest.raises(errors.PasskeyRefused):
        passkeys.open(used(device))


def test_the_counter_must_grow(device: Authenticator) -> None:
    passkeys.open(used(device))
    device.count -= 1  # its copy has been used as often as it
    with pytest.raises(errors.PasskeyCopied):
        passkeys.open(used(device))
    passkeys.open(used(device))
    device.count = 0  # a copy that does not count
    with pytest.raises(errors.PasskeyCopied):
        passkeys.open(used(device))


def test_many_authenticators_do_not_count(person: Session) -> None:
    device = Authenticator()
    added(person, device)
    for _ in range(2):
        assert passkeys.open(used(device)).account_id == person.account_id


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "null", "x", '{"id": 1}', "[" * 5000, '{"id":"a","rawId":"b","type":"public-key"}']
)
def test_what_no_browser_sends_is_refused(person: Session, credential: str) -> None:
    answer = Answer(HERE, CHALLENGE, credential, "A" * 43)
    with pytest.raises(errors.PasskeyRefused):
        passkeys.open(answer)
    with pytest.raises(errors.PasskeyRefused):
        passkeys.add(person, answer, "x", "A" * 43)


@pytest.mark.parametrize("secret", ["A", "A" * 42, "가", "A" * 44])
def test_a_secret_of_another_length_is_refused(person: Session, device: Authenticator, secret: str) -> None:
    with pytest.raises(errors.PasskeyRefused):
        passkeys.open(replace(used(device), secret=secret))


def test_passkeys_are_listed_renamed_and_removed(person: Session, device: Authenticator) -> None:
    added(person, Authenticator(), "A key in the drawer")
    phone, drawer = passkeys.listed(person)
    assert (phone.name, phone.host, phone.used_at) == ("My phone", "localhost", None)
    passkeys.open(used(device))
    assert passkeys.listed(person)[0].used_at is not None
    passkeys.rename(person, phone.id, "  Old phone ")
    passkeys.remove(person, drawer.id)
    assert [key.name for key in passkeys.listed(person)] == ["Old phone"]
    passkeys.remove(person, phone.id)
    with pytest.raises(errors.PasskeyUnknown):
        passkeys.open(used(device))


def test_nobody_touches_another_persons_passkeys(person: Session, stranger: Session, device: Authenticator) -> None:
    (phone,) = passkeys.listed(person)
    assert passkeys.listed(stranger) == []
    for act in (lambda: passkeys.rename(stranger, phone.id, "mine"), lambda: passkeys.remove(stranger, phone.id)):
        with pytest.raises(errors.PasskeyNotFound):
            act()
    with pytest.raises(errors.PasskeyKnown):
        added(stranger, device)
    assert [key.name for key in passkeys.listed(person)] == ["My phone"]


@pytest.mark.parametrize("name", ["", "  ", "a" * 41, "a\u202eb", "a\nb"])
def test_a_name_must_be_visible(person: Session, name: str) -> None:
    with pytest.raises(errors.PasskeyNameUnusable):
        added(person, Authenticator(), name)


def test_all_passkeys_of_an_account_have_one_handle(person: Session, stranger: Session, device: Authenticator) -> None:
    other = Authenticator()
    added(person, other)
    assert other.user_handle == device.user_handle
    options = json.loads(passkeys.options_to_add(person, HERE, CHALLENGE))
    assert len(options["excludeCredentials"]) == 2
    added(stranger, other_persons := Authenticator())
    assert other_persons.user_handle != device.user_handle


def test_there_is_a_most(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkeys, "MOST", 1)
    added(person, Authenticator())
    with pytest.raises(errors.TooManyPasskeys):
        added(person, Authenticator())


def test_a_new_password_and_signing_out_everywhere_leave_it(person: Session, device: Authenticator) -> None:
    accounts.change_password(person, PASSWORD, "another good sentence")
    sessions.end_all(person.account_id)
    assert passkeys.open(used(device)).account_id == person.account_id


def test_it_ends_with_the_account(person: Session, device: Authenticator) -> None:
    accounts.delete(person)
    with database.connect() as db:
        assert db["passkeys"].count == 0
    with pytest.raises(errors.PasskeyUnknown):
        passkeys.open(used(device))


def test_wrong_passkeys_are_throttled_by_address(device: Authenticator) -> None:
    def refused() -> Answer:
        raise errors.PasskeyRefused()

    for _ in range(throttle.PASSKEYS_BY_ADDRESS.free):
        with pytest.raises(errors.PasskeyRefused):
            passkeys.sign_in(refused, ADDRESS)
    with pytest.raises(errors.TooManyTries):
        passkeys.sign_in(lambda: used(device), ADDRESS)
    assert passkeys.sign_in(lambda: used(device), "192.0.2.8")


def test_a_damaged_name_hides_no_passkey(person: Session, device: Authenticator) -> None:
    with database.transaction() as db:
        db.execute("update passkeys set sealed = x'00'")
    assert [key.name for key in passkeys.listed(person)] == [""]


def test_a_damaged_key_is_said(device: Authenticator) -> None:
    with database.transaction() as db:
        db.execute("update passkeys set data_key = x'01'")
    with pytest.raises(errors.PasskeyDoesNotOpen):
        passkeys.open(used(device))
