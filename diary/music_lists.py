"""Lists of tracks that a person saved under a name; everything about them is sealed."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field, replace

from diary import database, deletions, errors, sessions
from diary.deletions import Deletion
from diary.sessions import Session
from music.track import Track

LISTS_MAX = 50
TRACKS_MAX = 20
NAME_MAX = 80


@dataclass(frozen=True)
class MusicList:
    """The tracks, and the wish that they were offered for."""

    name: str
    source: str
    """youtube or local."""
    mood: str
    intensity: int
    intent: str
    tracks: tuple[Track, ...]
    id: str = field(default_factory=lambda: secrets.token_hex(16))


def add(session: Session, new: MusicList) -> None:
    with sessions.transaction(session) as db:
        count = db.table("music_lists").count_where("account_id = ?", [session.account_id])
        if count >= LISTS_MAX:
            raise errors.TooManyMusicLists(most=LISTS_MAX)
        db.table("music_lists").insert(as_row(session, new))


def as_row(session: Session, saved: MusicList) -> dict:
    """The row of a list, with sealed content."""
    return {
        "id": saved.id,
        "account_id": session.account_id,
        "sealed": _seal(session, saved),
        "created_at": database.now(),
    }


def every(session: Session) -> list[MusicList]:
    """All lists that open, newest first."""
    with database.connect() as db:
        rows = list(
            db.query(
                "select id, sealed from music_lists where account_id = ? order by created_at desc, rowid desc",
                [session.account_id],
            )
        )
    found = []
    for row in rows:
        try:
            content = session.vault.open_json(row["sealed"], _about(row["id"]))
        except errors.Unopenable:
            continue
        tracks = tuple(Track(**track) for track in content.pop("tracks"))
        found.append(MusicList(**content, tracks=tracks, id=row["id"]))
    return found


def rename(session: Session, list_id: str, name: str) -> None:
    """Does nothing where the list is gone, or the name is empty."""
    saved = next((each for each in every(session) if each.id == list_id), None)
    if saved is None or not tidy_name(name):
        return
    renamed = replace(saved, name=tidy_name(name))
    with sessions.transaction(session) as db:
        db.execute(
            "update music_lists set sealed = ? where id = ? and account_id = ?",
            [_seal(session, renamed), list_id, session.account_id],
        )


def delete(session: Session, list_id: str) -> Deletion:
    """Deletes a list; the deletion can be undone."""
    with sessions.transaction(session) as db:
        return deletions.delete(db, session, "music_lists", "id = ? and account_id = ?", [list_id, session.account_id])


def exported(session: Session) -> list[dict]:
    return [asdict(saved) for saved in every(session)]


def tidy_name(name: str) -> str:
    return " ".join(name.split())[:NAME_MAX]


def _seal(session: Session, saved: MusicList) -> bytes:
    content = asdict(saved)
    content.pop("id")
    return session.vault.seal_json(content, _about(saved.id))


def _about(list_id: str) -> str:
    return f"music list {list_id}"
