"""The open forms of entries: the name of the new entry's form, and what the models understood in each form.

The new entry's form survives a reload or a change of page: its draft is in the vault (components/entry/saved_draft.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from components import page_cache, state
from components.entry import dictation, form_fields, saved_draft, why
from components.state import PerName, Value
from diary import drafts
from diary.drafts import Draft
from diary.sessions import Session
from emotions import EMOTIONS
from reading import Reading
from understanding.analyst import Analysis, UserInput

_OF_ONE_FORM: tuple[PerName[Any], ...] = (
    *(state.UNDERSTANDING, state.ATTACHED, state.CAMERA_ANSWER, state.HELD_PHOTOS, state.CHOSEN_FACE),
    state.KEEP_ERROR,
)
_OF_ALL_FORMS: tuple[Value[Any], ...] = (state.FORM_FIELDS, state.DICTATIONS)


def new_entry_form(session: Session) -> str:
    """The name of the new entry's form; on the first run, filled from a draft that a lost connection left."""
    if not state.NEW_ENTRY_FORM.is_set():
        stored = drafts.load(session)  # first: if it fails, the next run tries again and overwrites nothing
        shown = saved_draft.texts_in_browser(session, "new")
        kept = {each: saved_draft.kept_note(session, each) for each in shown}
        unkept = next((each for each, note in kept.items() if note is None), None)
        _start(session, stored, stored.content["id"] if stored else unkept)
        for each, text in shown.items():  # typed into a form that meanwhile became an entry, or is gone
            if each != draft_id() and text not in (kept[each] or ""):
                saved_draft.add_to_note(state.NEW_ENTRY_FORM.get(), text)
    return state.NEW_ENTRY_FORM.get()


def draft_id() -> str:
    draft = saved_draft.of(state.NEW_ENTRY_FORM.get())
    assert draft is not None
    return draft.id


@dataclass
class Understanding:
    """What the models understood in one form.

    When the person types or clicks, Streamlit ends a run that still analyses and undoes its changes of session state.
    It does not undo changes inside this object: the run stores its result here, and the next run shows it.
    """

    found: Analysis | None = None
    is_new: bool = False
    """Whether the form has yet to offer the mood of `found`."""
    offered_mood: str | None = None
    """The mood that the form shows because the models suggested it; it goes with what it was made from."""
    media: tuple[bytes | None, bytes | None] | None = None
    """The form's recording and picture when the analysis was shown first."""

    def set(self, found: Analysis) -> None:
        self.found, self.is_new, self.media = found, True, None

    def fits(self, offered: UserInput) -> bool:
        """Whether `found` is still the analysis of this input. A recording that was taken out is a change."""
        if self.found is None or not self.found.matches(offered):
            return False
        media = (offered.recording, offered.picture)
        self.media = self.media or media
        return self.media == media


def understanding(form: str) -> Understanding:
    found = state.UNDERSTANDING.of(form).get_or_make(Understanding)
    assert found is not None
    return found


def analysis(form: str, offered: UserInput) -> Analysis | None:
    """The analysis of this form's input; None if there is none, or if the input changed after it."""
    current = understanding(form)
    return current.found if current.fits(offered) else None


def offer_mood(form: str, mood: str | None) -> None:
    """Selects the suggested mood in the form; None takes the last suggestion back.

    A mood that the person selected stays. A suggestion counts as their choice only once they changed it and came back.
    """
    current = understanding(form)
    chosen = form_fields.value(form, "mood_choice")
    if chosen not in (None, current.offered_mood):
        current.offered_mood = None
    elif (current.is_new and mood != chosen) or (mood is None and current.offered_mood is not None):
        form_fields.set_value(form, "mood_choice", mood)
        current.offered_mood = mood
    current.is_new = False


def save_draft(session: Session, found: Analysis | None) -> None:
    """Encrypts the new entry's current state, with its readings, into the vault if it changed since the last run."""
    readings = found.to_store if found and found.fused else []
    form = state.NEW_ENTRY_FORM.get()
    saved_draft.save_readings(session, form, [vars(reading) | {"scores": dict(reading.scores)} for reading in readings])


def is_untouched() -> bool:
    """Whether the person entered nothing in the new entry yet."""
    form = state.NEW_ENTRY_FORM.get()
    photos = state.HELD_PHOTOS.of(form).get()
    has_photos = photos is not None and bool(photos.by_file)
    return not has_photos and not any(form_fields.value(form, field) for field in ("note", "mood_choice", "tags"))


def set_aside(session: Session) -> Callable[[], None]:
    """Opens an empty form after saving or discarding, and deletes the draft of the last one from the vault.

    Returns a function that puts the last form back as it was, joined with what the person entered since. Nothing else
    holds its content.
    """
    form = state.NEW_ENTRY_FORM.get()
    by_form = [(value, value.get().get(form)) for value in _OF_ALL_FORMS]
    of_form = [(value.of(form), value.of(form).get()) for value in _OF_ONE_FORM]
    draft = saved_draft.close(session, form)
    forget(form)
    _start(session, None)

    def put_back() -> None:
        since = form_fields.changed(state.NEW_ENTRY_FORM.get())
        forget(state.NEW_ENTRY_FORM.get())
        state.NEW_ENTRY_FORM.set(form)
        for value, content in by_form:
            if content is not None:
                value.get_or_make(dict)[form] = content
        for value, content in of_form:
            if content is not None:
                value.set(content)
        if draft is not None:
            saved_draft.reopen(form, draft)
        saved_draft.join(form, since)

    return put_back


def forget(form: str) -> None:
    """Removes this form's input and analysis from memory; Streamlit drops its widgets' own values."""
    why.forget(form)
    dictation.forget(form)
    saved_draft.forget(form)
    form_fields.forget(form)
    for cached in ("length", "thumbnail", "camera"):
        page_cache.forget(f"{cached}_{form}")
    for values in _OF_ONE_FORM:
        values.of(form).pop()


def _start(session: Session, stored: Draft | None, draft_id: str | None = None) -> None:
    """Opens the new entry's form under a name of its own, so that Streamlit drops the widgets of the last one."""
    draft_id = draft_id or drafts.new_id(session)
    form = f"new_{draft_id}"
    state.NEW_ENTRY_FORM.set(form)
    saved_draft.open_draft(drafts.NEW_ENTRY, form, stored, draft_id)
    if stored:
        restore_understanding(form, stored.content)


def restore_understanding(form: str, content: dict) -> None:
    readings = [_reading(saved) for saved in content["readings"]]
    current = understanding(form)
    current.found = Analysis.from_stored(readings, UserInput(note=content["fields"].get("note") or ""))
    current.offered_mood = content.get("suggested")


def _reading(saved: dict) -> Reading:
    return Reading(
        scores={emotion: saved["scores"][emotion] for emotion in EMOTIONS},
        sure=saved["sure"],
        quality=saved["quality"],
        source=saved["source"],
        model=saved["model"],
    )
