from __future__ import annotations

from diary import consents
from diary.sessions import Session


def test_nothing_optional_is_allowed_until_it_is(person: Session) -> None:
    assert consents.given(person.account_id) == {"diary"}


def test_giving_and_taking_back_are_both_on_record(person: Session, stranger: Session) -> None:
    consents.set_given(person, "voice", True)
    assert consents.given(person.account_id) == {"diary", "voice"}
    assert consents.given(stranger.account_id) == {"diary"}
    consents.set_given(person, "voice", False)
    assert consents.given(person.account_id) == {"diary"}
    (voice,) = [row for row in consents.history(person.account_id) if row["kind"] == "voice"]
    assert voice["given_at"] < voice["withdrawn_at"]
