"""Learns from a person's corrections how their voice and face differ from the training data.

It learns from the scores that entries store anyway, never from recordings or pictures. A person can switch it off or
reset it; a reset moves the moment from which entries count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from diary import database, readings, sessions
from diary.sessions import Session
from emotions import EMOTIONS
from inference import mood_shares, strangers
from inference.mood_shares import NOTHING_KNOWN, MoodShares
from inference.personalise import LAST, Correction, learn

Corrections = Mapping[str, Correction]
NO_CORRECTIONS: Corrections = MappingProxyType({})
_LEARNT_SOURCES = ("voice", "face")


def of(session: Session) -> Corrections:
    """The correction of each source; empty if the person has switched learning off."""
    since = _since(session)
    if since is None:
        return NO_CORRECTIONS
    return {source: _learnt(session, source, since) for source in _LEARNT_SOURCES}


def shares(session: Session) -> MoodShares:
    """How often this person has each mood; nothing is known if the person has switched learning off."""
    since = _since(session)
    if since is None:
        return NOTHING_KNOWN
    with database.connect() as db:
        rows = db.execute(
            "select mood from entries where account_id = ? and created_at >= ? order by created_at desc limit ?",
            [session.account_id, since, mood_shares.LAST],
        ).fetchall()
    return mood_shares.learn([mood for (mood,) in reversed(rows)])


def count(session: Session, source: str) -> int:
    """How many entries the correction of this source is learnt from; 0 if the person has switched learning off."""
    since = _since(session)
    confirmed = _confirmed(session, source, since) if since else []
    return sum(by == confirmed[-1][2] for _, _, by in confirmed)


def is_learning(session: Session) -> bool:
    """Whether the person lets Haru learn from corrections."""
    return _since(session) is not None


def set_learning(session: Session, wanted: bool) -> None:
    """Switching off forgets all corrections; switching on again learns from later entries only."""
    with sessions.transaction(session) as db:
        db.table("accounts").update(session.account_id, {"learns_since": database.now() if wanted else None})


def forget(session: Session) -> None:
    """Ignores all entries until now and goes on learning."""
    set_learning(session, True)


def _since(session: Session) -> str | None:
    with database.connect() as db:
        return db.table("accounts").get(session.account_id)["learns_since"]


def _learnt(session: Session, source: str, since: str) -> Correction:
    """The correction of the latest model's readings.

    Scores of an earlier model differ from it in ways of their own: what they taught would be a correction too much.
    """
    confirmed = _confirmed(session, source, since)
    model = confirmed[-1][2] if confirmed else ""
    of_model = [(scores, mood) for scores, mood, by in confirmed if by == model]
    return replace(learn(of_model, strangers.of(source, model)), model=model)


def _confirmed(session: Session, source: str, since: str) -> list[tuple[dict[str, float], str, str]]:
    """The model's scores, the mood that the person confirmed and the model, oldest first."""
    columns = ", ".join(f"r.{emotion}" for emotion in EMOTIONS)
    with database.connect() as db:
        rows = list(
            db.query(
                f"select {columns}, e.mood, r.model from readings r join entries e on e.id = r.entry_id "  # noqa: S608
                "where e.account_id = ? and r.source = ? and e.created_at >= ? order by e.created_at desc limit ?",
                [session.account_id, source, since, LAST],
            )
        )
    confirmed = [({emotion: row[emotion] for emotion in EMOTIONS}, row["mood"], row["model"]) for row in reversed(rows)]
    return [each for each in confirmed if readings.are_valid(source, list(each[0].values()))]
