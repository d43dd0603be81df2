from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from diary import media_types
from tests.sounds import spoken

SAMPLES = Path(__file__).parents[2] / "assets" / "samples"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"OggS\x00\x02", "audio/ogg"),
        (b"fLaC\x00\x00", "audio/flac"),
        (b"\x1aE\xdf\xa3\x9f", "audio/webm"),
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"\x00\x00\x00\x1cftypM4A ", "audio/mp4"),
        (b"\x00\x00\x00\x14ftypqt  ", "audio/mp4"),
        (b"FLV\x01\x04", "video/x-flv"),
    ],
)
def test_sounds_by_their_first_bytes(content: bytes, mime: str) -> None:
    assert media_types.mime_of("sound", content) == mime
    assert media_types.mime_of("picture", content) == media_types.UNKNOWN


@pytest.mark.parametrize(
    ("written", "mime"),
    [
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        ("WEBP", "image/webp"),
        ("AVIF", "image/avif"),
        ("TIFF", "image/tiff"),
        ("BMP", "image/bmp"),
    ],
)
def test_pictures_as_pillow_writes_them(written: str, mime: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (16, 16)).save(file, written)
    assert media_types.mime_of("picture", file.getvalue()) == mime


def test_a_wav_as_the_browser_records_it_and_a_sample() -> None:
    assert media_types.mime_of("sound", spoken(0.5)) == "audio/wav"
    assert media_types.mime_of("sound", next(SAMPLES.glob("*.opus")).read_bytes()) == "audio/ogg"


@pytest.mark.parametrize("kind", ["sound", "picture"])
@pytest.mark.parametrize("content", [b"", b"<html><script>", SVG, b"\xef\xbb\xbf" + SVG, b"%PDF-1.7", b"GIF", b"\xff"])
def test_anything_else_is_of_no_type(kind: str, content: bytes) -> None:
    assert media_types.mime_of(kind, content) == media_types.UNKNOWN


@pytest.mark.parametrize("mime", ["image/svg+xml", "text/html", "audio/svg+xml", "AUDIO/WAV", "audio/wav;x", ""])
def test_no_other_type_is_known(mime: str) -> None:
    assert not media_types.is_known(mime)
    assert media_types.is_known("audio/wav")
    assert media_types.is_known(media_types.UNKNOWN)


def test_a_browser_runs_none_of_these_types() -> None:
    mimes = {known.mime for known in media_types.TYPES} | {media_types.UNKNOWN}
    assert not {mime for mime in mimes if "xml" in mime or "html" in mime or "script" in mime or "pdf" in mime}
    assert len({known.extension for known in media_types.TYPES}) == len(media_types.TYPES)
