"""The input of an entry: a note, a recording, a picture. Each is optional; an entry can be saved without any."""

from __future__ import annotations

from collections.abc import Set
from hashlib import blake2b
from io import BytesIO

import streamlit as st
from PIL import Image
from streamlit.typing import UploadedFile

from components import page_cache, recognisers, state, uploads
from components.demo.stand_ins import stand_in_for_demo
from components.entry import form_fields
from components.entry.live import live_tab, stop_live
from components.visitor import current_language, t
from diary import consents, media_types
from diary.sessions import Session
from fer import image
from reading import Refusal
from understanding.analyst import UserInput
from understanding.live import Snapshot

# File extensions, for the file dialog only: the content decides what a file is (ser.audio, fer.image).
SOUNDS = ["wav", "mp3", "m4a", "aac", "ogg", "opus", "oga", "webm", "flac", "mp4", "mov", "flv"]
PICTURES = ["jpg", "jpeg", "png", "webp", "heic", "heif", "avif", "tif", "tiff", "bmp"]
_SOURCES = ("voice", "face")
_FIELDS = {"voice": ("sound", "sound_file"), "face": ("picture", "picture_file")}


def capture(session: Session, form: str, note: str = "", live: bool = False) -> UserInput:
    """Asks for note, recording and picture. `note` is the entry's saved note; `live` adds the live tab."""
    key = form_fields.prepare(form, "note", note)
    note = st.text_area(t("entry.note"), placeholder=t("entry.note_placeholder"), key=key)
    allowed, readable_sources = consents.given(session.account_id), recognisers.readable_sources()
    possible = allowed & readable_sources & set(_SOURCES)
    _hold_dropped_media(form, allowed)
    sound = picture = None
    if possible and live:
        # The label of a tab is its value: another language needs another key.
        tabs = st.tabs(
            [t("capture.tab_record"), t("capture.tab_live")],
            key=f"ways_{current_language()}_{form}",
            on_change="rerun",
        )
        with tabs[0]:
            sound, picture = _media_inputs(form, possible)
        with tabs[1]:
            _live(form, possible, tabs[1].open)
    elif possible:
        sound, picture = _media_inputs(form, possible)
    _explain_missing_inputs(allowed, readable_sources)
    if moment := _held_moment(form):
        sound, picture = sound or moment.recording, picture or moment.picture
    return UserInput(recording=sound, picture=picture, note=note)


def _media_inputs(form: str, possible: Set[str]) -> tuple[bytes | None, bytes | None]:
    columns = iter(st.columns(len(possible)))
    sound = picture = None
    if "voice" in possible:
        with next(columns):
            sound = _voice_input(form)
    if "face" in possible:
        with next(columns):
            picture = _face_input(form)
    return sound, picture


def _voice_input(form: str) -> bytes | None:
    recorded = st.audio_input(t("capture.voice"), key=form_fields.watch(form, "sound"))
    with st.popover(t("capture.sound_file"), icon=":material/upload_file:", width="stretch"):
        key = form_fields.watch(form, "sound_file")
        uploaded = st.file_uploader(t("capture.sound_file"), type=SOUNDS, key=key, max_upload_size=uploads.MEDIA)
    chosen = recorded or uploaded
    return chosen.getvalue() if chosen else stand_in_for_demo("voice", form)


def _face_input(form: str) -> bytes | None:
    # The camera runs only on request.
    taken = None
    if st.toggle(t("capture.camera_on"), key=f"camera_on_{form}"):
        taken = st.camera_input(t("capture.face"), key=form_fields.watch(form, "picture"))
    else:
        form_fields.remove(form, "picture")
    with st.popover(t("capture.picture_file"), icon=":material/upload_file:", width="stretch"):
        key = form_fields.watch(form, "picture_file")
        uploaded = st.file_uploader(t("capture.picture_file"), type=PICTURES, key=key, max_upload_size=uploads.MEDIA)
    chosen = taken or uploaded
    return chosen.getvalue() if chosen else stand_in_for_demo("face", form)


