"""Decodes pictures: RGB, 8 bits, upright, no larger than needed. Encodes them as JPEG.

Where the header is enough, a picture is refused before its pixels are decoded.
"""

from __future__ import annotations

import io
import math
import os
import struct
import threading
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import pillow_heif
from PIL import Image, ImageFile, ImageOps

from fer import png_strips
from fer.decoding_cost import bytes_a_pixel
from reading import Refusal

LONGEST_SIDE = 2048
"""Pixels. The detector finds every readable face at this size; phones give four times as many."""
MOST_PIXELS = 64_000_000
"""By the header. Photographs of phones have 12 to 50 million; more would take half a gigabyte to decode."""
MOST_BYTES = 64 * 2**20
MOST_DECODED = 112_000_000
"""Bytes that a decoder may take, by the header; making the picture smaller takes up to 40 million more."""
LARGE_PIXELS = 12_000_000
"""Larger ones, once a JPEG is made smaller while it is decoded, wait for each other: each takes up to 150 MB."""
SMALLEST_SIDE = 32
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "HEIF", "AVIF")
"""Pillow opens dozens more, some by running other programs; no camera writes them. JPEG includes MPO."""
_MOST_SIDE = 65_535
"""Of a JPEG."""
_ROWS = 128
"""Of the shrunk picture, made at once."""
_MULTI_FRAME = ("GIF", "WEBP", "PNG", "TIFF")
"""Formats whose frames are separate pictures; the second frame of MPO and HEIF is a thumbnail or a depth map."""

_one_at_a_time = threading.Lock()
pillow_heif.register_heif_opener()
Result = TypeVar("Result")
_DECODER_ERRORS = (
    cv2.error,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    MemoryError,
    RuntimeError,
    KeyError,
)
"""What Pillow's decoders raise on damaged files; its own errors are OSErrors."""


def load(source: bytes | str | PathLike[str]) -> np.ndarray:
    """The picture as (height, width, 3). Raises `Refusal`."""
    return _read(source, _check_header, _decoded)


def first_frame(content: bytes) -> np.ndarray:
    """The picture of any size, or the first of several, for display. Raises `Refusal`."""
    return _read(content, _check_size, _decoded)


def pixels(content: bytes) -> int:
    """The number of pixels by the header, without decoding. Raises `Refusal`."""
    return _read(content, _check_size, lambda picture: picture.width * picture.height)


def as_jpeg(picture: Image.Image, quality: int = 75, *, optimize: bool = False) -> bytes:
    """The picture as a JPEG; `optimize` takes longer for a smaller file."""
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=quality, optimize=optimize)
    return jpeg.getvalue()


