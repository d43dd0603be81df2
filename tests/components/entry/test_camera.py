"""What the browser sends as the frames of the camera; none of it is to be trusted."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from components.entry import camera
from understanding import face_frames


def jpeg(size: tuple[int, int] = (640, 480), value: int = 90) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (value, value, value)).save(file, "JPEG")
    return file.getvalue()


def as_text(content: bytes, kind: str = "image/jpeg") -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


PICTURES = [jpeg(value=40 * number) for number in range(face_frames.FRAMES)]
GOOD = [as_text(each) for each in PICTURES]


def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (640, 480)).save(file, "PNG")
    return file.getvalue()


def noise() -> bytes:
    file = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (480, 640, 3)).astype(np.uint8)
    Image.fromarray(pixels).save(file, "JPEG", quality=100)
    return file.getvalue()


def test_five_frames_arrive_as_they_were_taken() -> None:
    assert camera.from_browser({"id": "a1", "frames": GOOD}) == camera.Sent("a1", tuple(PICTURES))


@pytest.mark.parametrize(
    "frames",
    [
        None,
        "text",
        {"0": GOOD[0]},
        [],
        GOOD[:4],
        [*GOOD, GOOD[0]],
        [*GOOD[:4], None],
        [*GOOD[:4], 7],
        [*GOOD[:4], ""],
        [*GOOD[:4], "data:image/jpeg;base64,"],
        [*GOOD[:4], "data:image/jpeg;base64,%%%"],
        [*GOOD[:4], as_text(b"\xff\xd8\xff" + b"no picture")],
        [*GOOD[:4], as_text(PICTURES[0][: len(PICTURES[0]) // 2])],
        [*GOOD[:4], as_text(png())],
        [*GOOD[:4], as_text(png(), "image/jpeg")],
        [*GOOD[:4], as_text(noise())],
        [*GOOD[:4], as_text(jpeg((4000, 3000)))],
        [*GOOD[:4], as_text(jpeg((8, 8)))],
        [*GOOD[:4], "x" * 3_000_000],
    ],
)
def test_anything_else_is_refused_as_a_whole(frames: object) -> None:
    assert camera.from_browser({"id": "a1", "frames": frames}) == camera.Sent("a1", ())


@pytest.mark.parametrize(
    "sent", [None, "text", [], {}, {"id": 5, "frames": GOOD}, {"id": "", "frames": GOOD}, {"id": "x" * 65}]
)
def test_a_message_without_an_id_changes_nothing(sent: object) -> None:
    assert camera.from_browser(sent) is None
