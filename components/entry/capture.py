"""The input of an entry: a note, a recording, a picture. Each is optional; an entry can be saved without any."""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import partial
from hashlib import blake2b

import streamlit as st

from components import recognisers, state, uploads
from components.demo.stand_ins import stand_in_for_demo
from components.entry import attached, dictation, note_field, parts, transcription
from components.entry.camera import camera
from components.entry.live import live_tab, stop_live
from components.entry.places import Places
from components.visitor import t
from demo import state as demo_state
from diary import consents, spoken_language
from diary.sessions import Session
from fer import image
from reading import Refusal
from understanding import fusion
from understanding.analyst import UserInput

# File extensions, for the file dialog only: the content decides what a file is (ser.audio, fer.image).
SOUNDS = ["wav", "mp3", "m4a", "aac", "ogg", "opus", "oga", "webm", "flac", "mp4", "mov", "flv"]
PICTURES = ["jpg", "jpeg", "png", "webp", "heic", "heif", "avif", "tif", "tiff", "bmp"]
_SOURCES = ("voice", "face")


def capture(
    session: Session, form: str, at: Places, note: str = "", live: bool = False, first: Sequence[str] = ()
) -> UserInput:
    """Draws the row of chips, and the note, recorder and camera that they open; returns what the person gave.

    `note` is the entry's saved note; `live` adds the live picture; `first` are the parts that are open at first.
    """
    allowed, readable_sources = consents.given(session.account_id), recognisers.readable_sources()
    possible = allowed & readable_sources & set(_SOURCES)
    can_write_down = recognisers.can_write_down()
    writes_down = "transcript" in allowed and can_write_down
    inputs = possible | {"voice"} if writes_down else possible
    attached.take_new(form, allowed)
    media = [part for part, source in ((parts.SPEAK, "voice"), (parts.FACE, "face")) if source in inputs]
    if live and inputs:
        media.append(parts.LIVE)
    opened = parts.opened(form, first) & {parts.LINE, *media}
    if live and parts.LIVE not in opened:
        stop_live()
    with at.parts:
        place_of_note = st.container()
        languages = spoken_language.of(session) if writes_down else ()
        sound, picture = _media(form, opened, possible, languages)
        _explain_missing_inputs(allowed, readable_sources, can_write_down)
    with at.attached:
        attached.chips(form, large=demo_state.is_on())
    sound, picture = attached.content(form, "voice") or sound, attached.content(form, "face") or picture
    spoken = sound if attached.is_written_down(form) else None
    if spoken and writes_down:
        parts.open_part(form, parts.LINE)  # its words go into the note
        opened = opened | {parts.LINE}
    with at.chips:
        parts.chips(form, [parts.LINE, *media, parts.PHOTOS, parts.TAGS, parts.DAY], first)
    transcript = None
    with place_of_note, parts.part(form, parts.LINE, parts.LINE in opened):
        note = note_field.note_area(form, note)
        if writes_down:
            transcript = transcription.write_down(session, form, spoken)
        else:
            dictation.forget(form)
            note_field.script(form)
    return UserInput(
        recording=sound,
        picture=picture,
        frames=attached.frames(form),
        note=note,
        transcript=transcript,
        read_voice="voice" in possible,
    )


def _media(
    form: str, opened: Set[str], possible: Set[str], languages: Sequence[str]
) -> tuple[bytes | None, bytes | None]:
    """Draws the open parts only: microphone and camera must not run in a part that was closed."""
    sound = picture = None
    if parts.SPEAK in opened:
        with parts.part(form, parts.SPEAK, True):
            sound = _voice_input(form)
    if parts.FACE in opened:
        with parts.part(form, parts.FACE, True):
            picture = _face_input(form)
    if parts.LIVE in opened:
        with parts.part(form, parts.LIVE, True):
            live_tab(form, "voice" in possible, "face" in possible, partial(attached.attach_moment, form), languages)
    return sound, picture


def _voice_input(form: str) -> bytes | None:
    """The recorder and the uploader; returns the demo's sample, if it is chosen."""
    st.audio_input(t("capture.voice"), key=attached.key_of(form, "sound"))
    with st.popover(t("capture.sound_file"), icon=":material/upload_file:"):
        key = attached.key_of(form, "sound_file")
        st.file_uploader(t("capture.sound_file"), type=SOUNDS, key=key, max_upload_size=uploads.MEDIA)
    return stand_in_for_demo("voice", form)


def _face_input(form: str) -> bytes | None:
    """The camera and the uploader; returns the demo's sample, if it is chosen."""
    camera(form)
    with st.popover(t("capture.picture_file"), icon=":material/upload_file:"):
        key = attached.key_of(form, "picture_file")
        st.file_uploader(t("capture.picture_file"), type=PICTURES, key=key, max_upload_size=uploads.MEDIA)
    return stand_in_for_demo("face", form)


def choose_face(form: str, user_input: UserInput, refusal: Refusal) -> bool:
    """Asks which of several faces to read; true once the person chose one."""
    picture, asked = user_input.picture, user_input.asked_picture(refusal)
    if picture is None or asked is None:
        return False
    st.markdown(f"**{t('capture.which_face')}**")
    pixels = image.load(asked)
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


def _explain_missing_inputs(allowed: Set[str], readable_sources: Set[str], can_write_down: bool) -> None:
    """Says what is not read or written down here and what to do about it, in a caption or two."""
    for sentence in recognisers.sentences_of_missing(fusion.SOURCES):
        st.caption(sentence)
    if "transcript" in allowed and not can_write_down:
        st.caption(t("capture.transcript_missing"))
    possible = {*readable_sources, "transcript"} if can_write_down else readable_sources
    switched_off = [kind for kind in ("voice", "transcript", "face") if kind in possible and kind not in allowed]
    if {"voice", "transcript"} <= set(switched_off):
        st.caption(t("capture.recording_off"))
        switched_off = switched_off[2:]
    for kind in switched_off:
        st.caption(t(f"capture.{kind}_off"))
