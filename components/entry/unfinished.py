"""Forms that a person left unfinished besides the new entry's: an entry of an earlier day, and changes of entries."""

from __future__ import annotations

from datetime import date

import streamlit as st

from components import state
from components.entry import form_fields, note_field, open_form, saved_draft
from components.entry.saved_draft import OpenDraft
from components.visitor import t
from diary import drafts, note_merge
from diary.entries import Entry
from diary.sessions import Session
from web import streamlit_private


def day_form(session: Session, day: date) -> str:
    """The name of the form for one more entry of this day, filled with what is unfinished."""
    slot = day.isoformat()
    name = state.ADD_FORM.of(slot)
    form = name.get()
    if saved_draft.of(form) is not None:
        return form
    stored, kind = drafts.load(session, slot), f"day_{slot}"
    shown = saved_draft.texts_in_browser(session, kind)
    unkept = next((each for each in shown if saved_draft.kept_note(session, each) is None), None)
    draft_id = stored.content["id"] if stored else unkept or drafts.new_id(session)
    # A new name after each saved entry empties the form.
    name.set(f"{kind}_{draft_id}")
    saved_draft.open_draft(slot, name.get(), stored, draft_id)
    return name.get()


def draft_id(form: str) -> str:
    """The id of the entry that the form becomes: a second click saves nothing twice."""
    return _draft(form).id


def is_edited(entry_id: str) -> bool:
    """Whether the entry's form is open. After a reload, an unfinished change opens it again."""
    if not state.EDITED_ENTRY.is_set():
        # After a restart, the browser can show the form with words that no draft has.
        is_shown = not state.FORM_FIELDS_DRAWN.get() and f"note_entry_{entry_id}" in streamlit_private.sent_texts()
        if is_shown or saved_draft.is_stored(entry_id):
            state.EDITED_ENTRY.set(entry_id)
    return state.EDITED_ENTRY.get() == entry_id


def change_form(session: Session, entry: Entry) -> str:
    """The name of the form that changes an entry, filled with what is unfinished.

    If another tab saved the entry meanwhile, that version and the change are joined: nothing of both is lost.
    """
    form = f"entry_{entry.id}"
    draft = saved_draft.of(form)
    if draft is None:
        stored = drafts.load(session, entry.id)
        draft = saved_draft.open_draft(entry.id, form, stored, entry.id)
        if stored is not None:
            open_form.restore_understanding(form, stored.content)
    if draft.opened is None:
        draft.opened = _as_opened(entry)
    elif draft.opened["version"] != entry.version:
        _join(form, draft, entry)
        st.rerun()  # a press on *Keep* in this run was for what the person saw before
    if draft.is_joined:
        st.info(t("entry.joined"), icon=":material/merge:")
    return form


def close(session: Session, form: str) -> None:
    """Forgets a form and its draft, after it was saved or given up."""
    draft = saved_draft.of(form)
    saved_draft.close(session, form)
    open_form.forget(form)
    if draft is None:
        return
    if state.EDITED_ENTRY.get() == draft.slot:
        state.EDITED_ENTRY.pop()
    else:
        state.ADD_FORM.of(draft.slot).pop()


def _join(form: str, draft: OpenDraft, entry: Entry) -> None:
    before, mine = (draft.opened or {})["note"], form_fields.changed(form).get("note")
    form_fields.forget_unchanged(form)
    if isinstance(mine, str):
        draft.is_joined = True
        note_field.change(form, note_merge.merged(before, mine, entry.note))
        form_fields.set_default(form, "note", entry.note)
    draft.is_joined = draft.is_joined or bool(form_fields.changed(form))
    draft.opened = _as_opened(entry)


def _as_opened(entry: Entry) -> dict:
    return {"version": entry.version, "note": entry.note}


def _draft(form: str) -> OpenDraft:
    draft = saved_draft.of(form)
    assert draft is not None
    return draft
