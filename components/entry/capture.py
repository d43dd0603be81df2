"""Saying how a day is: a line, a voice, a face. Any of them, none of them; nothing missing ever blocks the day."""

from __future__ import annotations

from collections.abc import Set
from hashlib import blake2b
from io import BytesIO

import streamlit as st
from PIL import Image

from components import page_cache, recognisers, uploads
from components.demo.stand_ins import on_stage
from components.entry import form_fields
from components.entry.live import live_tab, put_away
from components.visitor import current_language, t
from diary import consents, media_types
from diary.sessions import Session
from fer import image
from reading import Refusal
from understanding.analyst import UserInput
from understanding.live import Snapshot

# By ending, for the file dialog only: what a file is decides its content (ser.audio, fer.image).
SOUNDS = ["wav", "mp3", "m4a", "aac", "ogg", "opus", "oga", "webm", "flac", "mp4", "mov", "flv"]
PICTURES = ["jpg", "jpeg", "png", "webp", "heic", "heif", "avif", "tif", "tiff", "bmp"]
_RECORDED = ("voice", "face")
_FIELDS = {"voice": ("sound", "sound_file"), "face": ("picture", "picture_file")}


def capture(session: Session, form: str, line: str = "", live: bool = False) -> UserInput:
    """What the person gives; `line` is what stands there already, `live` adds the live tab."""
    key = form_fields.prepare(form, "note", line)
    line = st.text_area(t("entry.note"), placeholder=t("entry.note_placeholder"), key=key)
    allowed, usable = consents.given(session.account_id), recognisers.usable()
    possible = allowed & usable & set(_RECORDED)
    _hold_what_was_dropped(form, allowed)
    sound = picture = None
    if possible and live:
        # The name of a tab is its value, so in another language it is another row of tabs.
        tabs = st.tabs(
            [t("capture.tab_record"), t("capture.tab_live")],
            key=f"ways_{current_language()}_{form}",
            on_change="rerun",
        )
        with tabs[0]:
            sound, picture = _recorded(form, possible)
        with tabs[1]:
            _live(form, possible, tabs[1].open)
    elif possible:
        sound, picture = _recorded(form, possible)
    _say_what_is_not_offered(allowed, usable)
    if moment := _kept_moment(form):
        sound, picture = sound or moment.recording, picture or moment.picture
    return UserInput(recording=sound, picture=picture, note=line)


def _recorded(form: str, possible: Set[str]) -> tuple[bytes | None, bytes | None]:
    places = iter(st.columns(len(possible)))
    sound = picture = None
    if "voice" in possible:
        with next(places):
            sound = _voice(form)
    if "face" in possible:
        with next(places):
            picture = _face(form)
    return sound, picture


def _voice(form: str) -> bytes | None:
    recorded = st.audio_input(t("capture.voice"), key=form_fields.watch(form, "sound"))
    with st.popover(t("capture.sound_file"), icon=":material/upload_file:", width="stretch"):
        key = form_fields.watch(form, "sound_file")
        uploaded = st.file_uploader(t("capture.sound_file"), type=SOUNDS, key=key, max_upload_size=uploads.MOMENT)
    chosen = recorded or uploaded
    return chosen.getvalue() if chosen else on_stage("voice", form)


def _face(form: str) -> bytes | None:
    # The camera's light goes on only when somebody asks for it.
    taken = None
    if st.toggle(t("capture.camera_on"), key=f"camera_on_{form}"):
        taken = st.camera_input(t("capture.face"), key=form_fields.watch(form, "picture"))
    else:
        form_fields.remove(form, "picture")
    with st.popover(t("capture.picture_file"), icon=":material/upload_file:", width="stretch"):
        key = form_fields.watch(form, "picture_file")
        uploaded = st.file_uploader(t("capture.picture_file"), type=PICTURES, key=key, max_upload_size=uploads.MOMENT)
    chosen = taken or uploaded
    return chosen.getvalue() if chosen else on_stage("face", form)


def _live(form: str, possible: Set[str], is_open: bool | None) -> None:
    """Camera and microphone run only while the tab is open."""
    if not is_open:
        put_away()
        return

    def keep(moment: Snapshot) -> None:
        st.session_state[f"moment_{form}"] = moment

    live_tab(form, "voice" in possible, "face" in possible, keep)


def _hold_what_was_dropped(form: str, allowed: Set[str]) -> None:
    """A recording or picture outlives its widget, which Streamlit drops with the page, unless it may not be read now.

    The widget cannot be given it back: it is held beside what was kept of the live tab.
    """
    moment: Snapshot = st.session_state.pop(f"moment_{form}", None) or Snapshot(None, None)
    held = {"voice": moment.recording, "face": moment.picture}
    for source, fields in _FIELDS.items():
        for field in reversed(fields):  # what was recorded counts more than what was uploaded
            if file := form_fields.dropped(form, field):
                held[source] = file.getvalue()
                form_fields.remove(form, field)
    moment = Snapshot(*(held[source] if source in allowed else None for source in ("face", "voice")))
    if moment:
        st.session_state[f"moment_{form}"] = moment


def _kept_moment(form: str) -> Snapshot | None:
    """What is held for this form, shown with a way to take it out again. Something recorded later counts more."""
    moment: Snapshot | None = st.session_state.get(f"moment_{form}")
    if moment is None:
        return None
    with st.container(border=True):
        st.caption(t("capture.moment"))
        with st.container(horizontal=True, vertical_alignment="center"):
            if moment.picture and (small := page_cache.once(f"moment_{form}", moment.picture, lambda: _small(moment))):
                st.image(small, width=120, alt=t("capture.moment_picture"))
            if moment.recording:
                st.audio(moment.recording, format=media_types.mime_of("sound", moment.recording), width=220)
            if st.button(t("capture.moment_out"), key=f"moment_out_{form}", icon=":material/close:", type="tertiary"):
                del st.session_state[f"moment_{form}"]
                st.rerun()
    return moment


def _small(moment: Snapshot) -> bytes | None:
    """None for a file that is no picture: Analyse says what is wrong with it."""
    try:
        picture = Image.fromarray(image.load(moment.picture))
    except Refusal:
        return None
    picture.thumbnail((240, 240))
    out = BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


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
                    st.session_state[f"which_face_{form}"] = (_name_of(picture), found["face"])
                    return True
    return False


def chosen_face(form: str, picture: bytes | None) -> int | None:
    """Chosen in this very picture: in the next one, the same number may be somebody else."""
    of_picture, face = st.session_state.get(f"which_face_{form}", (None, None))
    return face if picture and of_picture == _name_of(picture) else None


def _name_of(picture: bytes) -> str:
    return blake2b(picture, digest_size=16).hexdigest()


def _say_what_is_not_offered(allowed: Set[str], usable: Set[str]) -> None:
    """Why there is no microphone or camera here, in one quiet line each at most, and what to do about it."""
    if missing := [source for source in _RECORDED if source not in usable]:
        st.caption(t("capture.missing", sources=", ".join(t(f"source.{source}") for source in missing)))
    for source in _RECORDED:
        if source in usable and source not in allowed:
            st.caption(t(f"capture.{source}_off"))
