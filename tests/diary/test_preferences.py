"""Preferences: a default until chosen, each person their own, gone with the account."""

from __future__ import annotations

import json

import pytest

from diary import accounts, database, preferences
from diary.preferences import one_of
from diary.sessions import Session
from diary.transfer import export

FIRST_WEEKDAY = one_of("a_weekday", 6, 0)


def test_a_choice_is_the_default_until_chosen(person: Session) -> None:
    assert FIRST_WEEKDAY.of(person) == 6
    FIRST_WEEKDAY.choose(person, 0)
    assert FIRST_WEEKDAY.of(person) == 0


def test_each_person_has_their_own(person: Session, stranger: Session) -> None:
    FIRST_WEEKDAY.choose(person, 0)
    assert FIRST_WEEKDAY.of(stranger) == 6


@pytest.mark.parametrize("nonsense", [3, "0", None, True, 0.0])
def test_what_is_not_allowed_is_not_stored(person: Session, nonsense: object) -> None:
    with pytest.raises(ValueError, match="a_weekday"):
        FIRST_WEEKDAY.choose(person, nonsense)
    assert preferences.every(person) == {}


def test_a_stored_value_of_another_version_counts_as_never_chosen(person: Session) -> None:
    one_of("a_weekday", 3).choose(person, 3)
    assert FIRST_WEEKDAY.of(person) == 6


def test_they_are_exported_and_leave_with_the_account(person: Session) -> None:
    FIRST_WEEKDAY.choose(person, 0)
    assert json.loads(export.as_json(person))["preferences"] == {"a_weekday": 0}
    accounts.delete(person)
    with database.connect() as db:
        assert db["preferences"].count == 0
