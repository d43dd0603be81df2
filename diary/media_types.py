"""Finds the media type of a recording, picture or track in its first bytes.

Haru never trusts the type that a file claims: a browser runs the scripts of some types (SVG, HTML) with the rights of
the signed-in person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

UNKNOWN = "application/octet-stream"
"""For content of no known type: people can download it, but pages neither play nor show it."""


@dataclass(frozen=True)
class MediaType:
    kind: str
    """sound or picture."""
    mime: str
    extension: str
    first_bytes: re.Pattern[bytes]


def _type(kind: str, mime: str, extension: str, first_bytes: bytes) -> MediaType:
    return MediaType(kind, mime, extension, re.compile(first_bytes, re.DOTALL))


# The order counts: HEIC and AVIF begin as MP4 does, with another brand.
TYPES = (
    _type("sound", "audio/wav", "wav", rb"(RIFF|RF64|BW64).{4}WAVE"),
    _type("sound", "audio/ogg", "ogg", rb"OggS"),
    _type("sound", "audio/flac", "flac", rb"fLaC"),
    _type("sound", "audio/webm", "webm", rb"\x1aE\xdf\xa3"),
    _type("sound", "audio/aac", "aac", rb"\xff[\xf0\xf1\xf8\xf9]|ADIF"),
    _type("sound", "audio/mpeg", "mp3", rb"ID3|\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff]"),
    _type("sound", "audio/mp4", "m4a", rb".{4}(ftyp|moov|mdat|wide|free|skip)"),
    _type("sound", "video/x-flv", "flv", rb"FLV\x01"),
    _type("picture", "image/png", "png", rb"\x89PNG\r\n\x1a\n"),
    _type("picture", "image/jpeg", "jpg", rb"\xff\xd8\xff"),
    _type("picture", "image/webp", "webp", rb"RIFF.{4}WEBP"),
    _type("picture", "image/avif", "avif", rb".{4}ftypavi[fs]"),
    _type("picture", "image/heic", "heic", rb".{4}ftyp(hei|hev|mif|msf)"),
    _type("picture", "image/tiff", "tif", rb"II\*\x00|MM\x00\*"),
    _type("picture", "image/bmp", "bmp", rb"BM"),
)
_EXTENSIONS = {known.mime: known.extension for known in TYPES}


def mime_of(kind: str, content: bytes) -> str:
    """The type of a sound or picture by its first bytes, or `UNKNOWN`."""
    found = (known.mime for known in TYPES if known.kind == kind and known.first_bytes.match(content))
    return next(found, UNKNOWN)


def is_known(mime: str) -> bool:
    """Whether Haru stores or exports media under this type."""
    return mime == UNKNOWN or mime in _EXTENSIONS


def extension_of(mime: str) -> str:
    return _EXTENSIONS.get(mime, "bin")
