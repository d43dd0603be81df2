"""Two people, and what one of them lets the other see: nothing else, and nothing afterwards."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest

from diary import account_locks, accounts, database, days, entries, errors, sessions, trusted
from diary.entries import NewEntry
from diary.sessions import Session
from diary.transfer import export
from reminders import trusted_mail
from tests.conftest import PASSWORD

ZONE = "Asia/Seoul"
SECRET = "what nobody else may read"


@pytest.fixture
def third(sign_up) -> Session:
    found = sessions.find(sign_up("Third person"))
    assert found is not None
    return found


def keep(session: Session, days_ago: int, mood: str = "fear") -> None:
    day = days.today(ZONE) - timedelta(days=days_ago)
    entries.add(session, NewEntry(mood=mood, intensity=3, day=day, timezone=ZONE, note=SECRET, tags=[SECRET[:20]]))


def shared(person: Session, other: Session, shows: str = trusted.KEPT) -> trusted.Allowed:
    trusted.accept(other, trusted.invite(person, "Mina", "Jiwoo", shows), "Mina herself")
    return trusted.allowed(person)[-1]


def test_the_other_sees_the_last_kept_day_and_both_are_named(person: Session, stranger: Session) -> None:
    keep(person, 3)
    shared(person, stranger)
    (seen,) = trusted.seen(stranger)
    assert (seen.name, seen.days_ago, seen.moods) == ("Jiwoo", 3, ())
    (allowed,) = trusted.allowed(person)
    assert (allowed.name, allowed.shows) == ("Mina herself", trusted.KEPT)
    keep(person, 0)
    assert trusted.seen(stranger)[0].days_ago == 0


def test_moods_only_where_they_are_allowed(person: Session, stranger: Session) -> None:
    keep(person, 8, "anger")
    keep(person, 6, "sadness")
    keep(person, 0, "happiness")
    one = shared(person, stranger, trusted.MOODS)
    (seen,) = trusted.seen(stranger)
    today = days.today(ZONE)
    assert seen.moods == tuple(
        (today - timedelta(days=ago), {6: "sadness", 0: "happiness"}.get(ago)) for ago in range(6, -1, -1)
    )
    trusted.choose(person, one.id, trusted.KEPT)
    assert trusted.seen(stranger)[0].moods == ()


def test_no_word_tag_or_time_of_day_is_in_it(person: Session, stranger: Session) -> None:
    keep(person, 0)
    shared(person, stranger, trusted.MOODS)
    (seen,) = trusted.seen(stranger)
    assert asdict(seen).keys() == {"id", "name", "days_ago", "moods", "is_mailed"}
    assert SECRET[:20] not in str(seen)
    assert all(type(day) is date for day, _ in seen.moods)


def test_a_long_pause_has_no_number_and_no_verdict(person: Session, stranger: Session) -> None:
    keep(person, trusted.LONGEST + 1)
    shared(person, stranger)
    assert trusted.seen(stranger)[0].days_ago is None


def test_a_day_in_the_future_does_not_count(person: Session, stranger: Session) -> None:
    keep(person, 2)
    with database.transaction() as db:
        db.execute("update entries set day = '2999-01-01'")
    shared(person, stranger)
    assert trusted.seen(stranger)[0].days_ago is None


def test_today_is_that_of_the_person_who_shows(person: Session, stranger: Session) -> None:
    accounts.set_timezone(person, "Pacific/Kiritimati")
    accounts.set_timezone(stranger, "Pacific/Pago_Pago")  # a day earlier
    day = days.today("Pacific/Kiritimati")
    entries.add(person, NewEntry(mood="fear", intensity=3, day=day, timezone="Pacific/Kiritimati"))
    shared(person, stranger)
    assert trusted.seen(stranger)[0].days_ago == 0


@pytest.mark.parametrize("who_ends", ["person", "stranger"])
def test_either_ends_it_at_once(person: Session, stranger: Session, who_ends: str) -> None:
    one = shared(person, stranger)
    trusted.end({"person": person, "stranger": stranger}[who_ends], one.id)
    assert trusted.seen(stranger) == []
    assert trusted.allowed(person) == []


def test_nobody_else_sees_ends_or_changes_it(person: Session, stranger: Session, third: Session) -> None:
    one = shared(person, stranger)
    assert trusted.seen(third) == trusted.allowed(third) == []
    assert trusted.seen(person) == [], "it shows one direction only"
    trusted.end(third, one.id)
    for other in (third, stranger):
        trusted.choose(other, one.id, trusted.MOODS)
    assert trusted.seen(stranger)[0].moods == ()
    assert [allowed.shows for allowed in trusted.allowed(person)] == [trusted.KEPT]


def test_a_code_works_once_and_for_no_one_else(person: Session, stranger: Session, third: Session) -> None:
    code = trusted.invite(person, "Mina", "Jiwoo", trusted.KEPT)
    with pytest.raises(errors.CodeWrong):
        trusted.accept(person, code, "Me")
    assert trusted.find_invitation(stranger, code.lower().replace("-", " ")).name == "Jiwoo"
    trusted.accept(stranger, code, "Mina")
    for late in (third, stranger):
        with pytest.raises(errors.CodeWrong):
            trusted.accept(late, code, "Late")
    assert trusted.seen(third) == []


def test_nothing_is_seen_before_it_is_accepted(person: Session, stranger: Session) -> None:
    keep(person, 0)
    code = trusted.invite(person, "Mina", "Jiwoo", trusted.KEPT)
    trusted.find_invitation(stranger, code)
    assert trusted.seen(stranger) == []


def test_an_old_code_and_one_taken_back_do_not_work(person: Session, stranger: Session) -> None:
    code = trusted.invite(person, "Mina", "Jiwoo", trusted.KEPT)
    with database.transaction() as db:
        db.execute("update trusted set expires_at = ?", [database.timestamp(datetime.now(UTC) - timedelta(seconds=1))])
    with pytest.raises(errors.CodeWrong):
        trusted.accept(stranger, code, "Mina")
    assert trusted.allowed(person) == []
    code = trusted.invite(person, "Mina", "Jiwoo", trusted.KEPT)
    trusted.end(person, trusted.allowed(person)[0].id)
    with pytest.raises(errors.CodeWrong):
        trusted.accept(stranger, code, "Mina")


def test_guessing_codes_waits(person: Session, stranger: Session) -> None:
    trusted.invite(person, "Mina", "Jiwoo", trusted.KEPT)
    with pytest.raises(errors.TooManyTries):
        for _ in range(20):
            with pytest.raises(errors.CodeWrong):
                trusted.find_invitation(stranger, "00000-00000-00000-00000-00000")


@pytest.mark.parametrize("who_leaves", ["person", "stranger"])
def test_deleting_either_account_ends_it(person: Session, stranger: Session, who_leaves: str) -> None:
    shared(person, stranger)
    accounts.delete({"person": person, "stranger": stranger}[who_leaves])
    with database.connect() as db:
        assert db["trusted"].count == 0


def test_after_signing_out_nothing_is_seen(person: Session, stranger: Session) -> None:
    shared(person, stranger)
    sessions.end_all(stranger.account_id)
    with pytest.raises(errors.SessionEnded):
        trusted.seen(stranger)


def test_looking_is_noted(person: Session, stranger: Session) -> None:
    shared(person, stranger)
    assert trusted.allowed(person)[0].looked_at is None
    trusted.seen(stranger)
    looked = trusted.allowed(person)[0].looked_at
    assert looked is not None
    assert datetime.now(UTC) - looked < timedelta(minutes=1)


def test_the_export_says_who_sees_what(person: Session, stranger: Session) -> None:
    shared(person, stranger)
    trusted.seen(stranger)
    (one,) = json.loads(export.as_json(person))["trusted"]
    assert (one["name"], one["shows"]) == ("Mina herself", trusted.KEPT)
    assert one["since"] <= one["last_looked_at"]
    assert json.loads(export.as_json(stranger))["trusted"] == []


def test_a_new_invitation_replaces_the_one_before(person: Session, stranger: Session) -> None:
    shared(person, stranger)
    shared(person, stranger, trusted.MOODS)
    assert [seen.moods != () for seen in trusted.seen(stranger)] == [True]


def test_there_is_a_limit(person: Session) -> None:
    for number in range(trusted.MOST):
        trusted.invite(person, f"Friend {number}", "Jiwoo", trusted.KEPT)
    with pytest.raises(errors.TooManyTrusted):
        trusted.invite(person, "One more", "Jiwoo", trusted.KEPT)


def test_names_and_codes_stand_nowhere_in_clear(person: Session, stranger: Session) -> None:
    code = trusted.invite(person, "Minaaa-name", "Jiwooo-name", trusted.KEPT)
    trusted.accept(stranger, code, "Minaaa-herself")
    content = b"".join(file.read_bytes() for file in database.folder().iterdir() if file.is_file())
    for text in (code, code.replace("-", ""), "Minaaa", "Jiwooo"):
        assert text.encode() not in content


def test_names_are_checked(person: Session, stranger: Session) -> None:
    for name in ("", "x", "a\u202eb", "x" * 41):
        with pytest.raises(errors.NameUnusable):
            trusted.invite(person, name, "Jiwoo", trusted.KEPT)
        with pytest.raises(errors.NameUnusable):
            trusted.invite(person, "Mina", name, trusted.KEPT)
        with pytest.raises(errors.NameUnusable):
            trusted.accept(stranger, "x", name)


def test_a_new_password_leaves_it(person: Session, stranger: Session) -> None:
    shared(person, stranger)
    token = accounts.change_password(person, PASSWORD, "another long sentence")
    assert len(trusted.allowed(sessions.find(token))) == 1


def test_the_operators_lock_ends_what_is_seen_while_it_lasts(person: Session, stranger: Session) -> None:
    one = shared(person, stranger)
    trusted.choose_mail(stranger, one.id, True)
    account_locks.lock(person.account_id)
    assert trusted.seen(stranger) == []
    assert trusted.for_mail(one.id) is None
    account_locks.unlock(person.account_id)
    assert len(trusted.seen(stranger)) == 1
    account_locks.lock(stranger.account_id)
    assert trusted_mail.wanted() == []
