"""Broken and hostile pictures."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from diary import photos
from fer import image
from reading import Refusal
from settings import ASSETS
from tests.trial.bounded import try_all
from tests.trial.mutations import damaged

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "HEIF", "AVIF", "MPO", "ICO", "PPM", "TGA", "JPEG2000")
_MODES = ("1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "I", "F", "YCbCr", "LAB")
_BEGINNINGS = (
    *(b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0", b"BM", b"RIFFxxxxWEBP"),
    *(b"\0\0\0 ftypheic", b"\0\0\0 ftypavif"),
)
_NO_PICTURES = (
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    b"<html><script>1</script>",
    b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n",
    b"%PDF-1.4\n",
)


# Of 64 million pixels; Haru decodes one such picture at a time (fer/image.py).
_MEGABYTES_MAX = 350


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_broken_pictures(tmp_path: Path) -> None:
    try_all(4000, broken_picture, load_everywhere, tmp_path, _MEGABYTES_MAX)


def broken_picture(random: Random, number: int) -> tuple[str, bytes]:
    if number % 60 < 10:
        return hostile(random)
    return damaged(random, *random.choice(whole()), _BEGINNINGS, 40_000)


def load_everywhere(content: bytes) -> None:
    """As a picture of a face and as a photograph."""
    with suppress(Refusal):
        image.load(content)
    with suppress(Refusal):
        photos.photo_of(content)


@cache
def face() -> Image.Image:
    return Image.open(ASSETS / "samples" / "face.jpg").convert("RGB").resize((320, 320))


@cache
def whole() -> list[tuple[str, bytes]]:
    made = [(name, saved(face(), name)) for name in _FORMATS]
    for mode in _MODES:
        # Pillow makes the modes of many bits from grey only.
        picture = (face().convert("L") if mode in ("I;16", "I", "F") else face()).convert(mode)
        for name in ("PNG", "TIFF", "JPEG"):
            try:
                made.append((f"{name} of {mode}", saved(picture, name)))
            except OSError:  # not every format has every mode
                continue
    return made


def saved(picture: Image.Image, name: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, name, **options)
    return file.getvalue()


@cache
def zeros() -> bytes:
    """200 MB, packed."""
    return zlib.compress(bytes(200_000_000), 9)


def hostile(random: Random) -> tuple[str, bytes]:
    if random.random() < 0.02:
        # Rarely, because each takes a second.
        return "64 million pixels, packed", png(8000, 8000, zeros())
    match random.randrange(12):
        case 0:
            return "100,000 pixels wide and high", png(100_000, 100_000, zlib.compress(bytes(1000)))
        case 1:
            return "without an area", png(random.choice([0, 1]), random.choice([0, 1, 2**31 - 1]), b"")
        case 2:
            return "64 million pixels, cut off", png(7999, 7999, zeros()[:1000])
        case 3:
            exif = Image.Exif()
            exif[274] = random.choice([0, 1, 3, 6, 8, 9, 255, 65_535])  # how to turn it
            return "turned oddly", saved(face(), "JPEG", exif=exif)
        case 4:
            jpeg, noise = saved(face(), "JPEG"), b"Exif\0\0" + random.randbytes(494)
            return "random metadata", jpeg[:2] + b"\xff\xe1" + struct.pack(">H", 502) + noise + jpeg[2:]
        case 5:
            return "no picture", random.choice(_NO_PICTURES)
        case 6:
            return "empty", b""
        case 7:
            small = face().resize((40, 40))
            frames = [small] * random.randrange(1, 60)
            return "a film", saved(small, "GIF", save_all=True, append_images=frames)
        case 8:
            tiff = bytearray(saved(face(), "TIFF"))
            (at,) = struct.unpack_from("<I", tiff, 4)
            struct.pack_into("<I", tiff, 4, random.choice([0, 8, at, len(tiff) - 2, 2**32 - 1]))
            return "a directory that points at itself", bytes(tiff)
        case 9:
            head = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xfe\x3f\0\xfe\x3f\0"
            return "268 million pixels by the header", head + random.randbytes(100)
        case 10:
            head = struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 30_000, 30_000, 1, 24, 0, 0, 0, 0, 0, 0)
            return "900 million pixels by the header", b"BM" + head
        case _:
            return "a fax of 60,000 pixels", saved(Image.new("1", (60_000, 1000)), "TIFF", compression="group4")


def png(width: int, height: int, packed: bytes) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
