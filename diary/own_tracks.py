"""Music that a person brought along: what was heard in it, sealed, and its sound only with their own switch."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from diary import consents, database, errors, media_types, sessions
from diary.sessions import Session
from music.track import Track

TRACKS_MAX = 100
AUDIO_BYTES_MAX = 15 * 1024 * 1024
_TITLE_AT_MOST = 200


@dataclass(frozen=True)
class OwnTrack:
    """One piece of one's own, as it was heard."""

    title: str
    seconds: float
    valence: float
    arousal: float
    emotion8: str
    emotion4: str
    scores4: Mapping[str, float]
    features: Mapping[str, float]
    model: str
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    mime: str = ""
    """Of the sound, where it was kept; else empty."""

    def as_track(self) -> Track:
        return Track(
            id=f"own:{self.id}",
            title={"en": self.title},
            by={},
            work=self.id,
            genre="other",
            valence=self.valence,
            arousal=self.arousal,
            seconds=round(self.seconds),
            placed="music model",
            evidence="answered",
        )


def add(session: Session, track: OwnTrack, audio: bytes | None = None) -> str:
    """Lets a piece join this person's own recommendations; the same piece twice is one. Returns its id."""
    if audio is not None and "media" not in consents.given(session.account_id):
        raise errors.KeepingNotAllowed()
    if audio is not None and len(audio) > AUDIO_BYTES_MAX:
        raise errors.OwnTrackTooLarge(megabytes=AUDIO_BYTES_MAX // 1024**2)
    there = every(session)
    title = track.title[:_TITLE_AT_MOST]
    twin = next((own for own in there if (own.title, own.seconds) == (title, track.seconds)), None)
    if twin is None and len(there) >= TRACKS_MAX:
        raise errors.TooManyOwnTracks(most=TRACKS_MAX)
    own_id = twin.id if twin else track.id
    if twin and audio is None:
        return own_id
    row = as_row(session, replace(track, id=own_id, title=title), audio)
    with sessions.transaction(session) as db:
        db.table("own_tracks").insert(row, replace=True)
    return own_id


def as_row(session: Session, track: OwnTrack, audio: bytes | None = None) -> dict:
    content = asdict(track)
    content.pop("id")
    content["mime"] = media_types.mime_of("sound", audio) if audio is not None else ""
    return {
        "id": track.id,
        "account_id": session.account_id,
        "sealed": session.vault.seal_json(content, _about(track.id)),
        "sound": session.vault.seal(audio, _about_audio(track.id)) if audio is not None else None,
        "created_at": database.now(),
    }


def every(session: Session) -> list[OwnTrack]:
    """Oldest first; without their sound. A damaged one is left out, the others still play."""
    with database.connect() as db:
        rows = list(
            db.query(
                "select id, sealed, sound is not null as has_sound from own_tracks where account_id = ? "
                "order by created_at, rowid",
                [session.account_id],
            )
        )
    tracks = []
    for row in rows:
        try:
            content = session.vault.open_json(row["sealed"], _about(row["id"]))
        except errors.Unopenable:
            continue
        if not row["has_sound"]:
            content["mime"] = ""  # taken back since: the permission was withdrawn
        tracks.append(OwnTrack(**content, id=row["id"]))
    return tracks


def audio(session: Session, own_id: str) -> tuple[bytes, str] | None:
    """The sound of one piece and what kind of file it is, if it was kept."""
    with database.connect() as db:
        row = next(
            db.query(
                "select sound from own_tracks where id = ? and account_id = ? and sound is not null",
                [own_id, session.account_id],
            ),
            None,
        )
    if row is None:
        return None
    content = session.vault.open(row["sound"], _about_audio(own_id))
    return content, media_types.mime_of("sound", content)


def delete(session: Session, own_id: str) -> None:
    with sessions.transaction(session) as db:
        db.table("own_tracks").delete_where("id = ? and account_id = ?", [own_id, session.account_id])


def exported(session: Session) -> list[dict]:
    """For the export: everything but the sound, which the person has in their own hands."""
    return [asdict(track) for track in every(session)]


def _about(own_id: str) -> str:
    return f"own track {own_id}"


def _about_audio(own_id: str) -> str:
    return f"sound of own track {own_id}"
