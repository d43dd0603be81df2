from __future__ import annotations

import io
import struct
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fer import image
from reading import Refusal


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def slope(width: int = 120, height: int = 80) -> np.ndarray:
    """Red grows to the right, green downwards."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[..., 0] = np.linspace(0, 255, width)[None]
    picture[..., 1] = np.linspace(0, 255, height)[:, None]
    return picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "HEIF", "AVIF"])
def test_every_kind_gives_the_same_picture(kind: str, tmp_path: Path) -> None:
    content = saved(Image.fromarray(slope()), kind, **({"quality": 95} if kind in ("JPEG", "WEBP", "HEIF") else {}))
    path = tmp_path / "picture"  # no ending: only the content counts
    path.write_bytes(content)
    for source in (content, path, str(path)):
        got = image.load(source)
        assert got.shape == (80, 120, 3)
        assert got.dtype == np.uint8
        assert np.abs(got.astype(int) - slope()).mean() < 6


@pytest.mark.parametrize(("orientation", "turns"), [(3, 2), (6, 1), (8, 3)])
def test_exif_is_turned_upright(orientation: int, turns: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    lying = np.rot90(slope(), turns)  # as the sensor saw it
    got = image.load(saved(Image.fromarray(lying), "JPEG", exif=exif, quality=95))
    assert got.shape == (80, 120, 3)
    assert np.abs(got.astype(int) - slope()).mean() < 6


def test_transparent_shows_white() -> None:
    rgba = np.zeros((40, 40, 4), np.uint8)
    rgba[:20, :, 3] = 255
    got = image.load(saved(Image.fromarray(rgba), "PNG"))
    assert got[:20].max() == 0
    assert got[20:].min() == 255
    palette = Image.fromarray(rgba).quantize(4)
    assert image.load(saved(palette, "PNG"))[30, 5].min() == 255


def test_sixteen_bits_are_scaled_not_cut_off() -> None:
    deep = (np.linspace(0, 65535, 100)[None] * np.ones((60, 1))).astype(np.uint16)
    got = image.load(saved(Image.fromarray(deep), "PNG"))
    assert abs(int(got[30, 50, 0]) - 128) < 4
    floats = np.linspace(0, 1, 100, dtype=np.float32)[None] * np.ones((60, 1), np.float32)
    got = image.load(saved(Image.fromarray(floats), "TIFF"))
    assert abs(int(got[30, 50, 0]) - 128) < 4


def test_cmyk_is_read_in_its_colours() -> None:
    got = image.load(saved(Image.fromarray(slope()).convert("CMYK"), "JPEG", quality=95))
    assert np.abs(got.astype(int) - slope()).mean() < 8


def test_large_photographs_are_made_smaller() -> None:
    for kind in ("JPEG", "PNG"):
        got = image.load(saved(Image.fromarray(slope(5000, 3000)), kind))
        assert max(got.shape) <= image.LONGEST_SIDE
        assert got.shape[1] / got.shape[0] == pytest.approx(5 / 3, rel=0.01)


def bomb(side: int = 30_000) -> bytes:
    """A PNG of 40 bytes whose header declares this many pixels."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def film(kind: str = "GIF") -> bytes:
    frames = [Image.fromarray(np.full((64, 64, 3), shade, np.uint8)) for shade in (0, 120, 250)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:])


JPEG = saved(Image.fromarray(slope(400, 300)), "JPEG")
BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "unreadable"),
    "text": ("I felt fine today. 오늘은 괜찮았다.".encode() * 20, "unreadable"),
    "cut off": (JPEG[: len(JPEG) // 2], "unreadable"),
    "header alone": (JPEG[:20], "unreadable"),
    "pixel bomb": (bomb(), "too_large"),
    "just too large": (bomb(8_001), "too_large"),
    "one pixel": (saved(Image.new("RGB", (1, 1)), "PNG"), "too_small"),
    "thread": (saved(Image.new("RGB", (4000, 3)), "PNG"), "too_small"),
    "gif with frames": (film(), "several_pictures"),
    "webp with frames": (film("WEBP"), "several_pictures"),
    "tiff with pages": (film("TIFF"), "several_pictures"),
    "drawing program": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\nshowpage\n", "unreadable"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90'/>", "unreadable"),
}


@pytest.mark.parametrize(("content", "code"), BAD.values(), ids=BAD)
def test_bad_input_is_named(content: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / "me.jpg").write_bytes(content)
    for source in (content, tmp_path / "me.jpg"):
        with pytest.raises(Refusal) as refused:
            image.load(source)
        assert refused.value.code == code
        assert refused.value.message.endswith(".")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no file"):
        image.load(tmp_path / "nothing.jpg")


def test_a_single_frame_gif_is_a_picture() -> None:
    assert image.load(saved(Image.fromarray(slope()), "GIF")).shape == (80, 120, 3)


def test_any_damage_gives_a_picture_or_a_refusal() -> None:
    rng = np.random.default_rng(0)
    for content in (JPEG, saved(Image.fromarray(slope()), "PNG"), saved(Image.fromarray(slope()), "HEIF"), film()):
        for _ in range(40):
            damaged = bytearray(content)
            for place in rng.integers(0, len(damaged), 12):
                damaged[place] = rng.integers(256)
            try:
                got = image.load(bytes(damaged))
            except Refusal:
                continue
            assert got.ndim == 3
            assert max(got.shape) <= image.LONGEST_SIDE


def test_what_is_shown_to_its_owner_may_be_tiny_or_move() -> None:
    tiny = Image.fromarray(slope(3, 2))
    assert image.first_frame(saved(tiny, "PNG")).shape == (2, 3, 3)
    film = saved(tiny, "GIF", save_all=True, append_images=[Image.new("RGB", (3, 2), "blue")])
    assert image.first_frame(film).shape == (2, 3, 3)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unreadable"),
        (b"not a picture", "unreadable"),
        (saved(Image.fromarray(slope()), "JPEG")[:500], "unreadable"),
        (saved(Image.new("1", (10_000, 10_000)), "PNG"), "too_large"),
    ],
)
def test_what_is_no_picture_is_not_shown(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        image.first_frame(content)
    assert refused.value.code == code


def test_large_pictures_are_decoded_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few megabytes can claim 64 million pixels, a quarter of a gigabyte: twenty at once would end Haru."""
    now: list[int] = []
    most = []
    shrunk = image._shrunk

    def slowly(picture: Image.Image) -> Image.Image:
        now.append(1)
        most.append(len(now))
        time.sleep(0.02)
        now.pop()
        return shrunk(picture)

    monkeypatch.setattr(image, "_shrunk", slowly)
    content = io.BytesIO()
    Image.new("RGB", (100, 100)).save(content, "PNG")
    for limit, together in ((9_999, False), (10_000, True)):
        monkeypatch.setattr(image, "LARGE_PIXELS", limit)
        most.clear()
        with ThreadPoolExecutor(4) as threads:
            assert len(list(threads.map(image.load, [content.getvalue()] * 8))) == 8
        assert (max(most) > 1) == together


def test_the_header_alone_says_how_many_pixels() -> None:
    assert image.pixels(saved(Image.fromarray(slope(120, 80)), "JPEG")[:700]) == 9600
    with pytest.raises(Refusal):
        image.pixels(b"not a picture")
