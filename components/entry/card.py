"""One entry on a page: read it, change it, delete it."""

from __future__ import annotations

import streamlit as st

from components import notice
from components.dates import time_label
from components.entry import draft
from components.entry.analyse import analysing
from components.entry.capture import capture
from components.entry.form import changed_entry
from components.entry.kept_media import kept_media, media_to_keep
from components.moods import intensity_name, mood_name
from components.text import plain
from components.visitor import sentence, t
from diary import damage, entries, errors, readings
from diary.entries import Entry
from diary.sessions import Session
from understanding.analyst import Analysis, UserInput


def entry_card(session: Session, entry: Entry) -> None:
    with st.container(border=True, key=f"mood_card_{entry.mood}_{entry.id}"):
        if entry.is_damaged:
            _damaged(session, entry)
        elif st.session_state.get("editing") == entry.id:
            _edit(session, entry)
        else:
            entry_lines(entry)
            kept_media(session, entry)
            _offer(session, entry)


def entry_lines(entry: Entry) -> None:
    st.markdown(f"**{mood_name(entry.mood)}** · {intensity_name(entry.intensity)} · {time_label(entry)}")
    if entry.note:
        st.text(entry.note)
    if entry.tags:
        st.caption(" ".join(f"\\#{plain(tag)}" for tag in entry.tags))


def _offer(session: Session, entry: Entry) -> None:
    if st.session_state.get("deleting") == entry.id:
        _ask_really(session, entry)
        return
    with st.container(horizontal=True):
        if st.button(t("entry.edit"), key=f"edit_{entry.id}", icon=":material/edit:", type="tertiary"):
            if st.session_state.get(f"version_{entry.id}") != entry.version:
                draft.forget(f"entry_{entry.id}")  # changes of an older version would undo the newer one
            st.session_state["editing"] = entry.id
            st.session_state[f"version_{entry.id}"] = entry.version
            st.rerun()
        _delete_button(entry)


def _damaged(session: Session, entry: Entry) -> None:
    """What is left of it. Where most entries do not open, it is not called damaged, and deleting it is not offered."""
    entry_lines(entry)
    key_fits = damage.count_entries(session).key_fits
    if key_fits:
        st.warning(t("entry.damaged"), icon=":material/broken_image:")
    else:
        st.error(t("error.key_does_not_fit"))
    kept_media(session, entry)
    if not key_fits:
        return
    if st.session_state.get("deleting") == entry.id:
        _ask_really(session, entry)
    else:
        _delete_button(entry)


def _delete_button(entry: Entry) -> None:
    if st.button(t("entry.delete"), key=f"delete_{entry.id}", icon=":material/delete:", type="tertiary"):
        st.session_state["deleting"] = entry.id
        st.rerun()


def _ask_really(session: Session, entry: Entry) -> None:
    st.warning(t("entry.delete_really"))
    with st.container(horizontal=True):
        if st.button(t("entry.delete_yes"), key=f"delete_yes_{entry.id}", type="primary"):
            _delete(session, entry)
        if st.button(t("entry.delete_no"), key=f"delete_no_{entry.id}"):
            del st.session_state["deleting"]
            st.rerun()


def _edit(session: Session, entry: Entry) -> None:
    """The entry as a whole: its words, what was read of it and kept with it, and all of it may be said anew."""
    form = f"entry_{entry.id}"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{t('entry.editing')}**")
        if st.button(t("entry.cancel"), key=f"cancel_{entry.id}", icon=":material/close:", type="tertiary"):
            _close(form)
            st.rerun()
    offered = capture(session, form, line=entry.note)
    kept = kept_media(session, entry)
    before = Analysis.from_stored(readings.of_entry(session, entry.id), UserInput(note=entry.note))
    found = analysing(session, form, offered, before, kept)
    source = found.source if found and found.fused else entry.source
    new = changed_entry(session, entry, form, offered.note, source)
    if new is None:
        return
    try:
        entries.change(
            session,
            entry.id,
            # The version that was opened for editing, not the one just read: another tab may have been faster.
            st.session_state.get(f"version_{entry.id}", entry.version),
            new,
            readings=found.to_store if found and found.fused else None,
            media=media_to_keep(session, offered),
        )
    except errors.DiaryError as error:
        st.error(sentence(error))
        return
    _close(form)
    notice.leave(t("entry.changed"))
    st.rerun()


def _close(form: str) -> None:
    st.session_state.pop("editing", None)
    draft.forget(form)


def _delete(session: Session, entry: Entry) -> None:
    try:
        entries.delete(session, entry.id)
    except errors.DiaryError as error:
        st.error(sentence(error))
        return
    st.session_state.pop("deleting", None)
    draft.forget(f"entry_{entry.id}")
    notice.leave(t("entry.deleted"))
    st.rerun()
