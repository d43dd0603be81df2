"""Photographs of a day: decoded, without what a camera writes beside the picture, sealed, and only with consent."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageCms, ImageDraw

from diary import accounts, consents, database, entries, errors, photos
from diary.entries import NewEntry
from diary.photos import NewPhoto
from diary.sessions import Session
from reading import Refusal

DAY = NewEntry("happiness", 3, date(2026, 1, 2), "Asia/Seoul")
GPS_SECRET = b"37.5665N somewhere private"


def picture(width: int = 640, height: int = 480, corner: str = "red") -> Image.Image:
    """White, with one coloured corner at the top left."""
    drawn = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(drawn).rectangle((0, 0, width // 3, height // 3), fill=corner)
    return drawn


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    made = io.BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()


def with_metadata(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = GPS_SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    return encoded(picture(), exif=exif, comment=GPS_SECRET)


def photo(corner: str = "red") -> NewPhoto:
    return photos.photo_of(encoded(picture(corner=corner)))


def allow(session: Session) -> Session:
    consents.set_given(session, "media", True)
    return session


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"])
def test_pictures_of_usual_kinds_become_a_jpeg(kind: str) -> None:
    content = photos.photo_of(encoded(picture(), kind)).content
    assert (opened(content).format, opened(content).size) == ("JPEG", (640, 480))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK", "YCbCr"])
def test_pictures_of_any_depth_become_a_jpeg_in_colour(mode: str) -> None:
    kind = "TIFF" if mode in ("CMYK", "YCbCr") else "PNG"
    source = Image.new(mode, (64, 48)) if mode == "I;16" else picture(64, 48).convert(mode)
    kept = opened(photos.photo_of(encoded(source, kind)).content)
    assert (kept.mode, kept.size) == ("RGB", (64, 48))


def test_of_a_film_the_first_picture_is_kept() -> None:
    film = encoded(picture(corner="red"), "GIF", save_all=True, append_images=[picture(corner="blue")])
    red, _, blue = opened(photos.photo_of(film).content).getpixel((10, 10))
    assert red > 200 > blue


def test_a_heic_becomes_a_jpeg() -> None:
    made = io.BytesIO()
    pillow_heif.from_pillow(picture()).save(made)
    assert opened(photos.photo_of(made.getvalue()).content).format == "JPEG"


def test_nothing_that_a_camera_writes_beside_the_picture_stays() -> None:
    source = with_metadata()
    assert GPS_SECRET in source
    content = photos.photo_of(source).content
    assert GPS_SECRET not in content
    kept = opened(content)
    assert not kept.getexif()
    assert not {"exif", "icc_profile", "xmp", "comment", "photoshop"} & kept.info.keys()


def test_a_photograph_stands_upright() -> None:
    content = photos.photo_of(with_metadata(orientation=6)).content  # turned by a quarter, as phones write it
    kept = opened(content)
    assert kept.size == (480, 640)
    red = kept.getpixel((470, 10))  # the top left corner came to the top right
    assert red[0] > 200
    assert red[1] < 90


def test_a_large_photograph_is_made_smaller() -> None:
    kept = opened(photos.photo_of(encoded(picture(6000, 3000))).content)
    assert kept.size == (2048, 1024)


def test_transparent_parts_become_white() -> None:
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    assert opened(photos.photo_of(encoded(clear, "PNG")).content).getpixel((5, 5))[0] > 250


def _exchanged_primaries() -> bytes:
    """The profile of a screen whose red is blue and whose blue is red."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")  # the first are in the table of tags
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIF"])
def test_colours_of_a_phones_own_profile_are_those_of_any_screen(kind: str) -> None:
    source = encoded(Image.new("RGB", (640, 480), "red"), kind, icc_profile=_exchanged_primaries(), quality=90)
    kept = opened(photos.photo_of(source).content)
    red, _, blue = kept.getpixel((100, 100))
    assert blue > 200
    assert red < 60
    assert "icc_profile" not in kept.info


@pytest.mark.parametrize("profile", [b"no profile", _exchanged_primaries()[:200]])
def test_a_damaged_profile_costs_only_itself(profile: bytes) -> None:
    source = encoded(Image.new("RGB", (640, 480), "red"), icc_profile=profile)
    assert opened(photos.photo_of(source).content).getpixel((100, 100))[0] > 200


