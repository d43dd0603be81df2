"""One entry on a page, with the buttons to change and to delete it."""

from __future__ import annotations

import streamlit as st

from components import notice, state
from components.dates import time_label
from components.entry import keep_error, open_form, saved_draft, unfinished
from components.entry.analyse import analyse_entry
from components.entry.capture import capture
from components.entry.feelings import feeling_names
from components.entry.form import changed_entry, filled_parts
from components.entry.kept_media import kept_media, media_to_keep
from components.entry.photos import entry_photos, photos_to_keep
from components.entry.places import places
from components.entry.restored import restored_line
from components.moods import intensity_name, mood_name
from components.text import plain
from components.visitor import t
from diary import damage, entries, errors, readings
from diary.entries import Entry
from diary.sessions import Session
from understanding.analyst import Analysis, UserInput


def entry_card(session: Session, entry: Entry) -> None:
    with st.container(border=True, key=f"mood_card_{entry.mood}_{entry.id}"):
        if entry.is_damaged:
            _damaged(session, entry)
        elif unfinished.is_edited(entry.id):
            _edit(session, entry)
        else:
            entry_text(entry)
            entry_photos(session, entry)
            kept_media(session, entry, can_write_down=True)
            _buttons(session, entry)


def entry_text(entry: Entry) -> None:
    st.markdown(f"**{mood_name(entry.mood)}** · {intensity_name(entry.intensity)} · {time_label(entry)}")
    if names := feeling_names(entry):
        st.caption(names)
    if entry.note:
        st.text(entry.note)
    if entry.tags:
        st.caption(" ".join(f"\\#{plain(tag)}" for tag in entry.tags))
    if entry.is_altered and not entry.is_damaged:
        st.warning(t("entry.altered"), icon=":material/compare_arrows:")


def _buttons(session: Session, entry: Entry) -> None:
    with st.container(horizontal=True):
        if saved_draft.is_stored(entry.id):
            st.caption(t("entry.unfinished"))
        if st.button(t("entry.edit"), key=f"edit_{entry.id}", icon=":material/edit:", type="tertiary"):
            state.EDITED_ENTRY.set(entry.id)
            st.rerun()
        _delete_button(entry)


def _damaged(session: Session, entry: Entry) -> None:
    """The readable parts of a damaged entry.

    If most entries cannot be decrypted, the key is wrong and the entry may be intact: no button deletes it.
    """
    entry_text(entry)
    key_fits = damage.count_entries(session).key_fits
    if key_fits:
        st.warning(t("entry.damaged"), icon=":material/broken_image:")
    else:
        st.error(t("error.key_does_not_fit"))
    entry_photos(session, entry)
    kept_media(session, entry)
    if key_fits:
        _delete_button(entry)


def _delete_button(entry: Entry) -> None:
    st.button(
        t("entry.delete"),
        key=f"delete_{entry.id}",
        icon=":material/delete:",
        type="tertiary",
        on_click=_delete,
        args=(entry.id,),
    )


def _edit(session: Session, entry: Entry) -> None:
    """The form that changes an entry: its note, readings, recording, picture, mood and day."""
    form = unfinished.change_form(session, entry)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{t('entry.editing')}**")
        if st.button(t("entry.cancel"), key=f"cancel_{entry.id}", icon=":material/close:", type="tertiary"):
            unfinished.close(session, form)
            st.rerun()
    restored_line(form)
    at = places()
    offered = capture(session, form, at, note=entry.note, first=filled_parts(entry))
    with at.attached:
        entry_photos(session, entry)
    with at.reading:
        kept = kept_media(session, entry)
        before = Analysis.from_stored(readings.of_entry(session, entry.id), UserInput(note=entry.note))
        found = analyse_entry(session, form, offered, before, kept)
    source = found.source if found and found.fused else entry.source
    new = changed_entry(session, entry, form, at, offered.note, source)
    if new is None:
        keep_error.show(form, at.keep)
        return
    try:
        entries.change(
            session,
            entry.id,
            entry.version,  # a version that another tab saved before is joined with the change already
            new,
            readings=found.to_store if found and found.fused else None,
            media=media_to_keep(session, offered, found),
            photos=photos_to_keep(session, form),
        )
    except errors.EntryChanged:  # by another tab, just now: the next run joins both
        st.rerun()
    except errors.DiaryError as error:
        keep_error.remember(form, error)
        keep_error.show(form, at.keep)
        return
    unfinished.close(session, form)
    notice.show_after_rerun(t("entry.changed"))
    st.rerun()


def _delete(entry_id: str) -> None:
    def forget_change() -> None:
        open_form.forget(f"entry_{entry_id}")

    notice.delete(lambda session: entries.delete(session, entry_id), t("entry.deleted"), then=forget_change)
