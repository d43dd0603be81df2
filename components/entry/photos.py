"""Photographs of the day: added in an entry's form, and shown on its card. No model reads them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b

import streamlit as st
from streamlit.typing import UploadedFile

from components import notice, page_cache, state, uploads
from components.text import plain
from components.visitor import find_visitor, t
from diary import consents, errors, photos
from diary.entries import Entry
from diary.photos import NewPhoto, StoredPhoto
from diary.sessions import Session
from reading import Refusal

# File extensions, for the file dialog only: the content decides what a file is (fer.image).
FILES = ["jpg", "jpeg", "png", "webp", "heic", "heif", "avif", "gif", "tif", "tiff", "bmp"]
_SIDE = 192
"""Pixels of a thumbnail: twice as many as it is shown with, for sharp screens."""


@dataclass(frozen=True)
class HeldPhoto:
    """A photograph that is not saved yet."""

    new: NewPhoto
    name: str
    thumbnail: bytes | None = field(repr=False)


@dataclass
class HeldPhotos:
    """The photographs of one form. Streamlit undoes changes of session state when a click ends a run; not those of an
    object in it."""

    by_file: dict[str, HeldPhoto] = field(default_factory=dict)
    """By the digest of the file, so that the same file twice is one photograph."""
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Of the last upload: the names of files that are not held, and the sentences that say why."""
    uploads: int = 0
    """Counts them: a new key empties the uploader, and what it got is held here."""


def photos_field(session: Session, form: str, entry: Entry | None = None) -> None:
    """Asks for photographs and holds them until the form is saved, over every page that the person visits."""
    if not _is_allowed(session):
        st.caption(t("photos.off"))
        return
    held = _held(form)
    stored = len(photos.of_entry(session, entry.id)) if entry else 0
    files = st.file_uploader(
        t("photos.add"),
        type=FILES,
        accept_multiple_files=True,
        key=f"photo_files_{held.uploads}_{form}",
        max_upload_size=uploads.MEDIA,
    )
    if files:
        with st.spinner(t("photos.reading")):
            _hold(held, files, photos.PHOTOS_MAX - stored)
        held.uploads += 1
        st.rerun()
    for name, reason in held.refused:
        st.warning(f"{plain(name)}: {reason}", icon=":material/broken_image:")
    st.caption(t("photos.what_happens", most=photos.PHOTOS_MAX, side=f"{photos.LONGEST_SIDE:,}"))


def held_photos(session: Session, form: str) -> None:
    """Shows the photographs that are not saved yet, each with a button that takes it out.

    They are gone once the person no longer allows keeping them.
    """
    if not _is_allowed(session):
        forget(form)
    held = _held(form).by_file
    if not held:
        return
    with st.container(horizontal=True, gap="small", key=f"held_photos_{form}"):
        for digest, photo in held.items():
            with st.container(width="content", gap=None, key=f"held_photo_{digest}"):
                if photo.thumbnail:
                    st.image(photo.thumbnail, width=_SIDE // 2, alt=photo.name)
                st.button(
                    t("photos.take_out", name=plain(photo.name)),
                    key=f"take_out_photo_{digest}_{form}",
                    icon=":material/close:",
                    type="tertiary",
                    on_click=_take_out,
                    args=(form, digest),
                )


def _take_out(form: str, digest: str) -> None:
    _held(form).by_file.pop(digest, None)


def photos_to_keep(session: Session, form: str) -> list[NewPhoto]:
    """The photographs to store with the entry; none without the person's consent to keep media."""
    return [photo.new for photo in _held(form).by_file.values()] if _is_allowed(session) else []


def forget(form: str) -> None:
    state.HELD_PHOTOS.of(form).pop()


def entry_photos(session: Session, entry: Entry) -> None:
    """Shows the photographs of a saved entry as thumbnails, each of which opens large."""
    stored = photos.of_entry(session, entry.id)
    if not stored:
        return
    _thumbnail_styles(session, stored)
    with st.container(horizontal=True, gap="small", key=f"photos_of_{entry.id}"):
        for number, photo in enumerate(stored, start=1):
            if st.button(t("photos.open", number=number, count=len(stored)), key=f"photo_{photo.id}"):
                title = t("photos.one", number=number, count=len(stored))
                st.dialog(title, width="medium")(_large)(photo, title)


def _is_allowed(session: Session) -> bool:
    return "media" in consents.given(session.account_id)


def _held(form: str) -> HeldPhotos:
    held = state.HELD_PHOTOS.of(form).get_or_make(HeldPhotos)
    assert held is not None
    return held


def _hold(held: HeldPhotos, files: Iterable[UploadedFile], most: int) -> None:
    """Holds each file that is a picture: a bad one among them costs only itself."""
    held.refused.clear()
    for file in files:
        content = file.getvalue()
        digest = blake2b(content, digest_size=8).hexdigest()
        if digest in held.by_file:
            continue
        if len(held.by_file) >= most:
            held.refused.append((file.name, t("photos.too_many", most=photos.PHOTOS_MAX)))
            continue
        try:
            new = photos.photo_of(content)
        except Refusal as refusal:
            held.refused.append((file.name, t(_WHY[refusal.code])))
            continue
        held.by_file[digest] = HeldPhoto(new, file.name, photos.thumbnail(new.content, _SIDE))


_WHY = {"unreadable": "photos.unreadable", "too_large": "photos.too_large"}
"""The sentences for what `fer.image.first_frame` refuses."""


def _thumbnail_styles(session: Session, stored: Sequence[StoredPhoto]) -> None:
    """The thumbnails, as backgrounds of the buttons that open them: Streamlit has no button with a picture."""
    rules = []
    for photo in stored:
        small = page_cache.cached(f"photo_{photo.id}", photo.id, partial(_thumbnail, session, photo))
        if small:
            rules.append(
                f".st-key-photo_{photo.id} button "
                f"{{ background-image: url(data:image/jpeg;base64,{b64encode(small).decode()}); }}"
            )
        else:
            rules.append(f'.st-key-photo_{photo.id} button::after {{ content: "⚠"; }}')
    st.html(f"<style>{' '.join(rules)}</style>")


def _thumbnail(session: Session, photo: StoredPhoto) -> bytes | None:
    """None if it is damaged or was deleted in another tab."""
    try:
        return photos.thumbnail(photos.content(session, photo.id), _SIDE)
    except (errors.Unopenable, errors.EntryNotFound):
        return None


def _large(photo: StoredPhoto, alt: str) -> None:
    """The content of the dialogue, which Streamlit holds with its arguments: no session is among them."""
    session = find_visitor()
    try:
        with st.container(key="photo_large"):
            st.image(photos.content(session, photo.id), width="stretch", alt=alt)
    except errors.Unopenable:
        st.warning(t("media.picture_damaged"), icon=":material/broken_image:")
    except errors.EntryNotFound:  # deleted here or in another tab: this closes the dialogue
        st.rerun()
    st.button(
        t("photos.delete"),
        key=f"delete_photo_{photo.id}",
        icon=":material/delete:",
        type="tertiary",
        on_click=_delete,
        args=(photo,),
    )


def _delete(photo: StoredPhoto) -> None:
    notice.delete(lambda session: photos.delete(session, photo.id), t("photos.deleted"))
