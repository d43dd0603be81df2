"""Sound and pictures that are kept with an entry: which ones, and how they are heard and seen again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from components import notice
from components.visitor import sentence, t
from diary import consents, errors, media
from diary.entries import Entry
from diary.media import KeptMedium, Medium
from diary.sessions import Session
from understanding.analyst import Offered


def media_to_keep(session: Session, offered: Offered) -> list[Medium]:
    """Nothing, unless this person switched keeping on."""
    if "media" not in consents.given(session.account_id):
        return []
    kept = []
    if offered.sound:
        kept.append(Medium("sound", mime_of(offered.sound, "audio/wav"), offered.sound))
    if offered.picture:
        kept.append(Medium("picture", mime_of(offered.picture, "image/jpeg"), offered.picture))
    return kept


def with_kept(session: Session, offered: Offered, kept: Sequence[KeptMedium]) -> Offered:
    """What is offered, and in place of what is not, what was kept: the latest of each kind that may still be read."""
    allowed = consents.given(session.account_id)
    latest = {medium.kind: medium.id for medium in kept}
    if not offered.sound and "sound" in latest and "voice" in allowed:
        offered = replace(offered, sound=media.content(session, latest["sound"]))
    if not offered.picture and "picture" in latest and "face" in allowed:
        offered = replace(offered, picture=media.content(session, latest["picture"]))
    return offered


def kept_media(session: Session, entry: Entry) -> list[KeptMedium]:
    """What was kept with an entry, opened only when somebody asks for it; each can be deleted on its own."""
    kept = media.of_entry(session, entry.id)
    for medium in kept:
        if not st.toggle(t(f"kept.{medium.kind}"), key=f"open_{medium.id}"):
            continue
        try:
            content = media.content(session, medium.id)
        except errors.DiaryError as error:
            st.error(sentence(error))
            continue
        if medium.kind == "sound":
            st.audio(content, format=medium.mime)
        else:
            st.image(content, width=320, alt=t("kept.picture"))
        if st.button(t("kept.delete"), key=f"forget_{medium.id}", icon=":material/delete:", type="tertiary"):
            media.delete(session, medium.id)
            notice.leave(t("entry.deleted"))
            st.rerun()
    return kept


_SIGNATURES = (
    (b"RIFF", "audio/wav"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "audio/webm"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8", "image/jpeg"),
)


def mime_of(content: bytes, usual: str) -> str:
    """By what the file is: a browser's word for it is not to be trusted."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":  # MP4 and its relations: HEIC and AVIF pictures, M4A recordings
        return "image/heic" if usual.startswith("image") else "audio/mp4"
    return next((mime for start, mime in _SIGNATURES if content.startswith(start)), usual)
