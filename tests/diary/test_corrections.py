from __future__ import annotations

from datetime import date

import pytest

from diary import corrections, entries
from diary.entries import NewEntry
from diary.sessions import Session
from emotions import EMOTIONS
from inference import strangers
from inference.mood_shares import NOTHING_KNOWN
from inference.prior import PRIOR
from reading import Reading
from tests.inference.test_strangers import POPULATION


def reading_of(emotion: str, model: str = "voice 1") -> Reading:
    return Reading({e: 0.46 if e == emotion else 0.09 for e in EMOTIONS}, True, {"weight": 1.0}, "voice", model)


def keep(session: Session, said: str, confirmed: str, times: int, model: str = "voice 1") -> None:
    for _ in range(times):
        draft = NewEntry(confirmed, 3, date(2026, 1, 2), "Asia/Seoul", source="voice")
        entries.add(session, draft, readings=[reading_of(said, model)])


def test_with_nothing_confirmed_nothing_changes(person: Session) -> None:
    reading = reading_of("sadness")
    assert corrections.of(person)["voice"].apply(reading) == reading


def test_a_calm_voice_that_is_always_taken_for_sad_is_learnt(person: Session, stranger: Session) -> None:
    keep(person, said="sadness", confirmed="neutral", times=10)
    corrected = corrections.of(person)["voice"].apply(reading_of("sadness"))
    assert corrected.scores["neutral"] > reading_of("sadness").scores["neutral"]
    assert corrections.of(person)["face"].apply(reading_of("sadness")) == reading_of("sadness")
    assert corrections.of(stranger)["voice"].apply(reading_of("sadness")) == reading_of("sadness")


@pytest.mark.parametrize("how", ["forget", "off_and_on"])
def test_what_was_learnt_can_be_forgotten(person: Session, how: str) -> None:
    keep(person, said="sadness", confirmed="neutral", times=10)
    if how == "forget":
        corrections.forget(person)
    else:
        corrections.set_learning(person, False)
        assert corrections.of(person) == {}
        assert not corrections.is_learning(person)
        corrections.set_learning(person, True)
    assert corrections.of(person)["voice"].apply(reading_of("sadness")) == reading_of("sadness")


def test_what_one_model_taught_does_not_correct_another(person: Session) -> None:
    keep(person, said="sadness", confirmed="neutral", times=10)
    newer = reading_of("sadness", "voice 2")
    assert corrections.of(person)["voice"].apply(newer) == newer
    keep(person, said="sadness", confirmed="sadness", times=1, model="voice 2")
    assert corrections.of(person)["voice"].apply(newer) == newer
    keep(person, said="sadness", confirmed="anger", times=12, model="voice 2")
    corrected = corrections.of(person)["voice"].apply(newer)
    assert corrected.scores["anger"] > newer.scores["anger"]
    assert corrected.scores["neutral"] <= newer.scores["neutral"], "nothing of the earlier model"


def test_mood_shares_come_from_all_entries_and_are_forgotten(person: Session, stranger: Session) -> None:
    for _ in range(5):
        entries.add(person, NewEntry("sadness", 3, date(2026, 1, 2), "Asia/Seoul"))
    keep(person, said="fear", confirmed="sadness", times=1)
    own = corrections.shares(person)
    assert own.entries == 6
    assert own.prior[EMOTIONS.index("sadness")] > PRIOR[EMOTIONS.index("sadness")]
    assert corrections.shares(stranger) is NOTHING_KNOWN
    corrections.forget(person)
    assert corrections.shares(person) is NOTHING_KNOWN
    corrections.set_learning(person, False)
    assert corrections.shares(person) is NOTHING_KNOWN


def test_a_difference_is_learnt_where_strangers_were_measured(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "of", lambda source, model: POPULATION if model == "voice 1" else None)
    keep(person, said="sadness", confirmed="neutral", times=5)
    learnt = corrections.of(person)["voice"]
    assert learnt.strength == 1
    assert learnt.apply(reading_of("sadness")).scores["sadness"] < reading_of("sadness").scores["sadness"]
    assert corrections.of(person)["face"].strength == 0


def test_learning_is_on_until_switched_off(person: Session) -> None:
    assert corrections.is_learning(person)
