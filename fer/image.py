"""Anything a person photographs or uploads → one clean array: RGB, 8 bits, the right way up, no larger than needed.

What is refused is refused from the header wherever that says enough, before a pixel is decoded.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import TypeVar

import numpy as np
import pillow_heif
from PIL import Image, ImageOps

from reading import Refusal

LONGEST_SIDE = 2048
"""Pixels. A face that can be read is found in this just as well; phones give four times as many."""
MOST_PIXELS = 64_000_000
"""By the header. Phones' photographs have 12 to 50 million; more would take half a gigabyte to decode."""
MOST_BYTES = 64 * 2**20
SMALLEST_SIDE = 32
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "HEIF", "AVIF")
"""Pillow opens dozens more, some by running other programs; nobody photographs in them. (JPEG includes MPO.)"""
_MOVING = ("GIF", "WEBP", "PNG", "TIFF")
"""Where several frames are several pictures. (The second frame of MPO and HEIF is a thumbnail or a depth map.)"""

pillow_heif.register_heif_opener()
Taken = TypeVar("Taken")
_OPENED_BADLY = (OSError, SyntaxError, ValueError, EOFError, struct.error, MemoryError, RuntimeError, KeyError)
"""What Pillow's decoders are known to raise on damaged files, besides its own errors (which are OSErrors)."""


def load(source: bytes | str | PathLike[str]) -> np.ndarray:
    """(height, width, 3). Raises `Refusal` with a named reason."""
    return _read(source, _judge_header, _decoded)


def first_frame(content: bytes) -> np.ndarray:
    """A picture as its owner is shown it, however small, the first of several. Raises `Refusal` where there is none."""
    return _read(content, _judge_size, _decoded)


def pixels(content: bytes) -> int:
    """How many a picture has, by its header: nothing is decoded. Raises `Refusal` where there is none."""
    return _read(content, _judge_size, lambda picture: picture.width * picture.height)


def _read(
    source: bytes | str | PathLike[str], judge: Callable[[Image.Image], None], take: Callable[[Image.Image], Taken]
) -> Taken:
    stream = _stream(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # damaged metadata of a good picture; sizes are judged here
        try:
            with Image.open(stream, formats=FORMATS) as picture:
                judge(picture)
                return take(picture)
        except Image.DecompressionBombError as error:
            raise _too_large() from error
        except Image.UnidentifiedImageError as error:
            raise Refusal("unreadable", "This is not a picture of a known kind; save it as JPEG or PNG.") from error
        except _OPENED_BADLY as error:
            raise Refusal("unreadable", "The picture is damaged or cut off; save or send it again.") from error


def _stream(source: bytes | str | PathLike[str]) -> io.BytesIO | Path:
    if isinstance(source, bytes | bytearray | memoryview):
        size, stream = len(source), io.BytesIO(source)
    else:
        stream = Path(source)
        if not stream.is_file():
            raise Refusal("unreadable", f"There is no file at {stream}; check the name.")
        size = stream.stat().st_size
    if size == 0:
        raise Refusal("unreadable", "The file is empty (0 bytes); take or export the picture again.")
    if size > MOST_BYTES:
        raise _too_large()
    return stream


def _judge_size(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise _too_large()


def _judge_header(picture: Image.Image) -> None:
    _judge_size(picture)
    width, height = picture.size
    if min(width, height) < SMALLEST_SIDE:
        raise Refusal(
            "too_small",
            f"The picture is only {width}×{height} pixels; a face needs more.",
            {"width": width, "height": height},
        )
    # `is_animated` looks for a second frame; counting them all would decode a whole film.
    if picture.format in _MOVING and getattr(picture, "is_animated", False):
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
    picture.load()
    # Made small first: flattening and turning then touch a few million pixels at most.
    if max(picture.size) > LONGEST_SIDE:
        picture = _plain(picture)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    upright = ImageOps.exif_transpose(picture)
    return np.ascontiguousarray(np.asarray(_flat(_plain(upright))))


def _plain(picture: Image.Image) -> Image.Image:
    """Pixels of 8 bits a channel. Pillow would clip what has more, not scale it."""
    if picture.mode == "I;16" or picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        values = np.nan_to_num(np.asarray(picture, np.float32))
        full = 65535.0 if picture.mode != "F" and values.max(initial=0) > 255 else 255.0
        if picture.mode == "F" and values.max(initial=0) <= 1:
            full = 1.0
        plain = Image.fromarray(np.clip(values * (255 / full), 0, 255).astype(np.uint8))
        plain.info.update(picture.info)
        return plain
    return picture


def _flat(picture: Image.Image) -> Image.Image:
    """RGB; what is transparent shows white behind it."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layers = picture.convert("RGBA")
    sheet = Image.new("RGBA", layers.size, "white")
    return Image.alpha_composite(sheet, layers).convert("RGB")
