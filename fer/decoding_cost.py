"""How much memory it takes to decode a picture, by its header."""

from __future__ import annotations

from PIL import Image, ImageFile, JpegImagePlugin

_DECODED_WHOLE = {"WEBP": 6, "AVIF": 8.5, "HEIF": 4.4}


def bytes_a_pixel(picture: Image.Image) -> float:
    """What the decoder takes (measured); little where it makes the picture smaller itself."""
    if isinstance(picture, JpegImagePlugin.JpegImageFile):
        # A progressive one is whole, as two bytes a coefficient, before its first pixel is known.
        return 2 * _samples_a_pixel(picture) if picture.info.get("progressive") else 1
    if picture.format == "PNG" and _comes_in_strips(picture):
        return 1
    if picture.format == "WEBP" and getattr(picture, "is_animated", False):
        return 16
    of_mode = 1 if picture.mode in ("1", "L", "P") else 2 if picture.mode.startswith("I;16") else 4
    return _DECODED_WHOLE.get(picture.format or "", of_mode)


def _samples_a_pixel(picture: JpegImagePlugin.JpegImageFile) -> float:
    shares = [across * down for _, across, down, _ in picture.layer]
    return sum(shares) / max(shares)


def _comes_in_strips(picture: Image.Image) -> bool:
    """Whether fer/png_strips.py can decode it."""
    is_8_bits = isinstance(picture, ImageFile.ImageFile) and picture.tile and picture.tile[0].args == picture.mode
    return bool(is_8_bits) and not picture.info.get("interlace")
