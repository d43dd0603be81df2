"""The camera of an entry's form: a few frames over a second and a half, in place of one picture.

One picture catches a mouth that happens to be open. `st.camera_input` takes no more than one, so a component of our
own does (assets/entry/camera.js).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st
from PIL import Image
from streamlit.components.v2 import component

import settings
from components import page_cache, state
from components.entry import attached
from components.entry.attached import Attachment
from components.visitor import t
from fer import image
from reading import Refusal
from understanding import face_frames

LARGEST_FRAME = 512 * 1024
"""Bytes. A frame has about 60 KB; 640×480 pixels of pure noise have 250 KB."""
MOST_PIXELS = 1280 * 960
_JPEG = b"\xff\xd8\xff"
_SHOWN = (480, 480)
_ASSETS = settings.ASSETS / "entry"
SAYS = (
    *("group", "start", "take", "again", "off", "allow", "silence", "taking", "done", "picture"),
    *("insecure", "refused", "missing", "busy", "ended", "failed"),  # what can go wrong in the browser
)
"""The sentences for assets/entry/camera.js, by the names that it has for them."""
_CAMERA = component(
    "haru_camera",
    html="""<div class="camera" role="group">
  <video class="live" muted playsinline aria-hidden="true" hidden></video>
  <img class="taken" alt="" hidden>
  <progress class="bar" max="1" value="0" hidden></progress>
  <p class="hint" role="status" hidden></p>
  <p class="problem" role="alert" hidden></p>
  <div class="buttons">
    <button class="main" type="button"></button>
    <button class="off" type="button" hidden></button>
  </div>
</div>""",
    css=(_ASSETS / "camera.css").read_text(encoding="utf-8"),
    js=(_ASSETS / "camera.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Sent:
    """A message from the browser with what the camera took."""

    id: str
    frames: tuple[bytes, ...]
    """JPEG files; none where the browser sent something else."""


@dataclass(frozen=True)
class Answer:
    """What the form answers to the last message."""

    id: str = ""
    """The message's id: the browser sends it again until it sees this."""
    is_refused: bool = False


def camera(form: str) -> None:
    """Draws the camera, which is off until the person presses its button; what it takes is attached to the form."""
    answer, frames = state.CAMERA_ANSWER.of(form).get() or Answer(), attached.frames(form)
    picture = face_frames.middle(frames) if frames else None
    _CAMERA(
        key=f"camera_{form}",
        data={
            "id": answer.id,
            "picture": page_cache.cached(f"camera_{form}", picture, lambda: _shown(picture)) if picture else "",
            "problem": t("camera.failed") if answer.is_refused else "",
            "says": {name: t(f"camera.{name}") for name in SAYS},
        },
        on_taken_change=partial(_receive, form),
    )


def _receive(form: str) -> None:
    sent = from_browser(st.session_state[f"camera_{form}"].get("taken"))
    if sent is None:
        return
    state.CAMERA_ANSWER.of(form).set(Answer(sent.id, is_refused=not sent.frames))
    if sent.frames:
        attached.attach(form, "face", Attachment(face_frames.middle(sent.frames), frames=sent.frames))


def from_browser(sent: object) -> Sent | None:
    """The frames in a message from the browser, none of whose parts is to be trusted; None where it has no id."""
    if not isinstance(sent, Mapping) or not isinstance(sent.get("id"), str) or not 0 < len(sent["id"]) <= 64:
        return None
    given = sent.get("frames")
    if not isinstance(given, list) or len(given) != face_frames.FRAMES:
        return Sent(sent["id"], ())
    try:
        return Sent(sent["id"], tuple(_frame(each) for each in given))
    except Refusal:
        return Sent(sent["id"], ())


def _frame(text: object) -> bytes:
    """The JPEG in a data URL. Raises `Refusal`."""
    if not isinstance(text, str) or len(text) > 2 * LARGEST_FRAME:
        raise Refusal("unreadable", "A frame is no text, or too long.")
    try:
        content = base64.b64decode(text.partition(",")[2], validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal("unreadable", "A frame is no base64 text.") from error
    if not content.startswith(_JPEG) or len(content) > LARGEST_FRAME or image.pixels(content) > MOST_PIXELS:
        raise Refusal("unreadable", "A frame is no JPEG of a camera.")
    image.load(content)  # raises `Refusal` for a damaged one
    return content


def _shown(frame: bytes) -> str:
    """A small picture as a data URL."""
    picture = Image.fromarray(image.load(frame))
    picture.thumbnail(_SHOWN)
    return f"data:image/jpeg;base64,{base64.b64encode(image.as_jpeg(picture, 80)).decode('ascii')}"