def _live(form: str, possible: Set[str], is_open: bool | None) -> None:
    """Camera and microphone run only while the tab is open."""
    if not is_open:
        stop_live()
        return

    def keep(moment: Snapshot) -> None:
        state.HELD_MOMENT.of(form).set(moment)

    live_tab(form, "voice" in possible, "face" in possible, keep)


def _hold_dropped_media(form: str, allowed: Set[str]) -> None:
    """Holds a recording or picture whose widget Streamlit dropped with the page, while its consent is given.

    Nothing can set the value of such a widget, so it joins the moment that is held from the live tab.
    """
    moment = state.HELD_MOMENT.of(form).pop() or Snapshot(None, None)
    held = {"voice": moment.recording, "face": moment.picture}
    for source, fields in _FIELDS.items():
        for field in reversed(fields):  # last the recording: it has priority over an uploaded file
            file = form_fields.dropped_value(form, field)
            if isinstance(file, UploadedFile):
                held[source] = file.getvalue()
                form_fields.remove(form, field)
    moment = Snapshot(*(held[source] if source in allowed else None for source in ("face", "voice")))
    if moment:
        state.HELD_MOMENT.of(form).set(moment)


def _held_moment(form: str) -> Snapshot | None:
    """Shows the recording and picture that are held for this form, with a button that removes them.

    A new recording or picture in the form has priority over them.
    """
    moment = state.HELD_MOMENT.of(form).get()
    if moment is None:
        return None
    with st.container(border=True):
        st.caption(t("capture.moment"))
        with st.container(horizontal=True, vertical_alignment="center"):
            picture = moment.picture
            if picture and (small := page_cache.cached(f"moment_{form}", picture, lambda: _thumbnail(picture))):
                st.image(small, width=120, alt=t("capture.moment_picture"))
            if moment.recording:
                st.audio(moment.recording, format=media_types.mime_of("sound", moment.recording), width=220)
            if st.button(t("capture.moment_out"), key=f"moment_out_{form}", icon=":material/close:", type="tertiary"):
                state.HELD_MOMENT.of(form).pop()
                st.rerun()
    return moment


def _thumbnail(content: bytes) -> bytes | None:
    """A small JPEG; None for a file that is no picture: *Analyse* says what is wrong with it."""
    try:
        picture = Image.fromarray(image.load(content))
    except Refusal:
        return None
    picture.thumbnail((240, 240))
    jpeg = BytesIO()
    picture.save(jpeg, "JPEG")
    return jpeg.getvalue()


def choose_face(form: str, picture: bytes, refusal: Refusal) -> bool:
    """Asks which of several faces to read; true once the person chose one."""
    st.markdown(f"**{t('capture.which_face')}**")
    pixels = image.load(picture)
    with st.container(horizontal=True):
        for number, found in enumerate(_faces_in(refusal), start=1):
            left, top, width, height = (max(0, round(value)) for value in found["box"])
            with st.container(width=140):
                st.image(pixels[top : top + height, left : left + width], width=120, alt="")
                if st.button(t("capture.this_face", number=number), key=f"face_{number}_{form}"):
                    state.CHOSEN_FACE.of(form).set((_digest(picture), found["face"]))
                    return True
    return False


def _faces_in(refusal: Refusal) -> list[dict]:
    faces = refusal.details["faces"]
    return faces if isinstance(faces, list) else []


def chosen_face(form: str, picture: bytes | None) -> int | None:
    """The number of the face chosen in exactly this picture: in another, the number may be another person's."""
    digest, face = state.CHOSEN_FACE.of(form).get() or (None, None)
    return face if picture and digest == _digest(picture) else None


def _digest(picture: bytes) -> str:
    return blake2b(picture, digest_size=16).hexdigest()


def _explain_missing_inputs(allowed: Set[str], readable_sources: Set[str]) -> None:
    """Says why there is no microphone or camera here and what to do about it, in at most one caption each."""
    if missing := [source for source in _SOURCES if source not in readable_sources]:
        st.caption(t("capture.missing", sources=", ".join(t(f"source.{source}") for source in missing)))
    for source in _SOURCES:
        if source in readable_sources and source not in allowed:
            st.caption(t(f"capture.{source}_off"))
