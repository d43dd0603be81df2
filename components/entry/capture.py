"""The input of an entry: a note, a recording, a picture. Each is optional; an entry can be saved without any."""

from __future__ import annotations

from collections.abc import Sequence, Set
from hashlib import blake2b
from io import BytesIO

import streamlit as st
from PIL import Image
from streamlit.typing import UploadedFile

from components import page_cache, recognisers, state, uploads
from components.demo.stand_ins import stand_in_for_demo
from components.entry import dictation, form_fields, note_field, transcription
from components.entry.live import live_tab, stop_live
from components.visitor import current_language, t
from diary import consents, media_types, spoken_language
from diary.sessions import Session
from fer import image
from reading import Refusal
from understanding.analyst import UserInput
from understanding.live import Snapshot

# File extensions, for the file dialog only: the content decides what a file is (ser.audio, fer.image).
SOUNDS = ["wav", "mp3", "m4a", "aac", "ogg", "opus", "oga", "webm", "flac", "mp4", "mov", "flv"]
PICTURES = ["jpg", "jpeg", "png", "webp", "heic", "heif", "avif", "tif", "tiff", "bmp"]
_SOURCES = ("voice", "face")
_CONSENTS = {"voice": {"voice", "transcript"}, "face": {"face"}}
"""The consents of which one is enough to take a recording or a picture."""
_FIELDS = {"voice": ("sound", "sound_file"), "face": ("picture", "picture_file")}


def capture(session: Session, form: str, note: str = "", live: bool = False) -> UserInput:
    """Asks for note, recording and picture. `note` is the entry's saved note; `live` adds the live tab."""
    note_and_words = st.container()
    with note_and_words:
        note = note_field.note_area(form, note)
    allowed, readable_sources = consents.given(session.account_id), recognisers.readable_sources()
    possible = allowed & readable_sources & set(_SOURCES)
    can_write_down = recognisers.can_write_down()
    writes_down = "transcript" in allowed and can_write_down
    inputs = possible | {"voice"} if writes_down else possible
    _hold_dropped_media(form, allowed)
    sound = picture = None
    if inputs and live:
        # The label of a tab is its value: another language needs another key.
        tabs = st.tabs(
            [t("capture.tab_record"), t("capture.tab_live")],
            key=f"ways_{current_language()}_{form}",
            on_change="rerun",
        )
        with tabs[0]:
            sound, picture = _media_inputs(form, inputs)
        with tabs[1]:
            _live(form, possible, spoken_language.of(session) if writes_down else (), tabs[1].open)
    elif inputs:
        sound, picture = _media_inputs(form, inputs)
    _explain_missing_inputs(allowed, readable_sources, can_write_down)
    if moment := _held_moment(form):
        sound, picture = sound or moment.recording, picture or moment.picture
    transcript = None
    with note_and_words:
        if writes_down:
            transcript = transcription.write_down(session, form, sound)
        else:
            dictation.forget(form)
            note_field.script(form)
    return UserInput(
        recording=sound,
        picture=picture,
        note=note,
        transcript=transcript,
        read_voice="voice" in possible,
    )


def _media_inputs(form: str, inputs: Set[str]) -> tuple[bytes | None, bytes | None]:
    columns = iter(st.columns(len(inputs)))
    sound = picture = None
    if "voice" in inputs:
        with next(columns):
            sound = _voice_input(form)
    if "face" in inputs:
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


def _live(form: str, possible: Set[str], languages: Sequence[str], is_open: bool | None) -> None:
    """Camera and microphone run only while the tab is open; `languages` are those of the captions."""
    if not is_open:
        stop_live()
        return

    def keep(moment: Snapshot) -> None:
        state.HELD_MOMENT.of(form).set(moment)

    live_tab(form, "voice" in possible, "face" in possible, keep, languages)


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
    moment = Snapshot(*(held[source] if _CONSENTS[source] & allowed else None for source in ("face", "voice")))
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


def _explain_missing_inputs(allowed: Set[str], readable_sources: Set[str], can_write_down: bool) -> None:
    """Says what is not read or written down here and what to do about it, in at most one caption each."""
    if missing := [source for source in _SOURCES if source not in readable_sources]:
        st.caption(t("capture.missing", sources=", ".join(t(f"source.{source}") for source in missing)))
    if "transcript" in allowed and not can_write_down:
        st.caption(t("capture.transcript_missing"))
    possible = {*readable_sources, "transcript"} if can_write_down else readable_sources
    switched_off = [kind for kind in ("voice", "transcript", "face") if kind in possible and kind not in allowed]
    if {"voice", "transcript"} <= set(switched_off):
        st.caption(t("capture.recording_off"))
        switched_off = switched_off[2:]
    for kind in switched_off:
        st.caption(t(f"capture.{kind}_off"))
