"""Recordings and pictures that are kept with an entry: which ones to keep, and how a page plays or shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from components import notice
from components.entry.spoken_words import spoken_words, words_of
from components.entry.write_down import write_down
from components.visitor import sentence, t
from diary import consents, errors, media, media_types, transcripts
from diary.entries import Entry
from diary.media import NewMedium, StoredMedium
from diary.sessions import Session
from fer import image
from reading import Refusal
from understanding.analyst import Analysis, UserInput


def media_to_keep(session: Session, offered: UserInput, found: Analysis | None = None) -> list[NewMedium]:
    """The recording, with its words, and the picture to store; none without the person's consent to keep media.

    Of several frames the picture is the one that the analysis `found` chose.
    """
    if "media" not in consents.given(session.account_id):
        return []
    kept = []
    if offered.recording:
        kept.append(NewMedium("sound", offered.recording, offered.transcript))
    if offered.picture:
        kept.append(NewMedium("picture", (found.picture if found else None) or offered.picture))
    return kept


def with_kept(session: Session, offered: UserInput, kept: Sequence[StoredMedium]) -> UserInput:
    """The input, completed with the latest kept recording and picture, if the person still allows reading them.

    The page says so if one of these is damaged.
    """
    allowed = consents.given(session.account_id)
    latest = {medium.kind: medium.id for medium in kept}
    if not offered.recording and "sound" in latest and "voice" in allowed:
        recording = _to_read(session, "sound", latest["sound"])
        words = transcripts.of_medium(session, latest["sound"]) if recording else None
        offered = replace(offered, recording=recording, transcript=words)
    if not offered.picture and "picture" in latest and "face" in allowed:
        offered = replace(offered, picture=_to_read(session, "picture", latest["picture"]))
    return offered


def _to_read(session: Session, kind: str, medium_id: str) -> bytes | None:
    content = _content(session, medium_id)
    if content is None:
        _say_damaged(kind)
    return content


def _say_damaged(kind: str) -> None:
    st.warning(t(f"media.{kind}_damaged"), icon=":material/broken_image:")


def _content(session: Session, medium_id: str) -> bytes | None:
    """The decrypted file; None if it is damaged."""
    try:
        return media.content(session, medium_id)
    except errors.Unopenable:
        return None


def kept_media(session: Session, entry: Entry, can_write_down: bool = False) -> list[StoredMedium]:
    """Shows the kept recordings and pictures of an entry: each opens on request and can be deleted on its own.

    `can_write_down` also offers the words of recordings for the note; not beside a form that edits the note.
    """
    kept = media.of_entry(session, entry.id)
    for medium in kept:
        is_open = st.toggle(t(f"media.{medium.kind}"), key=f"open_{medium.id}")
        is_there = not is_open or _open(session, medium)
        if is_there and can_write_down and medium.kind == "sound":
            write_down(session, entry, medium.id, is_open)
        if is_open and is_there:
            _delete_button(medium)
    return kept


def _open(session: Session, medium: StoredMedium) -> bool:
    """Shows it; false if it is gone."""
    try:
        _show(session, medium, _content(session, medium.id))
    except errors.DiaryError as error:  # deleted in another tab
        st.error(sentence(error))
        return False
    return True


def _delete_button(medium: StoredMedium) -> None:
    st.button(
        t("media.delete"),
        key=f"forget_{medium.id}",
        icon=":material/delete:",
        type="tertiary",
        on_click=_delete,
        args=(medium,),
    )


def _delete(medium: StoredMedium) -> None:
    notice.delete(lambda session: media.delete(session, medium.id), t(f"media.{medium.kind}_deleted"))


def _show(session: Session, medium: StoredMedium, content: bytes | None) -> None:
    if not content:
        _say_damaged(medium.kind)
        return
    # The type comes from the content: older versions of Haru stored media without a check of their type.
    mime = media_types.mime_of(medium.kind, content)
    if mime == media_types.UNKNOWN:
        st.caption(t("media.unknown_type"))
        st.download_button(
            t("media.download"),
            content,
            file_name=f"{medium.id}.{media_types.extension_of(mime)}",
            mime=mime,
            icon=":material/download:",
            on_click="ignore",
            key=f"download_{medium.id}",
        )
    elif medium.kind == "sound":
        transcript = transcripts.of_medium(session, medium.id)
        if transcript is not None and transcript.text:
            spoken_words(content, mime, words_of(transcript), medium.id)
        else:
            st.audio(content, format=mime)
    else:
        try:
            # Decoded here: Streamlit would raise an error for a file that is no picture.
            st.image(image.first_frame(content), width=320, alt=t("media.picture"))
        except Refusal:
            _say_damaged("picture")
