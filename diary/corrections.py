"""What a person's own corrections teach: how this voice and this face differ from those the models know.

Learnt from the scores that are stored with entries anyway, never from sound or pictures. It can be switched off and
forgotten; forgetting moves the moment from which on entries count.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from diary import database, readings, sessions
from diary.sessions import Session
from emotions import EMOTIONS
from inference.personalise import LAST, Correction, learn

Corrections = Mapping[str, Correction]
NO_CORRECTIONS: Corrections = MappingProxyType({})
_LEARNT = ("voice", "face")


def of(session: Session) -> Corrections:
    """The correction of each source that has one; empty where the person does not want any."""
    since = _since(session)
    if since is None:
        return NO_CORRECTIONS
    return {source: learn(_confirmed(session, source, since)) for source in _LEARNT}


def is_learning(session: Session) -> bool:
    return _since(session) is not None


def set_learning(session: Session, wanted: bool) -> None:
    """Switching off forgets; switching on again starts afresh."""
    with sessions.transaction(session) as db:
        db.table("accounts").update(session.account_id, {"learns_since": database.now() if wanted else None})


def forget(session: Session) -> None:
    set_learning(session, True)


def _since(session: Session) -> str | None:
    with database.connect() as db:
        return db.table("accounts").get(session.account_id)["learns_since"]


def _confirmed(session: Session, source: str, since: str) -> list[tuple[dict[str, float], str]]:
    """What the model said and what the person confirmed, oldest first."""
    columns = ", ".join(f"r.{emotion}" for emotion in EMOTIONS)
    with database.connect() as db:
        rows = list(
            db.query(
                f"select {columns}, e.mood from readings r join entries e on e.id = r.entry_id "  # noqa: S608
                "where e.account_id = ? and r.source = ? and e.created_at >= ? order by e.created_at desc limit ?",
                [session.account_id, source, since, LAST],
            )
        )
    confirmed = [({emotion: row[emotion] for emotion in EMOTIONS}, row["mood"]) for row in reversed(rows)]
    return [(scores, mood) for scores, mood in confirmed if readings.are_valid(source, list(scores.values()))]
