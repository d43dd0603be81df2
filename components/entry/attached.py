"""The recording and the picture of an entry's form, each as a chip with its name, its length or thumbnail, and a ✕.

A recorder or an uploader hands over what it got as soon as it has it, and is empty again: its value cannot be set, so
what is attached is held here, whatever page the person visits meanwhile. The camera attaches its picture itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

import av
import streamlit as st
from PIL import Image
from streamlit.typing import UploadedFile

from components import page_cache, state
from components.entry import form_fields
from components.text import plain
from components.visitor import t
from diary import media_types
from fer import image
from inference import containers
from inference.containers import Deadline
from reading import Refusal
from understanding.live import Snapshot

_CONSENTS = {"voice": {"voice", "transcript"}, "face": {"face"}}
"""The consents of which one is enough to take a recording or a picture."""
# By source: the widgets that take one, the one with the last word first.
_WIDGETS = {"voice": ("sound", "sound_file"), "face": ("picture_file",)}
_OF_FILES = ("sound_file", "picture_file")
_NAME_SHOWN = 24
_SECONDS_TO_OPEN = 2.0
_SMALL, _LARGE = 132, 640
"""The longer side of a picture, in pixels."""


@dataclass(frozen=True)
class Attachment:
    content: bytes
    name: str = ""
    """The file's name; empty for what was recorded or photographed here."""
    frames: tuple[bytes, ...] = ()
    """Of a picture that the camera took: all its frames; `content` is the one in the middle."""
    is_written_down: bool = True
    """False for a recording whose words do not belong in the note."""


@dataclass
class Attached:
    """What is attached in one form. Streamlit undoes changes of session state when a click ends a run; not those of an
    object in it."""

    by_source: dict[str, Attachment] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)
    """How many recordings or pictures each widget has handed over."""


def of(form: str) -> Attached:
    found = state.ATTACHED.of(form).get_or_make(Attached)
    assert found is not None
    return found


def key_of(form: str, name: str) -> str:
    """The key of a widget that takes a recording or a picture: a new one after each, so that it is empty again."""
    number = of(form).taken[name]
    return form_fields.watch(form, name, f"{name}_{number}_{form}" if number else f"{name}_{form}")


def attach(form: str, source: str, attachment: Attachment) -> None:
    of(form).by_source[source] = attachment


def attach_moment(form: str, moment: Snapshot) -> None:
    """Attaches what the person took from the live picture."""
    if moment.recording is not None:
        attach(form, "voice", Attachment(moment.recording))
    if moment.picture is not None:
        attach(form, "face", Attachment(moment.picture, frames=moment.frames))


def take_new(form: str, allowed: Set[str]) -> None:
    """Takes what arrived since the last run. Call it before the widgets are drawn.

    What a person no longer allows to be read is gone.
    """
    for source, names in _WIDGETS.items():
        for name in reversed(names):
            taken = form_fields.watched_value(form, name)
            if isinstance(taken, UploadedFile):
                attach(form, source, Attachment(taken.getvalue(), taken.name if name in _OF_FILES else ""))
                form_fields.remove(form, name)
                of(form).taken[name] += 1
        if not _CONSENTS[source] & allowed:
            remove(form, source)


def remove(form: str, source: str) -> None:
    of(form).by_source.pop(source, None)


def content(form: str, source: str) -> bytes | None:
    attachment = of(form).by_source.get(source)
    return attachment.content if attachment else None


def frames(form: str) -> tuple[bytes, ...]:
    """All frames of the picture that the camera took."""
    attachment = of(form).by_source.get("face")
    return attachment.frames if attachment else ()


def is_written_down(form: str) -> bool:
    """Whether the words of the recording go into the note."""
    attachment = of(form).by_source.get("voice")
    return attachment is None or attachment.is_written_down


def chips(form: str, large: bool = False) -> None:
    """Shows what is attached; `large` shows the whole picture, and the player without a press."""
    attached = of(form).by_source
    if not attached:
        return
    if large:
        _large(form, attached)
        return
    with st.container(horizontal=True, gap="small", key=f"attached_{form}"):
        for source, attachment in attached.items():
            with st.container(
                horizontal=True,
                vertical_alignment="center",
                gap="small",
                width="content",
                key=f"attached_{source}_{form}",
            ):
                (_recording if source == "voice" else _picture)(form, attachment)
                _remove_button(form, source)


def _remove_button(form: str, source: str) -> None:
    st.button(
        t(f"attached.remove_{source}"),
        key=f"remove_{source}_{form}",
        icon=":material/close:",
        type="tertiary",
        on_click=remove,
        args=(form, source),
    )


def _large(form: str, attached: Mapping[str, Attachment]) -> None:
    with st.container(key=f"shown_{form}", gap="xsmall"):
        for source in ("face", "voice"):
            if source in attached:
                with st.container(
                    horizontal=True, vertical_alignment="center", gap="xsmall", key=f"shown_{source}_{form}"
                ):
                    _shown_large(form, source, attached[source])
                    _remove_button(form, source)


def _shown_large(form: str, source: str, attachment: Attachment) -> None:
    name, content = _name(source, attachment), attachment.content
    if source == "voice":
        st.audio(content, format=media_types.mime_of("sound", content), width="stretch")
    elif picture := page_cache.cached(f"thumbnail_{form}", content, lambda: _thumbnail(content, _LARGE)):
        st.image(picture, width="content", alt=name)
    st.caption(name, width="content")


def _recording(form: str, attachment: Attachment) -> None:
    length = page_cache.cached(f"length_{form}", attachment.content, lambda: _length(attachment.content))
    with st.popover(" · ".join(filter(None, (f"🎙️ {_name('voice', attachment)}", length)))):
        st.audio(attachment.content, format=media_types.mime_of("sound", attachment.content), width=260)


def _picture(form: str, attachment: Attachment) -> None:
    small = page_cache.cached(f"thumbnail_{form}", attachment.content, lambda: _thumbnail(attachment.content))
    if small:
        st.image(small, width=44, alt=t("attached.face"))
    st.markdown(_name("face", attachment) if small else f"📷 {_name('face', attachment)}")


def _name(source: str, attachment: Attachment) -> str:
    name = attachment.name
    if len(name) > _NAME_SHOWN:
        name = f"{name[: _NAME_SHOWN - 8]}…{name[-7:]}"  # with its extension
    return plain(name) or t(f"attached.{source}")


def _length(recording: bytes) -> str:
    """Minutes and seconds; empty for a file that does not say."""
    try:
        with containers.opened(recording, Deadline(_SECONDS_TO_OPEN)) as file:
            seconds = round((file.duration or 0) / av.time_base)
    except Refusal:
        return ""  # *Analyse* says what is wrong with it
    return f"{seconds // 60}:{seconds % 60:02}" if seconds else ""


def _thumbnail(picture: bytes, side: int = _SMALL) -> bytes | None:
    """A small JPEG; None for a file that is no picture: *Analyse* says what is wrong with it."""
    try:
        pixels = Image.fromarray(image.load(picture))
    except Refusal:
        return None
    pixels.thumbnail((side, side))
    return image.as_jpeg(pixels)
