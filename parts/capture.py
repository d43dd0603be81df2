"""Saying how a day is: a line, a voice, a face. Any of them, none of them; nothing missing ever blocks the day."""

from __future__ import annotations

import streamlit as st

from diary import consents
from diary.analysis import Offered, in_place
from diary.sessions import Session
from fer import image
from parts.samples import on_stage
from parts.visitor import t
from reading import Refusal

# By ending, for the file dialog only: what a file is decides its content (ser.audio, fer.image).
SOUNDS = ["wav", "mp3", "m4a", "aac", "ogg", "opus", "oga", "webm", "flac", "mp4", "mov", "flv"]
PICTURES = ["jpg", "jpeg", "png", "webp", "heic", "heif", "tif", "tiff"]


def capture(session: Session, form: str) -> Offered:
    line = st.text_area(t("entry.note"), placeholder=t("entry.note_placeholder"), key=f"note_{form}")
    possible = consents.given(session.account_id) & in_place()
    voice, face = "voice" in possible, "face" in possible
    if not voice and not face:
        _instead("voice")
        _instead("face")
        return Offered(line=line)
    left, right = st.columns(2)
    with left:
        sound = _voice(form) if voice else _instead("voice")
    with right:
        picture = _face(form) if face else _instead("face")
    return Offered(sound=sound, picture=picture, line=line, face=st.session_state.get(f"which_face_{form}"))


def _voice(form: str) -> bytes | None:
    recorded = st.audio_input(t("capture.voice"), key=f"sound_{form}")
    with st.popover(t("capture.sound_file"), icon=":material/upload_file:", width="stretch"):
        uploaded = st.file_uploader(t("capture.sound_file"), type=SOUNDS, key=f"sound_file_{form}")
    chosen = recorded or uploaded
    return chosen.getvalue() if chosen else on_stage("voice", form)


def _face(form: str) -> bytes | None:
    # The camera's light goes on only when somebody asks for it.
    taken = None
    if st.toggle(t("capture.camera_on"), key=f"camera_on_{form}"):
        taken = st.camera_input(t("capture.face"), key=f"picture_{form}")
    with st.popover(t("capture.picture_file"), icon=":material/upload_file:", width="stretch"):
        uploaded = st.file_uploader(t("capture.picture_file"), type=PICTURES, key=f"picture_file_{form}")
    chosen = taken or uploaded
    return chosen.getvalue() if chosen else on_stage("face", form)


def choose_face(form: str, picture: bytes, refusal: Refusal) -> bool:
    """Several faces: the person says which one is theirs to be read. True once they did."""
    st.markdown(f"**{t('capture.which_face')}**")
    pixels = image.load(picture)
    with st.container(horizontal=True):
        for number, found in enumerate(refusal.details["faces"], start=1):
            left, top, width, height = (max(0, round(value)) for value in found["box"])
            with st.container(width=140):
                st.image(pixels[top : top + height, left : left + width], width=120, alt="")
                if st.button(t("capture.this_face", number=number), key=f"face_{number}_{form}"):
                    st.session_state[f"which_face_{form}"] = found["face"]
                    return True
    return False


def _instead(kind: str) -> None:
    """Why there is no microphone or camera here, and what to do about it."""
    st.caption(t(f"capture.{kind}_off" if kind in in_place() else f"capture.{kind}_missing"))
