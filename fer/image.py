"""Decodes pictures: RGB, 8 bits, upright, no larger than needed. Encodes them as JPEG.

Where the header is enough, a picture is refused before its pixels are decoded.
"""

from __future__ import annotations

import io
import os
import struct
import threading
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from os import PathLike
from pathlib import Path
from typing import TypeVar

import numpy as np
import pillow_heif
from PIL import Image, ImageOps

from reading import Refusal

LONGEST_SIDE = 2048
"""Pixels. The detector finds every readable face at this size; phones give four times as many."""
MOST_PIXELS = 64_000_000
"""By the header. Photographs of phones have 12 to 50 million; more would take half a gigabyte to decode."""
MOST_BYTES = 64 * 2**20
LARGE_PIXELS = 12_000_000
"""Larger ones, once a JPEG is made smaller while it is decoded, wait for each other: each takes up to 0.4 GB."""
SMALLEST_SIDE = 32
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "HEIF", "AVIF")
"""Pillow opens dozens more, some by running other programs; no camera writes them. JPEG includes MPO."""
_MULTI_FRAME = ("GIF", "WEBP", "PNG", "TIFF")
"""Formats whose frames are separate pictures; the second frame of MPO and HEIF is a thumbnail or a depth map."""

_one_at_a_time = threading.Lock()
pillow_heif.register_heif_opener()
Result = TypeVar("Result")
_DECODER_ERRORS = (OSError, SyntaxError, ValueError, EOFError, struct.error, MemoryError, RuntimeError, KeyError)
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
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise _too_large()


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


def _too_large() -> Refusal:
    return Refusal(
        "too_large",
        f"The picture is larger than {MOST_PIXELS // 10**6} million pixels or {MOST_BYTES >> 20} MB; make it smaller.",
        {"limit_pixels": MOST_PIXELS, "limit_bytes": MOST_BYTES},
    )


def _decoded(picture: Image.Image) -> np.ndarray:
    # JPEG can be decoded at a half, a quarter or an eighth: large photographs cost neither time nor memory.
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    with _one_at_a_time if picture.width * picture.height > LARGE_PIXELS else nullcontext():
        picture = _shrunk(picture)
    upright = ImageOps.exif_transpose(picture)
    return np.ascontiguousarray(np.asarray(_to_rgb(_to_8_bits(upright))))


def _shrunk(picture: Image.Image) -> Image.Image:
    """The decoded picture, shrunk first, so that flattening and turning handle a few million pixels at most."""
    picture.load()
    if max(picture.size) <= LONGEST_SIDE:
        return picture
    shrunk = _to_8_bits(picture)
    shrunk.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    return shrunk


def _to_8_bits(picture: Image.Image) -> Image.Image:
    """The picture with 8 bits a channel, scaled; Pillow would clip deeper pixels."""
    if picture.mode == "I;16" or picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        values = np.nan_to_num(np.asarray(picture, np.float32))
        full = 65535.0 if picture.mode != "F" and values.max(initial=0) > 255 else 255.0
        if picture.mode == "F" and values.max(initial=0) <= 1:
            full = 1.0
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
