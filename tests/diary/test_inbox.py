"""Entries of programs that have no data key: sealed until the diary is opened, and then ordinary entries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from threading import Thread

import pytest

from diary import accounts, api_tokens, database, days, entries, errors, inbox, inbox_damage, sessions
from diary.api_tokens import WRITE, ApiToken, NewToken
from diary.entries import NewEntry
from diary.sessions import Session
from reminders import claims
from tests.conftest import PASSWORD

DAY = date(2026, 11, 20)


@pytest.fixture
def token(person: Session) -> ApiToken:
    return token_of(person)


def token_of(session: Session) -> ApiToken:
    found = api_tokens.find(api_tokens.make(session, NewToken("a shortcut", [WRITE], 30), PASSWORD))
    assert found is not None
    return found


def new(note: str = "a marked note", **more) -> NewEntry:
    facts = {"mood": "happiness", "intensity": 4, "day": DAY, "timezone": "Asia/Seoul", "tags": ("#walk", "walk")}
    return NewEntry(**facts | {"note": note, "feelings": ("proud",), "at": time(21, 30)} | more)


def add(token: ApiToken, entry: NewEntry) -> bool:
    assert token.inbox_key is not None
    return inbox.add(token.session, entry, token.inbox_key)


def test_it_becomes_an_ordinary_entry_with_all_that_it_had(person: Session, token: ApiToken) -> None:
    kept = new()
    assert add(token, kept)
    assert (inbox.count(person.account_id), entries.count(person)) == (1, 0)
    assert inbox.take_in(person) == 1
    assert inbox.count(person.account_id) == 0
    (entry,) = entries.of_day(person, DAY)
    assert (entry.id, entry.mood, entry.intensity, entry.note) == (kept.id, "happiness", 4, "a marked note")
    assert (entry.tags, entry.feelings, entry.source) == (("walk",), ("proud",), "hand")
    assert entry.time_known
    assert days.local_time(entry.happened_at, entry.timezone) == time(21, 30)
    assert inbox.take_in(person) == 0


def test_while_it_waits_neither_the_token_nor_the_database_opens_it(person: Session, token: ApiToken) -> None:
    add(token, new())
    with database.connect() as db:
        (row,) = db.query("select * from inbox")
    with pytest.raises(errors.Unopenable):
        inbox._private_key(token.session)
    stored = b"".join(path.read_bytes() for path in database.folder().glob("haru.db*"))
    for text in ("a marked note", "walk", "proud"):
        assert text.encode() not in stored
    assert set(row) == {"id", "account_id", "day", "item_key", "sealed", "received_at"}


def test_the_same_entry_sent_again_is_one(person: Session, token: ApiToken) -> None:
    kept = new()
    assert add(token, kept)
    assert not add(token, new(note="another", id=kept.id))
    inbox.take_in(person)
    assert not add(token, kept)
    assert inbox.take_in(person) == 0
    assert [entry.note for entry in entries.every(person)] == ["a marked note"]


def test_a_kill_between_the_entry_and_the_inbox_loses_nothing_and_doubles_nothing(
    person: Session, token: ApiToken
) -> None:
    kept = new()
    add(token, kept)
    entries.add(person, kept)  # what a server did that was killed then
    inbox.take_in(person)
    assert inbox.count(person.account_id) == 0
    assert [entry.id for entry in entries.every(person)] == [kept.id]


def test_two_tabs_do_not_bring_a_deleted_entry_back(
    person: Session, token: ApiToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one tab takes an entry in, another one takes it in, too, and deletes it."""
    add(token, new())
    add_entry = entries.add

    def take_in_and_delete() -> None:
        inbox.take_in(person)
        for entry in entries.every(person):
            entries.delete(person, entry.id)

    other = Thread(target=take_in_and_delete)

    def add_late(session: Session, entry: NewEntry) -> str:
        monkeypatch.setattr(entries, "add", add_entry)
        other.start()
        other.join(0.5)
        return add_entry(session, entry)

    monkeypatch.setattr(entries, "add", add_late)
    assert inbox.take_in(person) == 1
    other.join()
    assert entries.count(person) == inbox.count(person.account_id) == 0


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"mood": "bliss"}, errors.UnknownMood),
        ({"intensity": 6}, errors.IntensityOutOfRange),
        ({"day": date(2999, 1, 1)}, errors.DayInFuture),
        ({"note": "a" * (entries.NOTE_MAX + 1)}, errors.NoteTooLong),
        ({"tags": ("t" * 41,)}, errors.TagTooLong),
        ({"feelings": ("unheard_of",)}, errors.UnknownFeeling),
    ],
    ids=str,
)
def test_what_the_diary_refuses_the_inbox_refuses_at_once(
    token: ApiToken, change: dict, refused: type[errors.DiaryError]
) -> None:
    with pytest.raises(refused):
        add(token, new(**change))
    assert inbox.count(token.session.account_id) == 0


