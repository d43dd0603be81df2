"""A person's own tracks: what the model measured in them, sealed, and their audio only with the person's consent."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from diary import consents, database, deletions, errors, media_types, quotas, sessions
from diary.deletions import Deletion
from diary.sessions import Session
from music.track import Track

TRACKS_MAX = 100
AUDIO_BYTES_MAX = 15 * 1024 * 1024
_TITLE_MAX = 200


@dataclass(frozen=True)
class OwnTrack:
    """One track with the model's measurements."""

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
    """Of the stored audio; empty if there is none."""

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
    """Adds a track to this person's recommendations and returns its id; the same track twice is one."""
    if audio is not None and "media" not in consents.given(session.account_id):
        raise errors.KeepingNotAllowed()
    if audio is not None and len(audio) > AUDIO_BYTES_MAX:
        raise errors.OwnTrackTooLarge(megabytes=AUDIO_BYTES_MAX // 1024**2)
    stored = every(session)
    title = track.title[:_TITLE_MAX]
    same = next((own for own in stored if (own.title, own.seconds) == (title, track.seconds)), None)
    if same is None and len(stored) >= TRACKS_MAX:
        raise errors.TooManyOwnTracks(most=TRACKS_MAX)
    own_id = same.id if same else track.id
    if same and audio is None:
        return own_id
    row = as_row(session, replace(track, id=own_id, title=title), audio)
    with sessions.transaction(session) as db:
        quotas.expect_media(db, session, len(row["sound"] or b""))
        db.table("own_tracks").insert(row, replace=True)
    return own_id


def as_row(session: Session, track: OwnTrack, audio: bytes | None = None) -> dict:
    """The row of a track, with sealed content."""
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
    """All tracks that open, oldest first, without their audio."""
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
            content["mime"] = ""  # withdrawing the consent deleted the audio
        tracks.append(OwnTrack(**content, id=row["id"]))
    return tracks


def audio(session: Session, own_id: str) -> tuple[bytes, str] | None:
    """The audio of a track and its media type; None if it is not stored."""
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


def delete(session: Session, own_id: str) -> Deletion:
    """Deletes a track with its audio; the deletion can be undone."""
    with sessions.transaction(session) as db:
        return deletions.delete(db, session, "own_tracks", "id = ? and account_id = ?", [own_id, session.account_id])


def exported(session: Session) -> list[dict]:
    """All tracks for the export, without the audio, of which the person has the file."""
    return [asdict(track) for track in every(session)]


def _about(own_id: str) -> str:
    return f"own track {own_id}"


def _about_audio(own_id: str) -> str:
    return f"sound of own track {own_id}"
