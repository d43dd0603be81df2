"""The drafts of all open forms: the values of their fields, encrypted into the vault after each change.

A draft is replaced only by what a person typed, chose or cleared. Another tab may have the same form open: what that
tab saved meanwhile is joined, field by field, with what was changed here.

Separate from components/entry/open_form.py because every page saves the drafts, and most pages need no models.
"""

from __future__ import annotations

import wave
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, time
from io import BytesIO
from typing import Any

from components import state
from components.entry import dictation, form_fields, note_field, parts
from diary import drafts, entries, errors, note_merge
from diary.drafts import Draft
from diary.sessions import Session
from web import streamlit_private

_LOOKS = ("parts",)
"""Fields that say how the form looks: a form with nothing else in it holds nothing that can be lost."""
_DAY_OR_TIME = {"day": date, "time": time}
_TRIES = 5


@dataclass
class OpenDraft:
    """The draft of one open form.

    Streamlit undoes changes of session state when a click ends a run, but not those inside this object.
    """

    slot: str
    """The name of the draft in diary/drafts.py: `new`, a day, or an entry's id."""
    id: str
    """The id of the entry that the form becomes, so that it is saved once."""
    saved: dict[str, Any] = field(default_factory=dict)
    """The content that this tab saved or took over last."""
    version: int = 0
    """The version of it; 0 while there is none."""
    readings: Sequence[dict] = ()
    opened: dict[str, Any] | None = None
    """Of a change: the entry's version when the person opened it, and its note then."""
    is_joined: bool = False
    """Whether a newer version of the entry, from another tab, was joined with the change."""


def open_draft(slot: str, form: str, stored: Draft | None, draft_id: str) -> OpenDraft:
    """Opens the draft of a form, filled with what is stored. Its content is saved from now on, on every page."""
    draft = OpenDraft(slot, draft_id)
    state.OPEN_DRAFTS.get_or_make(dict)[form] = draft
    if stored is not None:
        draft.saved, draft.version = stored.content, stored.version
        state.STORED_DRAFTS.get_or_make(dict)[slot] = stored.version
        draft.readings, draft.opened = stored.content.get("readings", ()), stored.content.get("opened")
        _fill(form, stored.content)
        if not is_unused(stored.content):
            state.RESTORED.of(form).set(stored.content)
    # After a restart of the server, the browser may hold text that the draft does not.
    add_to_note(form, streamlit_private.sent_texts().get(f"note_{form}", ""))
    parts.open_filled(form)
    if stored is not None and not differs(form, stored.content):
        draft.saved = stored.content | {"fields": _content(form, draft)["fields"]}  # opened parts are worth no writing
    return draft


def of(form: str) -> OpenDraft | None:
    return state.OPEN_DRAFTS.get().get(form)


def close(session: Session, form: str) -> OpenDraft | None:
    """Forgets the draft and deletes it, after the person saved or discarded the form; returns it."""
    draft = forget(form)
    if draft is not None:
        state.STORED_DRAFTS.get().pop(draft.slot, None)
    if draft is not None and draft.version:
        with suppress(errors.DatabaseError):
            drafts.clear(session, draft.slot)
    return draft


def reopen(form: str, draft: OpenDraft) -> None:
    """Takes a closed draft back: it is saved again."""
    draft.saved, draft.version = {}, 0
    state.OPEN_DRAFTS.get_or_make(dict)[form] = draft


def join(form: str, values: Mapping[str, object]) -> None:
    """Adds values of another form: those that this one does not have, and the note above its note."""
    now = form_fields.changed(form)
    for name, value in values.items():
        if name == "note":
            add_to_note(form, str(value))
        elif name not in now:
            form_fields.set_value(form, name, value)


def forget(form: str) -> OpenDraft | None:
    """Forgets the draft in this tab only."""
    note_field.forget(form)
    state.RESTORED.of(form).pop()
    return state.OPEN_DRAFTS.get().pop(form, None)


def texts_in_browser(session: Session, kind: str) -> dict[str, str]:
    """The notes of this account's forms of this kind that the browser shows, by the ids of the forms.

    After a restart the server has forgotten these forms. Under the same id, their widgets have the same keys, so what
    is typed just now stays in them.
    """
    beginning = f"note_{kind}_"
    texts = {}
    for key, text in streamlit_private.sent_texts().items():
        found = key.removeprefix(beginning)
        if found != key and drafts.is_new_id(session, found):
            texts[found] = text
    return texts


def kept_note(session: Session, entry_id: str) -> str | None:
    """The note of the entry that a form became; None if there is no such entry."""
    try:
        return entries.get(session, entry_id).note
    except errors.EntryNotFound:
        return None


def save_changes(session: Session) -> None:
    """Saves each open form that changed since the last run. Call it before each page runs, also after the person left
    the form's page."""
    with suppress(errors.DatabaseError):  # no message for a draft: saving the entry itself shows the error
        versions = drafts.versions(session)
        state.STORED_DRAFTS.set(versions)
        for form, draft in list(state.OPEN_DRAFTS.get().items()):
            if form_fields.changed(form).get("note") != draft.saved.get("fields", {}).get("note"):
                draft.readings = ()  # they belong to another note
            _save(session, form, draft, versions.get(draft.slot, 0))
            versions[draft.slot] = draft.version


def is_stored(slot: str) -> bool:
    """Whether something is unfinished there, in this tab or in another one."""
    return bool(state.STORED_DRAFTS.get().get(slot))