def _bomb() -> bytes:
    return encoded(Image.new("1", (16_000, 16_000)), "PNG")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unreadable"),
        (b"not a picture", "unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "unreadable"),
        (b"%PDF-1.7 ...", "unreadable"),
        (encoded(picture(1200, 900))[:3000], "unreadable"),
        (encoded(picture(), "PNG")[:-200], "unreadable"),
        (_bomb(), "too_large"),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        photos.photo_of(content)
    assert refused.value.code == code


def test_a_photograph_that_is_tidy_already_stays_as_it_is() -> None:
    first = photo().content
    assert photos.photo_of(first).content == first
    assert photos.photo_of(first + GPS_SECRET).content != first + GPS_SECRET


def test_photographs_come_back_in_order_and_are_sealed(person: Session, data_folder: Path) -> None:
    three = [photo(colour) for colour in ("red", "green", "blue")]
    entry_id = entries.add(allow(person), DAY, photos=three)
    stored = photos.of_entry(person, entry_id)
    assert [photos.content(person, one.id) for one in stored] == [one.content for one in three]
    assert three[0].content[:200] not in everything_in(data_folder)
    assert photos.has_any(person)


def test_without_permission_nothing_is_stored_and_nothing_half_saved(person: Session) -> None:
    with pytest.raises(errors.KeepingNotAllowed):
        entries.add(person, DAY, photos=[photo()])
    assert entries.count(person) == 0
    assert not photos.has_any(person)


def test_an_entry_has_at_most_ten(person: Session) -> None:
    with pytest.raises(errors.TooManyPhotos):
        entries.add(allow(person), DAY, photos=[photo()] * 11)
    assert entries.count(person) == 0
    entry_id = entries.add(person, DAY, photos=[photo()] * 9)
    entries.change(person, entry_id, 1, DAY, photos=[photo()])
    with pytest.raises(errors.TooManyPhotos):
        entries.change(person, entry_id, 2, DAY, photos=[photo()])
    assert len(photos.of_entry(person, entry_id)) == 10
    assert entries.get(person, entry_id).version == 2


def test_saving_twice_stores_each_once(person: Session) -> None:
    for _ in range(2):
        entry_id = entries.add(allow(person), DAY, photos=[photo()])
    assert len(photos.of_entry(person, entry_id)) == 1


def test_each_can_be_deleted_on_its_own(person: Session) -> None:
    entry_id = entries.add(allow(person), DAY, photos=[photo("red"), photo("blue")])
    first, second = photos.of_entry(person, entry_id)
    photos.delete(person, first.id)
    assert photos.of_entry(person, entry_id) == [second]


def test_a_deletion_is_undone_in_place(person: Session) -> None:
    entry_id = entries.add(allow(person), DAY, photos=[photo("red"), photo("blue")])
    before = photos.of_entry(person, entry_id)
    content = photos.content(person, before[0].id)
    photos.delete(person, before[0].id).undo(person)
    assert photos.of_entry(person, entry_id) == before
    assert photos.content(person, before[0].id) == content
    entries.delete(person, entry_id).undo(person)
    assert photos.of_entry(person, entry_id) == before


def test_withdrawing_the_permission_deletes_them(person: Session, stranger: Session) -> None:
    mine = entries.add(allow(person), DAY, photos=[photo()])
    theirs = entries.add(allow(stranger), NewEntry("fear", 1, DAY.day, "Asia/Seoul"), photos=[photo()])
    consents.set_given(person, "media", False)
    assert photos.of_entry(person, mine) == []
    assert len(photos.of_entry(stranger, theirs)) == 1
    assert entries.get(person, mine)


def test_no_id_reaches_another_persons_photographs(person: Session, stranger: Session) -> None:
    entry_id = entries.add(allow(person), DAY, photos=[photo()])
    (stored,) = photos.of_entry(person, entry_id)
    assert photos.of_entry(stranger, entry_id) == []
    for ask in (photos.content, photos.delete):
        with pytest.raises(errors.EntryNotFound):
            ask(stranger, stored.id)


@pytest.mark.parametrize("leave", [lambda person, entry_id: entries.delete(person, entry_id), None])
def test_they_go_with_the_entry_and_with_the_account(
    person: Session, data_folder: Path, leave: Callable | None
) -> None:
    entry_id = entries.add(allow(person), DAY, photos=[photo()])
    (stored,) = photos.of_entry(person, entry_id)
    if leave:
        leave(person, entry_id)
    else:
        accounts.delete(person)
    with database.connect() as db:
        assert db["photos"].count == 0
    assert stored.id.encode() not in everything_in(data_folder)


def test_one_moved_to_another_entry_or_damaged_does_not_open(person: Session) -> None:
    entry_id = entries.add(allow(person), DAY, photos=[photo()])
    other = entries.add(person, NewEntry("fear", 1, DAY.day, "Asia/Seoul"))
    (stored,) = photos.of_entry(person, entry_id)
    with database.transaction() as db:
        db.execute("update photos set entry_id = ?", [other])
    with pytest.raises(errors.Unopenable):
        photos.content(person, stored.id)
    photos.delete(person, stored.id)  # the key opens the entries, so the photograph is damaged and may go
    assert not photos.has_any(person)
