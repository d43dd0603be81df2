"""Photographs of a day: any pictures, several an entry, sealed in the database, only with the person's consent.

No model reads them. They are apart from the pictures in diary/media.py, which a model has read for a face.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from PIL import Image, ImageCms
from sqlite_utils import Database

from diary import consents, database, errors, quotas
from diary.entry_files import EntryFiles
from diary.sessions import Session
from fer import image
from reading import Refusal

PHOTOS_MAX = 10
"""Of one entry."""
LONGEST_SIDE = image.LONGEST_SIDE
"""Pixels; `fer.image` makes larger ones smaller."""
EXTENSION = "jpg"
_QUALITY = 88
_END = b"\xff\xd9"
_SRGB = ImageCms.createProfile("sRGB")
_FILES = EntryFiles("photos", "photo")
content, opens, delete = _FILES.content, _FILES.opens, _FILES.delete


@dataclass(frozen=True)
class NewPhoto:
    """A photograph that is about to be stored; `photo_of` makes it from a file."""

    content: bytes = field(repr=False)
    """A JPEG without metadata."""


@dataclass(frozen=True)
class StoredPhoto:
    """A stored photograph; `content` opens it."""

    id: str
    entry_id: str
    created_at: str


def photo_of(file: bytes) -> NewPhoto:
    """The picture of a file: upright, at most `LONGEST_SIDE` pixels, without place, time and camera.

    Raises `Refusal`. A file that this function made stays as it is, so that exporting and importing lose nothing.
    """
    pixels = image.first_frame(file)
    if _is_tidy(file):
        return NewPhoto(file)
    return NewPhoto(image.as_jpeg(_in_srgb(Image.fromarray(pixels), file), _QUALITY, optimize=True))


def thumbnail(content: bytes, side: int) -> bytes | None:
    """A square JPEG from the middle of a photograph; None if it does not open."""
    try:
        picture = Image.fromarray(image.first_frame(content))
    except Refusal:
        return None
    edge = min(picture.size)
    left, top = ((length - edge) // 2 for length in picture.size)
    square = picture.crop((left, top, left + edge, top + edge)).resize((side, side))
    return image.as_jpeg(square, 80)


def insert(db: Database, session: Session, entry_id: str, photos: Sequence[NewPhoto]) -> None:
    """Seals and stores photographs inside the caller's transaction.

    Raises `KeepingNotAllowed` without consent, `TooManyPhotos` and `TooMuchMedia`.
    """
    if not photos:
        return
    if "media" not in consents.given(session.account_id):
        raise errors.KeepingNotAllowed()
    if db.table("photos").count_where("entry_id = ?", [entry_id]) + len(photos) > PHOTOS_MAX:
        raise errors.TooManyPhotos(most=PHOTOS_MAX)
    rows = [as_row(session, entry_id, photo, database.now()) for photo in photos]
    quotas.expect_media(db, session, sum(len(row["sealed"]) for row in rows))
    db.table("photos").insert_all(rows)


def as_row(session: Session, entry_id: str, photo: NewPhoto, created_at: str) -> dict:
    photo_id = secrets.token_hex(16)
    return {
        "id": photo_id,
        "entry_id": entry_id,
        "sealed": session.vault.seal(photo.content, _FILES.about(photo_id, entry_id)),
        "created_at": created_at,
    }


def of_entry(session: Session, entry_id: str) -> list[StoredPhoto]:
    """In the order in which they were added."""
    return _find(session, "e.id = ?", [entry_id])


def between(session: Session, first: date, last: date) -> dict[str, list[StoredPhoto]]:
    """The photographs of these days' entries, by entry id. Opens none."""
    by_entry: dict[str, list[StoredPhoto]] = {}
    for photo in _find(session, "e.day between ? and ?", [first.isoformat(), last.isoformat()]):
        by_entry.setdefault(photo.entry_id, []).append(photo)
    return by_entry


def has_any(session: Session) -> bool:
    """Whether this person has any photograph stored."""
    with database.connect() as db:
        found = db.execute(
            "select 1 from photos p join entries e on e.id = p.entry_id where e.account_id = ? limit 1",
            [session.account_id],
        ).fetchone()
    return found is not None


def _find(session: Session, where: str, values: list) -> list[StoredPhoto]:
    with database.connect() as db:
        rows = db.query(
            "select p.id, p.entry_id, p.created_at from photos p join entries e on e.id = p.entry_id "  # noqa: S608
            f"where e.account_id = ? and {where} order by p.created_at, p.rowid",
            [session.account_id, *values],
        )
        return [StoredPhoto(**row) for row in rows]


def _in_srgb(picture: Image.Image, file: bytes) -> Image.Image:
    """The picture in the colours of any screen: without their own profile, a phone's photographs would look pale."""
    with Image.open(io.BytesIO(file), formats=image.FORMATS) as header:
        profile = header.info.get("icc_profile")
    if not profile:
        return picture
    try:
        converted = ImageCms.profileToProfile(picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), _SRGB)
    except (ImageCms.PyCMSError, OSError):  # damaged, or of a printer
        return picture
    return converted or picture


def _is_tidy(file: bytes) -> bool:
    """Whether `photo_of` may have made this file: a JPEG of the right size that holds nothing beside the picture."""
    if not file.endswith(_END):
        return False
    with Image.open(io.BytesIO(file), formats=image.FORMATS) as picture:
        segments = {name for name, _ in getattr(picture, "applist", [("?", b"")])}
        # APP0 holds only the density of pixels.
        return picture.format == "JPEG" and max(picture.size) <= LONGEST_SIDE and segments <= {"APP0"}