def save_readings(session: Session, form: str, readings: Sequence[dict]) -> None:
    """Saves one form again, with its readings, after the page was drawn."""
    draft = of(form)
    if draft is None:
        return
    draft.readings = readings
    with suppress(errors.DatabaseError):
        if drafts.versions(session).get(draft.slot, 0) == draft.version:  # else the next run joins both first
            _save(session, form, draft, draft.version)


def is_unused(content: Mapping[str, Any]) -> bool:
    """Whether there is nothing in it that a person could lose."""
    fields = [value for name, value in content.get("fields", {}).items() if name not in _LOOKS]
    return not content.get("readings") and not content.get("media") and all(value is None for value in fields)


def differs(form: str, content: Mapping[str, Any]) -> bool:
    """Whether the person went on with the form since it was filled with this content of a draft."""
    if _media_facts(form):
        return True
    now = {name: _encoded(value) for name, value in form_fields.changed(form).items()}
    then = content["fields"]
    return any(now.get(name) != then.get(name) for name in {*now, *then} - {*_LOOKS})


def _save(session: Session, form: str, draft: OpenDraft, stored: int) -> None:
    for _ in range(_TRIES):
        content = _content(form, draft)
        if stored != draft.version and not _take_over(session, form, draft, content, stored):
            return
        content = _content(form, draft)
        if content == draft.saved or (is_unused(content) and not draft.version):
            note_field.mark_as_safe(form)
            return
        if is_unused(content):
            if drafts.clear_if_unchanged(session, draft.slot, draft.version):
                draft.saved, draft.version = content, 0
                note_field.mark_as_safe(form)
                return
        elif version := drafts.save_if_unchanged(session, content, draft.slot, draft.version):
            draft.saved, draft.version = content, version
            note_field.mark_as_safe(form)
            return
        stored = drafts.versions(session).get(draft.slot, 0)


def _content(form: str, draft: OpenDraft) -> dict[str, Any]:
    fields = {name: _encoded(value) for name, value in form_fields.changed(form).items()}
    understood = state.UNDERSTANDING.of(form).get()
    content = {
        "id": draft.id,
        "fields": fields,
        "readings": list(draft.readings),
        "recordings": dictation.for_draft(form),
        "media": _media_facts(form),
        "suggested": understood.offered_mood if understood else draft.saved.get("suggested"),
    }
    return content | ({"opened": draft.opened} if draft.opened else {})


def _take_over(session: Session, form: str, draft: OpenDraft, mine: dict[str, Any], stored: int) -> bool:
    """Joins what another tab saved with what this one changed; false if there is nothing to save."""
    theirs = drafts.load(session, draft.slot)
    if theirs is None:
        # Saved or discarded in another tab. Nothing happens until the person changes something here, too.
        if not stored and mine["fields"] == draft.saved.get("fields", {}):
            return False
        if draft.slot != draft.id and kept_note(session, draft.id) is not None:
            draft.id = drafts.new_id(session)  # with the old one, the diary would take it for the entry that it has
        draft.saved, draft.version = {}, stored
        return True
    base, other = draft.saved.get("fields", {}), theirs.content["fields"]
    for name in {*base, *other, *mine["fields"]}:
        before, here, there = base.get(name), mine["fields"].get(name), other.get(name)
        if there in (before, here):
            continue
        if name == "note":
            texts = [_note_of(form, value, draft) for value in (before, here, there)]
            note_field.change(form, note_merge.merged(*texts))
        elif here == before:
            if there is None:
                form_fields.reset(form, name)
            else:
                form_fields.set_value(form, name, _decoded(name, there))
    parts.open_filled(form)
    draft.id, draft.saved, draft.version = theirs.content["id"], theirs.content, theirs.version
    return True


def _note_of(form: str, value: object, draft: OpenDraft) -> str:
    """The text of an encoded note, where None is the text that the form began with."""
    if isinstance(value, str):
        return value
    return str(form_fields.default(form, "note") or (draft.opened or {}).get("note") or "")


def add_to_note(form: str, text: str) -> None:
    """Puts text above the note, unless it holds it already."""
    stored = str(form_fields.value(form, "note") or "")
    if text and text != stored:
        note_field.change(form, note_merge.both(text, stored))


def _fill(form: str, content: Mapping[str, Any]) -> None:
    for name, value in content["fields"].items():
        if value is not None:
            form_fields.restore(form, name, _decoded(name, value))
    dictation.restore(form, content.get("recordings", {}))


def _media_facts(form: str) -> list[dict[str, str]]:
    """What there is besides fields: after a reload, the page can name what is gone. Never the content itself."""
    attached, photos = state.ATTACHED.of(form).get(), state.HELD_PHOTOS.of(form).get()
    facts = []
    for source, attachment in attached.by_source.items() if attached else ():
        facts.append({"source": source, "name": attachment.name or _length(attachment.content)})
    for photo in photos.by_file.values() if photos else ():
        facts.append({"source": "photo", "name": photo.name})
    return facts


def _length(recording: bytes) -> str:
    """Minutes and seconds of what was recorded on the page; empty for anything else."""
    try:
        with wave.open(BytesIO(recording)) as file:
            seconds = round(file.getnframes() / file.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        return ""
    return f"{seconds // 60}:{seconds % 60:02}"


def _encoded(value: object) -> object:
    """As JSON; a cleared field differs from one that is as it was."""
    if value is None:
        return {"cleared": True}
    if isinstance(value, date | time):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _decoded(name: str, value: object) -> object:
    if value == {"cleared": True}:
        return None
    kind = _DAY_OR_TIME.get(name)
    return kind.fromisoformat(str(value)) if kind else value