def test_what_waits_counts_for_the_limit_of_entries(
    person: Session, token: ApiToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARU_ACCOUNT_ENTRIES", "2")
    add(token, new())
    add(token, new())
    with pytest.raises(errors.TooManyEntries):
        add(token, new())
    monkeypatch.setenv("HARU_ACCOUNT_ENTRIES", "1")
    assert inbox.take_in(person) == 1
    assert inbox.count(person.account_id) == 1  # until there is a place
    monkeypatch.setenv("HARU_ACCOUNT_ENTRIES", "2")
    assert inbox.take_in(person) == 1


def test_a_damaged_one_stays_and_does_not_hold_up_the_others(person: Session, token: ApiToken) -> None:
    for _ in range(3):
        add(token, new())
    with database.transaction() as db:
        first, second, _ = (row["id"] for row in db.query("select id from inbox order by received_at"))
        db.execute("update inbox set sealed = ? where id = ?", [b"rubbish", first])
        db.execute("update inbox set item_key = ? where id = ?", [b"rubbish", second])
    assert inbox.take_in(person) == 1
    assert inbox.count(person.account_id) == 2


def test_an_item_does_not_open_as_another(person: Session, stranger: Session) -> None:
    """Somebody with the database cannot give one person's note to another, or one entry the note of another."""
    mine, theirs = token_of(person), token_of(stranger)
    add(mine, new("mine"))
    add(theirs, new("theirs"))
    with database.transaction() as db:
        db.execute("update inbox set account_id = ?", [person.account_id])
    assert inbox.take_in(person) == 1
    assert [entry.note for entry in entries.every(person)] == ["mine"]
    assert inbox.count(person.account_id) == 1
    with database.transaction() as db:
        db.execute("delete from inbox")
    first, second = new("first"), new("second")
    for entry in (first, second):
        add(mine, entry)
    with database.transaction() as db:
        db.execute("delete from inbox where id = ?", [first.id])
        db.execute("update inbox set id = ? where id = ?", [first.id, second.id])
    assert inbox.take_in(person) == 0


def test_a_changed_public_key_is_noticed_before_anything_is_sealed_to_it(person: Session) -> None:
    """The token itself seals the key that it uses, so a thief cannot put his own in its place."""
    text = api_tokens.make(person, NewToken("a shortcut", [WRITE], 30), PASSWORD)
    with database.transaction() as db:
        sealed = next(db.query("select by_token from api_tokens"))["by_token"]
        db.execute("update api_tokens set by_token = ?", [sealed[:-1] + bytes([sealed[-1] ^ 1])])
    assert api_tokens.find(text) is None


def test_the_key_pair_stays_so_that_all_tokens_share_it(person: Session) -> None:
    assert token_of(person).inbox_key == token_of(person).inbox_key
    assert inbox.public_key(person) == token_of(person).inbox_key


def test_without_the_right_private_key_everything_stays(person: Session, token: ApiToken) -> None:
    add(token, new())
    with database.transaction() as db:
        db.execute("update inbox_keys set private_key = ?", [b"rubbish"])
    assert inbox.take_in(person) == 0
    assert inbox.count(person.account_id) == 1


def test_while_the_disk_is_full_the_diary_opens_all_the_same(
    person: Session, token: ApiToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(token, new())

    def full(*_arguments: object) -> None:
        raise errors.DiskFull()

    monkeypatch.setattr(entries, "add", full)
    assert inbox.take_in(person) == 0
    assert inbox.count(person.account_id) == 1


def test_a_reminder_knows_that_something_waits(person: Session, token: ApiToken) -> None:
    now = datetime.now(UTC)
    assert claims.claim(person.account_id, date(2026, 11, 19), "mail", now)
    add(token, new())
    assert not claims.claim(person.account_id, DAY, "mail", now)


def test_deleting_the_account_deletes_what_waits(person: Session, token: ApiToken) -> None:
    add(token, new())
    accounts.delete(person)
    with database.connect() as db:
        assert [db[table].count for table in ("inbox", "inbox_keys", "api_tokens")] == [0, 0, 0]
    with pytest.raises(errors.SessionEnded), sessions.transaction(token.session):
        pass


def damage(entry_id: str) -> None:
    with database.transaction() as db:
        db.execute("update inbox set sealed = x'00' where id = ?", [entry_id])


def test_what_does_not_open_stays_and_keeps_nothing_else_waiting(
    person: Session, token: ApiToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "AT_ONCE", 2)
    lost = [new(), new()]
    for entry in lost:
        add(token, entry)
        damage(entry.id)
    add(token, new("the one behind them"))
    inbox.take_in(person)
    inbox.take_in(person)
    assert [entry.note for entry in entries.every(person)] == ["the one behind them"]
    assert set(inbox_damage.unopenable(person).ids) == {entry.id for entry in lost}


def test_a_person_deletes_what_does_not_open_and_nothing_else(
    person: Session, token: ApiToken, monkeypatch: pytest.MonkeyPatch, sign_up: Callable[..., str]
) -> None:
    lost, waiting, later = new(), new("no place for it"), new(day=date(2026, 11, 21))
    for entry in (lost, waiting, later):
        add(token, entry)
    for entry in (lost, later):
        damage(entry.id)
    other = sessions.find(sign_up("Somebody else"))
    others_entry = new()
    add(token_of(other), others_entry)
    damage(others_entry.id)

    found = inbox_damage.unopenable(person)
    assert (set(found.ids), found.days) == ({lost.id, later.id}, (DAY, date(2026, 11, 21)))
    assert not found.key_is_damaged
    deletion = inbox_damage.delete(person)
    assert inbox_damage.unopenable(person).ids == ()
    assert inbox_damage.unopenable(other).ids == (others_entry.id,)
    assert api_tokens.every(person), "the token stays"
    assert inbox.take_in(person) == 1
    deletion.undo(person)
    assert set(inbox_damage.unopenable(person).ids) == {lost.id, later.id}


def test_a_damaged_key_goes_with_the_tokens_that_use_it(person: Session, token: ApiToken) -> None:
    add(token, new())
    reads = api_tokens.make(person, NewToken("reads", [api_tokens.MOODS], 30), PASSWORD)
    opens = api_tokens.make(person, NewToken("opens", [WRITE, api_tokens.NOTES], 30), PASSWORD)
    with database.transaction() as db:
        db.execute("update inbox_keys set private_key = x'00' where account_id = ?", [person.account_id])
    with pytest.raises(errors.Unopenable):
        api_tokens.make(person, NewToken("another", [WRITE], 30), PASSWORD)

    assert inbox_damage.unopenable(person).key_is_damaged
    deletion = inbox_damage.delete(person)
    assert {listed.name for listed in api_tokens.every(person)} == {"reads", "opens"}
    assert api_tokens.find(reads)
    assert api_tokens.find(opens)
    assert inbox.count(person.account_id) == 0
    add(token_of(person), new("kept with a new key"))
    assert inbox.take_in(person) == 1
    with pytest.raises(errors.AlreadyBack):  # the new key stands in its place
        deletion.undo(person)


def test_an_entry_of_a_day_that_has_not_come_waits_and_every_page_opens(
    person: Session, token: ApiToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock was set back after a program kept it."""
    add(token, new())
    with monkeypatch.context() as set_back:
        set_back.setattr(days, "today", lambda *_: date(2020, 1, 1))
        assert inbox.take_in(person) == 0
    assert inbox_damage.unopenable(person).ids == ()
    assert inbox.take_in(person) == 1
