"""Makes a large PNG smaller while it is decoded, strip by strip.

Pillow decodes a PNG as a whole, which takes four bytes a pixel. Here zlib unpacks some rows at a time. They become a
small PNG of their own, which Pillow decodes, and are shrunk at once. Each strip begins with the last row of the one
before: the rows of a PNG are differences to the row above.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""By the colour type of the header."""
_STRIP_BYTES = 2**20
_UNPACKED_AT_ONCE = 2**18
_EXIF = b"Exif\x00\x00"


@dataclass(frozen=True)
class _Header:
    width: int
    height: int
    depth: int
    colour: int
    interlaced: int

    @property
    def row_bytes(self) -> int:
        return 1 + self.width * _CHANNELS[self.colour]  # the first one names the filter

    def with_height(self, rows: int) -> bytes:
        return struct.pack(">IIBBBBB", self.width, rows, self.depth, self.colour, 0, 0, 0)


def shrunk(content: memoryview, factor: int) -> Image.Image | None:
    """The picture in RGB, over white, with a side of this part of its pixels; each is the mean of a square.

    None for a kind that has to be decoded as a whole: interlaced, or not of 8 bits. Raises what Pillow raises.
    """
    chunks = list(_chunks(content))
    header = _Header(*struct.unpack(">IIBB2xB", dict(chunks)[b"IHDR"]))
    if header.interlaced or header.depth != 8:
        return None
    for_all = [(kind, data) for kind, data in chunks if kind in (b"PLTE", b"tRNS")]
    small = Image.new("RGB", (-(-header.width // factor), -(-header.height // factor)))
    above, top = bytes(header.row_bytes), 0
    for rows in _strips(header, chunks, factor):
        strip = _decoded(header, for_all, above + rows)
        above = b"\x00" + strip.crop((0, strip.height - 1, strip.width, strip.height)).tobytes()
        part = _over_white(strip.crop((0, 1, strip.width, strip.height))).reduce(factor)
        small.paste(part, (0, top))
        top += part.height
    for kind, data in chunks:
        if kind == b"eXIf":
            small.info["exif"] = _EXIF + bytes(data)
    return small


def _chunks(content: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    if content[:8] != _SIGNATURE:
        raise SyntaxError("not a PNG")
    start = 8
    while start + 8 <= len(content):
        (length,) = struct.unpack(">I", content[start : start + 4])
        kind = bytes(content[start + 4 : start + 8])
        yield kind, content[start + 8 : start + 8 + length]
        if kind == b"IEND":
            return
        start += length + 12


def _strips(header: _Header, chunks: list[tuple[bytes, memoryview]], factor: int) -> Iterator[bytes]:
    """The rows as they are stored, some at a time: a multiple of `factor`, except the last ones."""
    at_once = max(1, _STRIP_BYTES // header.row_bytes // factor) * factor
    missing, held = header.height, bytearray()
    for some in _unpacked(chunks):
        held += some
        while missing and len(held) >= (size := min(at_once, missing) * header.row_bytes):
            missing -= size // header.row_bytes
            yield bytes(held[:size])
            del held[:size]
        if not missing:
            return
    raise OSError("the picture is cut off")


def _unpacked(chunks: list[tuple[bytes, memoryview]]) -> Iterator[bytes]:
    unpack = zlib.decompressobj()
    try:
        for kind, data in chunks:
            if kind != b"IDAT":
                continue
            rest: bytes | memoryview = data
            while rest:  # a few bytes may unpack to a thousand times as many
                yield unpack.decompress(rest, _UNPACKED_AT_ONCE)
                rest = unpack.unconsumed_tail
        yield unpack.flush()
    except zlib.error as error:
        raise OSError(str(error)) from error


def _decoded(header: _Header, for_all: list[tuple[bytes, memoryview]], rows: bytes) -> Image.Image:
    chunks = [(b"IHDR", header.with_height(len(rows) // header.row_bytes)), *for_all]
    chunks += [(b"IDAT", zlib.compress(rows, 0)), (b"IEND", b"")]
    file = BytesIO()
    file.write(_SIGNATURE)
    for kind, data in chunks:
        file.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind))))
    file.seek(0)
    strip = Image.open(file, formats=("PNG",))
    strip.load()
    return strip


def _over_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layers = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layers.size, "white"), layers).convert("RGB")
