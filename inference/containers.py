"""Opens sound files and films with PyAV so that a file can open neither other files nor the network.

libav guesses formats, and some formats are addresses: SDP opens network sockets, ffconcat opens other files. So
here the first bytes choose the format, from a fixed list of formats without addresses. libav gets no path, no protocol
and a deadline.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import BinaryIO, NoReturn

import av
import av.error
from av.container import InputContainer

from reading import Refusal

Source = bytes | str | PathLike[str]

DAMAGED = (av.error.FFmpegError, ValueError, UnicodeDecodeError, IndexError)
"""What PyAV raises for a file that it cannot read; `IndexError` for a track that the header lacks."""

_BY_START = {
    b"OggS": "ogg",
    b"fLaC": "flac",
    b"\x1aE\xdf\xa3": "matroska",
    b"FLV\x01": "flv",
    b"caff": "caf",
    b"#!AMR": "amr",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11": "asf",
    b"\x00\x00\x01\xba": "mpeg",
    b"\x00\x00\x01\xb3": "mpegvideo",
}
_BY_CHUNK = {
    (b"RIFF", b"WAVE"): "wav",
    (b"RIFX", b"WAVE"): "wav",
    (b"RF64", b"WAVE"): "wav",
    (b"BW64", b"WAVE"): "wav",
    (b"RIFF", b"AVI "): "avi",
    (b"FORM", b"AIFF"): "aiff",
    (b"FORM", b"AIFC"): "aiff",
}
# The first box of an MP4, M4A or 3GP; the older ones of QuickTime begin with others.
_FIRST_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_TRANSPORT_SYNC, _TRANSPORT_PACKETS = 0x47, ((0, 188), (4, 192))
_ID3_TAGS_MAX = 4
_WINDOW = 64 * 1024
"""Bytes searched for the first frame of an MP3 or AAC stream: padding or half a frame may come before it."""
# Kilobits a second by MPEG version and layer, as the frame header counts them (ISO 11172-3 and 13818-3).
_BITRATES = {
    (1, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_MPEG_RATES = (44_100, 48_000, 32_000)


class Deadline:
    """The time limit for decoding a file: a small file can take hours."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends = time.monotonic() + seconds

    def check(self) -> None:
        """Raises `Refusal` once the time is over."""
        if time.monotonic() > self._ends:
            raise Refusal(
                "too_slow",
                f"The file could not be decoded within {self.seconds:.0f} s; export it again as MP3, FLAC or WAV.",
                {"limit_seconds": self.seconds},
            )


@contextmanager
def opened(source: Source, deadline: Deadline) -> Iterator[InputContainer]:
    """The container of a file or of bytes. Errors of the decoder, later ones too, become a `Refusal`."""
    with _stream(source) as stream:
        name = format_of(stream)
        if name is None:
            raise Refusal("unreadable", "This is neither a sound file nor a film of a known format.")
        stream.seek(0)
        try:
            with av.open(
                _TimedStream(stream, deadline),
                "r",
                format=name,
                options={"protocol_whitelist": "none"},
                metadata_errors="ignore",
                timeout=deadline.seconds,
                io_open=_open_nothing_else,
            ) as container:
                yield container
        except DAMAGED as error:
            deadline.check()
            raise Refusal("unreadable", f"This file cannot be decoded ({_first_line(error)}).") from error


def format_of(stream: BinaryIO) -> str | None:
    """libav's name of the format, by the first bytes; None for a format that is not on the list."""
    start = 0
    for _ in range(_ID3_TAGS_MAX):
        stream.seek(start)
        head = stream.read(16)
        if not head.startswith(b"ID3") or len(head) < 10:
            break
        size = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(reversed(head[6:10])))
        start += 10 + size + (10 if head[5] & 0x10 else 0)
    known = _by_magic(head)
    if known:
        return known
    stream.seek(start)
    window = stream.read(_WINDOW)
    if any(_is_transport(window, offset, size) for offset, size in _TRANSPORT_PACKETS):
        return "mpegts"
    return _by_frames(window)


def _by_magic(head: bytes) -> str | None:
    if head[4:8] in _FIRST_BOXES:
        return "mov"
    by_chunk = _BY_CHUNK.get((head[:4], head[8:12]))
    return by_chunk or next((name for start, name in _BY_START.items() if head.startswith(start)), None)


def _is_transport(window: bytes, offset: int, size: int) -> bool:
    syncs = window[offset : offset + 5 * size : size]
    return len(syncs) == 5 and set(syncs) == {_TRANSPORT_SYNC}


def _by_frames(window: bytes) -> str | None:
    """MP3 or AAC (ADTS), where another frame of the same kind follows."""
    place = window.find(b"\xff")
    while 0 <= place < len(window) - 6:
        for name, length_of in (("mp3", _mpeg_frame), ("aac", _adts_frame)):
            length = length_of(window[place : place + 6])
            next_header = window[place + length : place + length + 6] if length else b""
            if length and length_of(next_header) and next_header[1] == window[place + 1]:
                return name
        place = window.find(b"\xff", place + 1)
    return None


def _mpeg_frame(header: bytes) -> int:
    """The bytes of the MPEG audio frame with this header; 0 where it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return 0
    version, layer = {0: 2.5, 2: 2, 3: 1}.get(header[1] >> 3 & 3), 4 - (header[1] >> 1 & 3)
    bitrate, rate = header[2] >> 4, header[2] >> 2 & 3
    if version is None or layer == 4 or not 0 < bitrate < 15 or rate == 3:
        return 0
    bits = 1000 * _BITRATES[min(int(version), 2), layer][bitrate]
    hertz = _MPEG_RATES[rate] // {1: 1, 2: 2, 2.5: 4}[version]
    padding = header[2] >> 1 & 1
    if layer == 1:
        return (12 * bits // hertz + padding) * 4
    return (72 if layer == 3 and version > 1 else 144) * bits // hertz + padding


def _adts_frame(header: bytes) -> int:
    """The bytes of the AAC frame with this header; 0 where it is none."""
    if len(header) < 6 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0 or header[2] >> 2 & 15 > 12:
        return 0
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return length if length > 7 else 0


@contextmanager
def _stream(source: Source) -> Iterator[BinaryIO]:
    if isinstance(source, bytes | bytearray | memoryview):
        size, stream = len(source), io.BytesIO(source)
    else:
        path = Path(source)
        # Not Path.is_file, which raises where a name is too long or a folder may not be read.
        if not os.path.isfile(path):
            raise Refusal("unreadable", f"There is no file at {path}; check the name.")
        try:
            size, stream = path.stat().st_size, path.open("rb")
        except OSError as error:
            raise Refusal(
                "unreadable", f"The file cannot be opened ({error.strerror}); check its permissions."
            ) from error
    with stream:
        if size == 0:
            raise Refusal("unreadable", "The file is empty (0 bytes); record or export it again.")
        yield stream


class _TimedStream:
    """A stream that libav can read and seek until the deadline; without a name, which libav would use as a path."""

    def __init__(self, stream: BinaryIO, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int) -> bytes:
        self._deadline.check()
        return self._stream.read(size)


def _open_nothing_else(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    raise PermissionError("a media file must not open other files")


def _first_line(error: Exception) -> str:
    """The decoder's message, without the path or the name of the file."""
    strerror = getattr(error, "strerror", None)
    return str(strerror or type(error).__name__).splitlines()[0]
