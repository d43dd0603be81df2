"""A note that the browser sends while its page is closing, joined with the draft of its form.

The page also sends it over Streamlit's websocket. But a busy server drops what it has not read from a websocket when
the page closes it, and a request by HTTP is answered all the same.
"""

from __future__ import annotations

import re
from datetime import date

from diary import drafts, entries, errors, note_merge
from diary.sessions import Session

_NEW = re.compile(r"new_(?P<id>[0-9a-f]{32})")
_DAY = re.compile(r"day_(?P<day>\d{4}-\d\d-\d\d)_(?P<id>[0-9a-f]{32})")
_ENTRY = re.compile(r"entry_(?P<id>[0-9a-f]{32})")
_TRIES = 5


def save(session: Session, form: str, note: str, base: str | None) -> bool:
    """Joins the note with the draft of the form, by the form's name (components/entry/saved_draft.py).

    `base` is the text that the browser knows to be saved; None if it is too long to send. False if the form is none of
    this account's, or if it has become an entry since.
    """
    if len(note) > entries.NOTE_MAX:
        return False
    found = _draft_of(session, form)
    if found is None:
        return False
    slot, draft_id, before = found
    for _ in range(_TRIES):
        version, stored = drafts.versions(session).get(slot, 0), drafts.load(session, slot)
        content = stored.content if stored else {"id": draft_id, "fields": {}, "readings": []}
        saved = content["fields"].get("note")
        there = saved if isinstance(saved, str) else before
        joined = note_merge.both(note, there) if base is None else note_merge.merged(base, note, there)
        if joined == there:
            return True
        changed = content | {"fields": content["fields"] | {"note": joined}, "readings": []}
        if drafts.save_if_unchanged(session, changed, slot, version):
            return True
    return False


def _draft_of(session: Session, form: str) -> tuple[str, str, str] | None:
    """The draft's place, the id of the entry that it becomes, and the note that the form began with."""
    if found := _ENTRY.fullmatch(form):
        note = _note(session, found["id"])
        return None if note is None else (found["id"], found["id"], note)
    found = _NEW.fullmatch(form) or _DAY.fullmatch(form)
    if found is None or not drafts.is_new_id(session, found["id"]) or _note(session, found["id"]) is not None:
        return None
    if found.re is _NEW:
        return drafts.NEW_ENTRY, found["id"], ""
    try:
        return date.fromisoformat(found["day"]).isoformat(), found["id"], ""
    except ValueError:
        return None


def _note(session: Session, entry_id: str) -> str | None:
    """The note of the entry; None if there is no such entry."""
    try:
        return entries.get(session, entry_id).note
    except errors.EntryNotFound:
        return None
