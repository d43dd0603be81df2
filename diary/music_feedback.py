"""A person's feedback on recommended music: one sealed row for each piece of feedback.

Rows are sealed, because music shows how a person felt. `music_taste` learns from the rows; `reset` deletes them.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

from diary import database, days, errors, sessions
from diary.music_taste import learn
from diary.preferences import Preference, one_of
from diary.sessions import Session
from music.recommend import STRENGTHS, Taste, Wish
from music.track import GENRES, Track

KINDS = ("heard", "skipped", "liked", "unliked", "not_for_me", "better", "same", "worse", "unplayable")
_LISTENED = frozenset(("heard", "liked", "better", "same", "worse"))
ROWS_MAX = 3000
"""The most rows of one person; a further row deletes the oldest."""

CHOSEN_GENRES = Preference(
    "music_genres", [], lambda value: isinstance(value, list) and all(genre in GENRES for genre in value)
)
STRENGTH = one_of("music_strength", *STRENGTHS)
SOURCE = one_of("music_source", "youtube", "local")

_CACHED_ACCOUNTS_MAX = 1000
_sealed_likes: dict[str, bytes] = {}
"""The liked track ids of each account, sealed with its key: memory then reveals no more than the database."""


def add(session: Session, kind: str, track: Track, wish: Wish) -> None:
    """Stores one of `KINDS` for a track, with the mood and intent for which Haru offered it."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is none of {', '.join(KINDS)}")
    feedback = {
        "said": kind,
        "track": track.id,
        "title": track.title["en"],
        "by": track.by_in("en"),
        "genre": track.genre,
        "mood": wish.mood,
        "intent": wish.intent,
        "at": database.now(),
    }
    with sessions.transaction(session) as db:
        db.table("tastes").insert(as_row(session, feedback))
        db.execute(
            "delete from tastes where account_id = ? and id not in "
            "(select id from tastes where account_id = ? order by created_at desc limit ?)",
            [session.account_id, session.account_id, ROWS_MAX],
        )


def as_row(session: Session, feedback: Mapping[str, object]) -> dict:
    """The row of one piece of feedback, in the form in which `every` returns it."""
    row_id = secrets.token_hex(16)
    content = {name: value for name, value in feedback.items() if name != "at"}
    return {
        "id": row_id,
        "account_id": session.account_id,
        "sealed": session.vault.seal_json(content, _about(row_id)),
        "created_at": feedback["at"],
    }


def every(session: Session) -> list[dict]:
    """All feedback, oldest first, without the rows that do not open."""
    return _find(session, "1", [])


def count(session: Session) -> int:
    """The number of rows; opens none."""
    with database.connect() as db:
        return db.table("tastes").count_where("account_id = ?", [session.account_id])


def heard_on(session: Session, day: date, zone: str) -> list[dict]:
    """The tracks that the person listened to on a day in their time zone, each once, in the order of the day."""
    begin, end = (days.instant(each, time(0), zone) for each in (day, day + timedelta(days=1)))
    found = _find(session, "created_at >= ? and created_at < ?", [database.timestamp(begin), database.timestamp(end)])
    return list({feedback["track"]: feedback for feedback in found if feedback["said"] in _LISTENED}.values())


def taste(session: Session, now: datetime | None = None) -> Taste:
    """The taste learnt from this person's feedback."""
    return learn(every(session), now or datetime.now(UTC))


def likes(session: Session) -> frozenset[str]:
    """The ids of the tracks that this person likes now; opens all rows only after there is new feedback."""
    about = f"likes of {session.account_id} at {_version(session)}"
    with suppress(KeyError, errors.Unopenable):  # Unopenable: sealed at an earlier version
        return frozenset(session.vault.open_json(_sealed_likes[session.account_id], about))
    liked = [track for track, liking in taste(session).tracks.items() if liking >= 1]
    _sealed_likes.pop(session.account_id, None)
    _sealed_likes[session.account_id] = session.vault.seal_json(liked, about)
    for account_id in list(_sealed_likes)[:-_CACHED_ACCOUNTS_MAX]:
        _sealed_likes.pop(account_id, None)
    return frozenset(liked)


def reset(session: Session) -> None:
    """Deletes all feedback. Genres and strength that the person chose stay."""
    with sessions.transaction(session) as db:
        db.table("tastes").delete_where("account_id = ?", [session.account_id])


def _find(session: Session, where: str, values: list) -> list[dict]:
    with database.connect() as db:
        rows = list(
            db.table("tastes").rows_where(
                f"account_id = ? and {where}", [session.account_id, *values], order_by="created_at, rowid"
            )
        )
    found = []
    for row in rows:
        with suppress(errors.Unopenable):
            content = session.vault.open_json(row["sealed"], _about(row["id"]))
            found.append(content | {"at": row["created_at"]})
    return found


def _version(session: Session) -> str:
    """Differs after every change of this person's rows: the number of rows and the random id of the newest."""
    with database.connect() as db:
        count, newest = db.execute(
            "select count(*), max(rowid) from tastes where account_id = ?", [session.account_id]
        ).fetchone()
        found = db.execute("select id from tastes where rowid = ?", [newest]).fetchone()
    return f"{count} {found[0] if found else ''}"


def _about(row_id: str) -> str:
    return f"taste {row_id}"
