"""Large pictures are made smaller while they are decoded, and look the same."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from fer import image, png_strips
from fer.decoding_cost import bytes_a_pixel
from reading import Refusal
from tests.fer.test_image import saved, slope
from tests.trial.bounded import MEGABYTES_MAX, cost

WIDTH, HEIGHT = 8000, 6000
_CHANNELS = {"L": (0, 1), "RGB": (2, 3), "RGBA": (6, 4)}


def of_48_megapixels(mode: str) -> bytes:
    """A PNG of one row, repeated."""
    colour, channels = _CHANNELS[mode]
    row = b"\x00" + bytes(range(200)) * (WIDTH * channels // 200)
    packed, packer = [], zlib.compressobj(1)
    packed += [packer.compress(row * 100) for _ in range(HEIGHT // 100)]
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, colour, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", b"".join(packed) + packer.flush()), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


@pytest.mark.parametrize("mode", _CHANNELS)
def test_a_png_of_48_megapixels_takes_little_memory(mode: str) -> None:
    content = of_48_megapixels(mode)
    assert cost(lambda: image.first_frame(content), MEGABYTES_MAX) == ""


def test_a_jpeg_of_other_proportions_is_decoded_smaller() -> None:
    content = saved(Image.new("RGB", (8000, 3000), "red"), "JPEG")
    with Image.open(io.BytesIO(content)) as picture:
        picture.draft("RGB", image._fitting(picture.size))
        assert picture.width == 4000
    assert cost(lambda: image.first_frame(content), 60) == ""


@pytest.mark.parametrize(
    ("kind", "options", "most"),
    [
        ("WEBP", {}, 18),
        ("AVIF", {}, 13),
        ("HEIF", {}, 25),
        ("TIFF", {}, 28),
        ("JPEG", {"progressive": True, "subsampling": 0}, 18),
        ("JPEG", {"progressive": True, "subsampling": 2}, 37),
        ("JPEG", {}, 64),
        ("PNG", {}, 64),
    ],
)
def test_what_is_decoded_as_a_whole_has_a_limit(kind: str, options: dict, most: int) -> None:
    """Phones write up to 24 megapixels as HEIC, and more as JPEG."""
    small = saved(Image.new("RGB", (64, 64)), kind, **options)
    with Image.open(io.BytesIO(small)) as picture:
        found = min(image.MOST_PIXELS, image.MOST_DECODED / bytes_a_pixel(picture))
    assert int(found / 1e6) == most


def test_a_picture_that_is_too_large_for_its_kind_is_refused_by_its_header() -> None:
    content = saved(Image.new("RGB", (8000, 6000)), "BMP")
    for ask in (image.pixels, image.first_frame, image.load):
        with pytest.raises(Refusal) as refused:
            ask(content)
        assert refused.value.code == "too_large"


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("WEBP", {"method": 0, "quality": 10}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("JPEG", {"progressive": True, "subsampling": 0}),
    ],
)
def test_just_below_the_limit_it_takes_little_memory(kind: str, options: dict) -> None:
    content = saved(Image.new("RGB", (4600, 4000), "red"), kind, **options)
    assert cost(lambda: image.first_frame(content), MEGABYTES_MAX) == ""


def noisy(width: int, height: int) -> Image.Image:
    """Each row of its PNG has another filter."""
    noise = np.random.default_rng(0).integers(-20, 20, (height, width, 3))
    return Image.fromarray(np.clip(slope(width, height) + noise, 0, 255).astype(np.uint8))


def half_clear(picture: Image.Image) -> Image.Image:
    picture = picture.copy()
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    return picture


@pytest.mark.parametrize("factor", [1, 3, 4])
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "P", "P with a clear colour"])
def test_strips_of_a_png_are_the_whole_picture(mode: str, factor: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png_strips, "_STRIP_BYTES", 20_000)
    picture, options = noisy(411, 233), {}
    if mode.startswith("P"):
        picture, options = picture.quantize(256), {"transparency": 3} if "clear" in mode else {}
    elif "A" in mode:
        picture = half_clear(picture).convert(mode)
    else:
        picture = picture.convert(mode)
    content = saved(picture, "PNG", **options)
    got = png_strips.shrunk(memoryview(content), factor)
    with Image.open(io.BytesIO(content)) as whole:
        wanted = image._to_rgb(whole).reduce(factor)
    assert got is not None
    assert got.size == wanted.size
    assert np.array_equal(np.asarray(got), np.asarray(wanted))


@pytest.mark.parametrize("picture", [Image.new("1", (50, 40)), Image.new("I;16", (50, 40))], ids=lambda one: one.mode)
def test_a_png_of_another_depth_is_left_to_pillow(picture: Image.Image) -> None:
    assert png_strips.shrunk(memoryview(saved(picture, "PNG")), 2) is None


@pytest.mark.parametrize("kind", ["PNG", "HEIF", "TIFF", "JPEG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_large_picture_looks_like_itself_and_stands_upright(kind: str, mode: str) -> None:
    if (kind, mode) == ("JPEG", "RGBA"):
        pytest.skip("there is none")
    side, turned = Image.Exif(), kind != "HEIF"  # its decoder turns the picture, and ignores what EXIF says of it
    side[0x0112] = 6 if turned else 1  # its top is at the right
    picture = Image.fromarray(slope(3000, 240)).convert(mode)
    got = image.first_frame(saved(picture, kind, exif=side, quality=95))
    upright = Image.fromarray(slope(2048, 164))
    wanted = np.asarray(upright.transpose(Image.Transpose.ROTATE_270) if turned else upright)
    assert got.shape == wanted.shape
    assert np.abs(got.astype(int) - wanted).mean() < 4


def test_deep_grey_is_scaled_by_the_whole_picture() -> None:
    rows = np.linspace(0, 65535, 2600)[:, None].repeat(50, 1).astype(np.uint16)
    got = image.first_frame(saved(Image.fromarray(rows), "PNG"))
    assert got[0].max() <= 1
    assert got[-1].min() >= 254
    assert np.abs(got[:, 0, 0] - np.linspace(0, 255, 2048)).max() < 2


@pytest.mark.parametrize("part", [0.5, 0.999])
def test_a_png_that_is_cut_off_is_refused(part: float) -> None:
    content = saved(noisy(2200, 40), "PNG")
    with pytest.raises(Refusal) as refused:
        image.first_frame(content[: int(len(content) * part)])
    assert refused.value.code == "unreadable"
