"""What a person says of the music that is offered to them, and what can be learnt from it.

Each saying is one sealed row: what somebody listened to on a bad day is nobody else's business. Learning is counting:
likes, skips and refusals by genre and maker, and whether they felt better afterwards; a few sayings move little, ten
move most of the way. Resetting deletes the rows.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from diary import database, days, errors, sessions
from diary.preferences import Preference, one_of
from diary.sessions import Session
from music.recommend import STRENGTHS, Taste, Wish
from music.track import GENRES, Track

SAYINGS = ("heard", "skipped", "liked", "unliked", "not_for_me", "better", "same", "worse", "unplayable")
_LISTENED = frozenset(("heard", "liked", "better", "same", "worse"))
KEPT_AT_MOST = 3000
UNPLAYABLE_FOR = timedelta(days=30)
"""A recording that may not be played here today may be allowed in a month."""

CHOSEN_GENRES = Preference(
    "music_genres", [], lambda value: isinstance(value, list) and all(genre in GENRES for genre in value)
)
STRENGTH = one_of("music_strength", *STRENGTHS)
SOURCE = one_of("music_source", "youtube", "local")

_HELPED = {"better": 1.0, "same": 0.0, "worse": -1.0}
_SKIP = -0.3  # half a minute's impatience says less than a word
# Sayings that count as none, so that one of them does not make a taste.
_DOUBT_GENRE, _DOUBT_MAKER, _DOUBT_TRACK, _DOUBT_HELPED_GENRE = 4, 2, 1, 3


def note(session: Session, saying: str, track: Track, wish: Wish) -> None:
    """Writes down what a person said of a piece, and for which mood and intent it had been offered."""
    if saying not in SAYINGS:
        raise ValueError(f"{saying!r} is none of {', '.join(SAYINGS)}")
    row_id = secrets.token_hex(16)
    content = {
        "said": saying,
        "track": track.id,
        "title": track.title["en"],
        "by": track.by_in("en"),
        "genre": track.genre,
        "mood": wish.mood,
        "intent": wish.intent,
    }
    row = {
        "id": row_id,
        "account_id": session.account_id,
        "sealed": session.vault.seal_json(content, _about(row_id)),
        "created_at": database.now(),
    }
    with sessions.change(session) as db:
        db["tastes"].insert(row)
        db.execute(
            "delete from tastes where account_id = ? and id not in "
            "(select id from tastes where account_id = ? order by created_at desc limit ?)",
            [session.account_id, session.account_id, KEPT_AT_MOST],
        )


def of(session: Session, now: datetime | None = None) -> Taste:
    """What is known of this person's liking by now."""
    return learn(every(session), now or datetime.now(UTC))


def as_stored(session: Session, saying: Mapping[str, object]) -> dict:
    """The row of a saying that comes back from a file as `every` told it; the reader of the file has checked it."""
    row_id = secrets.token_hex(16)
    content = {name: value for name, value in saying.items() if name != "at"}
    return {
        "id": row_id,
        "account_id": session.account_id,
        "sealed": session.vault.seal_json(content, _about(row_id)),
        "created_at": saying["at"],
    }


def every(session: Session) -> list[dict]:
    """All that was said, oldest first. A row that does not open is left out: it must not silence the music."""
    return _said(session, "1", [])


def heard_on(session: Session, day: date, zone: str) -> list[dict]:
    """What was listened to on a day of the person's own, each piece once, in the order of the day."""
    begin, end = (days.moment_of(each, time(0), zone) for each in (day, day + timedelta(days=1)))
    said = _said(session, "created_at >= ? and created_at < ?", [database.written(begin), database.written(end)])
    return list({one["track"]: one for one in said if one["said"] in _LISTENED}.values())


def _said(session: Session, where: str, values: list) -> list[dict]:
    with database.connect() as db:
        rows = list(
            db["tastes"].rows_where(
                f"account_id = ? and {where}", [session.account_id, *values], order_by="created_at, rowid"
            )
        )
    said = []
    for row in rows:
        try:
            content = session.vault.open_json(row["sealed"], _about(row["id"]))
        except errors.Unopenable:
            continue
        said.append(content | {"at": row["created_at"]})
    return said


def reset(session: Session) -> None:
    """Forgets everything that was learnt; genres and strength that were set by hand stay."""
    with sessions.change(session) as db:
        db["tastes"].delete_where("account_id = ?", [session.account_id])


def likes(session: Session) -> frozenset[str]:
    """The ids of what this person likes now."""
    return frozenset(name for name, liking in of(session).tracks.items() if liking >= 1)


def learn(said: Iterable[dict], now: datetime) -> Taste:
    """From sayings, oldest first, to a taste."""
    liking: dict[str, float] = {}
    about: dict[str, dict] = {}
    helped, helped_genres = defaultdict(list), defaultdict(list)
    heard: dict[str, float] = {}
    unplayable: set[str] = set()
    for each in said:
        track, saying = each["track"], each["said"]
        about[track] = each
        at = datetime.fromisoformat(each["at"])
        if saying in ("heard", "skipped"):
            heard[track] = max(0.0, (now - at) / timedelta(days=1))
        if saying == "liked":
            liking[track] = 1.0
        elif saying == "unliked":
            liking.pop(track, None)
        elif saying == "not_for_me":
            liking[track] = -1.0
        elif saying == "skipped" and liking.get(track, 0.0) <= 0:
            liking[track] = max(-0.9, liking.get(track, 0.0) + _SKIP)
        elif saying in _HELPED:
            helped[track].append(_HELPED[saying])
            helped_genres[each["mood"], each["intent"], each["genre"]].append(_HELPED[saying])
        elif saying == "unplayable" and now - at < UNPLAYABLE_FOR:
            unplayable.add(track)
    genres, makers = defaultdict(list), defaultdict(list)
    for track, value in liking.items():
        genres[about[track]["genre"]].append(value)
        makers[about[track]["by"]].append(value)
    return Taste(
        genres={genre: _doubted(values, _DOUBT_GENRE) for genre, values in genres.items()},
        makers={maker: _doubted(values, _DOUBT_MAKER) for maker, values in makers.items() if maker},
        tracks=liking,
        helped={track: _doubted(values, _DOUBT_TRACK) for track, values in helped.items()},
        helped_genres={key: _doubted(values, _DOUBT_HELPED_GENRE) for key, values in helped_genres.items()},
        heard_days_ago=heard,
        refused=frozenset(unplayable | {track for track, value in liking.items() if value == -1.0}),
    )


def _doubted(values: list[float], doubt: int) -> float:
    return sum(values) / (len(values) + doubt)


def _about(row_id: str) -> str:
    return f"taste {row_id}"