def _read(
    source: bytes | str | PathLike[str], check: Callable[[Image.Image], None], take: Callable[[Image.Image], Result]
) -> Result:
    stream = _stream(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # damaged metadata of a good picture; `_check_header` checks the size
        try:
            with Image.open(stream, formats=FORMATS) as picture:
                check(picture)
                return take(picture)
        except Image.DecompressionBombError as error:
            raise _too_large() from error
        except Image.UnidentifiedImageError as error:
            raise Refusal("unreadable", "This is not a picture of a known kind; save it as JPEG or PNG.") from error
        except _DECODER_ERRORS as error:
            raise Refusal("unreadable", "The picture is damaged or cut off; save or send it again.") from error


def _stream(source: bytes | str | PathLike[str]) -> io.BytesIO | Path:
    if isinstance(source, bytes | bytearray | memoryview):
        size, stream = len(source), io.BytesIO(source)
    else:
        stream = Path(source)
        # Not Path.is_file, which raises where a name is too long or a folder may not be read.
        if not os.path.isfile(stream):
            raise Refusal("unreadable", f"There is no file at {stream}; check the name.")
        size = stream.stat().st_size
    if size == 0:
        raise Refusal("unreadable", "The file is empty (0 bytes); take or export the picture again.")
    if size > MOST_BYTES:
        raise _too_large()
    return stream


def _check_size(picture: Image.Image) -> None:
    most = min(MOST_PIXELS, int(MOST_DECODED / bytes_a_pixel(picture)))
    if picture.width * picture.height > most or max(picture.size) > _MOST_SIDE:
        raise _too_large(most)


def _check_header(picture: Image.Image) -> None:
    _check_size(picture)
    width, height = picture.size
    if min(width, height) < SMALLEST_SIDE:
        raise Refusal(
            "too_small",
            f"The picture is only {width}×{height} pixels; a face needs more.",
            {"width": width, "height": height},
        )
    # `is_animated` looks for a second frame; counting them all would decode a whole film.
    if picture.format in _MULTI_FRAME and getattr(picture, "is_animated", False):
        raise Refusal("several_pictures", "The file holds several pictures (a film, pages); choose one of them.")


def _too_large(most: int = MOST_PIXELS) -> Refusal:
    return Refusal(
        "too_large",
        f"The picture is larger than {most // 10**6} million pixels or {MOST_BYTES >> 20} MB; "
        "make it smaller, or save it as JPEG.",
        {"limit_pixels": most, "limit_bytes": MOST_BYTES},
    )


def _decoded(picture: Image.Image) -> np.ndarray:
    # JPEG can be decoded at a half, a quarter or an eighth: large photographs cost neither time nor memory.
    picture.draft("RGB", _fitting(picture.size))
    with _one_at_a_time if picture.width * picture.height > LARGE_PIXELS else nullcontext():
        picture = _shrunk(picture)
    upright = ImageOps.exif_transpose(picture)
    return np.ascontiguousarray(np.asarray(upright if upright.mode == "RGB" else _to_rgb(_to_8_bits(upright))))


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    """This size with the same proportions, and no side longer than `LONGEST_SIDE`."""
    longest = max(*size, LONGEST_SIDE)
    width, height = (max(1, round(length * LONGEST_SIDE / longest)) for length in size)
    return width, height


def _shrunk(picture: Image.Image) -> Image.Image:
    """The decoded picture, shrunk first, so that flattening and turning handle a few million pixels at most."""
    if max(picture.size) <= LONGEST_SIDE:
        picture.load()
        return picture
    if picture.format == "PNG" and (small := _shrunk_png(picture)):
        return small
    decode = {"HEIF": _rows_of_heif, "WEBP": _rows_of_webp}.get(picture.format or "")
    rows = decode(picture) if decode else None
    if rows is None:
        picture.load()
        rows = partial(_rows, picture)
    size = _fitting(picture.size)
    full = _full_scale(picture)
    small = Image.new("RGB", size)
    for top in range(0, size[1], _ROWS):  # a copy of the whole picture in another mode would take as much once more
        bottom = min(top + _ROWS, size[1])
        first, last = (row * picture.height / size[1] for row in (top, bottom))
        from_row, to_row = math.floor(first), math.ceil(last)
        strip = _to_rgb(_to_8_bits(rows(from_row, to_row), full))
        box = (0, first - from_row, strip.width, last - from_row)
        small.paste(strip.resize((size[0], bottom - top), Image.Resampling.BOX, box), (0, top))
    return _described(small, picture)


def _rows(picture: Image.Image, first: int, last: int) -> Image.Image:
    return picture.crop((0, first, picture.width, last))


def _rows_of_heif(picture: Image.Image) -> Callable[[int, int], Image.Image] | None:
    """`_rows` where the decoder's own memory is read: Pillow would copy it, at four bytes a pixel."""
    decoded = pillow_heif.open_heif(_content(picture), convert_hdr_to_8bit=True)
    primary = decoded[decoded.primary_index]
    if primary.size != picture.size:  # a thumbnail in the file is large enough
        return None
    pixels = np.asarray(primary)
    if pixels.shape[0] != picture.height or pixels.shape[1] < picture.width:  # another size than the header says
        return None

    def rows(first: int, last: int) -> Image.Image:
        return Image.fromarray(np.ascontiguousarray(pixels[first:last, : picture.width]))

    return rows


def _rows_of_webp(picture: Image.Image) -> Callable[[int, int], Image.Image] | None:
    """`_rows` by OpenCV, which needs six bytes a pixel; Pillow needs sixteen, because the picture could move."""
    if getattr(picture, "is_animated", False):
        return None
    pixels = cv2.imdecode(np.frombuffer(_content(picture), np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None:
        raise OSError("the picture is damaged")
    to_rgb = [2, 1, 0, 3][: pixels.shape[2]]

    def rows(first: int, last: int) -> Image.Image:
        return Image.fromarray(np.ascontiguousarray(pixels[first:last, :, to_rgb]))

    return rows


def _content(picture: Image.Image) -> bytes:
    """The file itself; Pillow may decode it from the same place afterwards."""
    assert isinstance(picture, ImageFile.ImageFile)
    assert picture.fp is not None
    place = picture.fp.tell()
    picture.fp.seek(0)
    content = picture.fp.read()
    picture.fp.seek(place)
    return content


def _shrunk_png(picture: Image.Image) -> Image.Image | None:
    """The same for most PNGs, which are never in memory as a whole; None for the others."""
    factor = max(1, max(picture.size) // LONGEST_SIDE)
    small = png_strips.shrunk(memoryview(_content(picture)), factor)
    if small is None:
        return None
    exif = small.info
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    small = _described(small, picture)
    small.info.update(exif)
    return small


def _described(small: Image.Image, picture: Image.Image) -> Image.Image:
    """With what the picture says of itself, such as which side is up; it has no transparent parts any more."""
    small.info = {key: value for key, value in picture.info.items() if key != "transparency"}
    return small


def _full_scale(picture: Image.Image) -> float:
    """The value of white where a channel has more than 8 bits."""
    if picture.mode not in ("I", "F") and not picture.mode.startswith("I;16"):
        return 255.0
    highest = max(value for value in picture.getextrema() if isinstance(value, int | float))
    if picture.mode != "F":
        return 65535.0 if highest > 255 else 255.0
    return 1.0 if highest <= 1 else 255.0


def _to_8_bits(picture: Image.Image, full: float | None = None) -> Image.Image:
    """The picture with 8 bits a channel, scaled; Pillow would clip deeper pixels."""
    if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
        full = full or _full_scale(picture)
        values = np.nan_to_num(np.asarray(picture, np.float32))
        plain = Image.fromarray(np.clip(values * (255 / full), 0, 255).astype(np.uint8))
        plain.info.update(picture.info)
        return plain
    return picture


def _to_rgb(picture: Image.Image) -> Image.Image:
    """RGB, with transparent parts over white."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layers = picture.convert("RGBA")
    sheet = Image.new("RGBA", layers.size, "white")
    return Image.alpha_composite(sheet, layers).convert("RGB")
