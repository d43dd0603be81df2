"""The session state of one visitor: every value that outlasts a run has a typed accessor here.

A key that is written as text in one file and read in another breaks silently when only one of them is renamed. Keys of
widgets stay in the file that draws the widget.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import streamlit as st

from web import streamlit_private

if TYPE_CHECKING:  # most pages need no models, and these modules import them
    from components.entry.attached import Attached
    from components.entry.camera import Answer
    from components.entry.dictation import Dictations
    from components.entry.note_field import Note
    from components.entry.open_form import Understanding
    from components.entry.photos import HeldPhotos
    from components.entry.saved_draft import OpenDraft
    from components.music.playlist import Playlist
    from components.notice import Shown
    from components.today.saved_notice import SavedEntry
    from demo.moments import Moment
    from diary.report.spans import Span
    from diary.search import Query
    from diary.trusted import Invitation
    from music.analyse import TrackAnalysis
    from music.recommend import Wish
    from music.track import Track
    from reading import Refusal
    from understanding.live import LiveReader, LiveState
    from understanding.speech_to_text import Transcription
    from understanding.write_down_all import WriteDownAll

T = TypeVar("T")


class Value(Generic[T]):
    """One value in the session state."""

    def __init__(self, key: str, default: T) -> None:
        self.key, self._default = key, default

    def get(self) -> T:
        return st.session_state.get(self.key, self._default)

    def set(self, value: T) -> None:
        st.session_state[self.key] = value

    def pop(self) -> T:
        """Removes the value and returns it."""
        return st.session_state.pop(self.key, self._default)

    def is_set(self) -> bool:
        return self.key in st.session_state

    def get_or_make(self, make: Callable[[], T]) -> T:
        """The value; on the first call, what `make` returns."""
        if not self.is_set():
            self.set(make())
        return self.get()


class PerName(Generic[T]):
    """The same kind of value once for each form, entry or day."""

    def __init__(self, prefix: str, default: T) -> None:
        self._prefix, self._default = prefix, default

    def of(self, name: str) -> Value[T]:
        return Value(f"{self._prefix}_{name}", self._default)


def clear() -> None:
    """Deletes everything: the next visitor of this browser session may be another person."""
    for key in list(st.session_state):
        del st.session_state[key]
    streamlit_private.forget_callbacks()


# The visitor (components/visitor.py).
ACCOUNT_ID: Value[str | None] = Value("account_id", None)
LANGUAGE: Value[str | None] = Value("language", None)

# The demo: the step of its route, as text (components/demo/route.py).
ROUTE_STEP: Value[str | None] = Value("route_step", None)
ASKED_MOMENT: Value[Moment | None] = Value("asked_moment", None)
"""The prepared moment that would replace what the visitor typed, if they say so (components/demo/moments.py)."""

# What any page shows or computes (notice.py, page_cache.py).
NOTICE: Value[Shown | None] = Value("notice", None)
PAGE_CACHE: Value[dict[str, Any]] = Value("page_cache", {})

# The form of the new entry, and the drafts of all open forms in the vault (entry/open_form.py, entry/saved_draft.py).
NEW_ENTRY_FORM: Value[str] = Value("new_entry_form", "")
OPEN_DRAFTS: Value[dict[str, OpenDraft]] = Value("open_drafts", {})
STORED_DRAFTS: Value[dict[str, int]] = Value("stored_drafts", {})
"""The version of each draft in the vault, by its name there."""
RESTORED: PerName[dict[str, Any] | None] = PerName("restored", None)
"""The draft that filled a form, until the person goes on with it."""

# All forms of entries, by the form's name (entry/form_fields.py and its users).
FORM_FIELDS: Value[dict[str, dict[str, Any]]] = Value("form_fields", {})
FORM_FIELDS_PAGE: Value[str | None] = Value("form_fields_page", None)
FORM_FIELDS_DRAWN: Value[bool] = Value("form_fields_drawn", False)
NOTES: Value[dict[str, Note]] = Value("notes", {})
DICTATIONS: Value[dict[str, Dictations]] = Value("dictations", {})
UNDERSTANDING: PerName[Understanding | None] = PerName("understanding", None)
ATTACHED: PerName[Attached | None] = PerName("attached", None)
TAG_REFUSED: PerName[str] = PerName("tag_refused", "")
"""Why the last tag that was typed is none."""
HELD_PHOTOS: PerName[HeldPhotos | None] = PerName("held_photos", None)
KEEP_PRESSED: PerName[bool] = PerName("keep_pressed", False)
"""Whether the person pressed something else than the form's own button that keeps the entry (entry/choose.py)."""
KEEP_ERROR: PerName[tuple[str, dict[str, object]] | None] = PerName("keep_error", None)
"""Why the entry could not be kept, and the values of the form then (entry/keep_error.py)."""
LEAD_TO: PerName[tuple[str, int]] = PerName("lead_to_place", ("", 0))
"""The part of the form to scroll to, and the number of this request (entry/lead_to.py)."""
CAMERA_ANSWER: PerName[Answer | None] = PerName("camera_answer", None)
CHOSEN_FACE: PerName[tuple[str, int] | None] = PerName("chosen_face", None)
READ_NOW: PerName[bool] = PerName("read_now", False)
"""Whether the models read the form in the next run, without a press of *Read it*."""
LIVE: Value[LiveReader | None] = Value("live", None)
LIVE_SHOWN: Value[LiveState | None] = Value("live_shown", None)
"""What the page showed of the stream last."""
LED_TO_LIVE: PerName[bool] = PerName("led_to_live", False)
"""Whether the page scrolled to the picture of the stream that plays."""

# A saved entry (entry/card.py).
EDITED_ENTRY: Value[str | None] = Value("edited_entry", None)
WRITE_DOWN: PerName[Transcription | None] = PerName("write_down_of", None)
"""By the recording's id: a kept recording that is being written down (entry/write_down.py)."""
WRITE_DOWN_RESULT: PerName[str] = PerName("write_down_result", "")

# Today.
SAVED_ENTRY: Value[SavedEntry | None] = Value("saved_entry", None)
TOUR_CARD: Value[int] = Value("tour_card", 0)
TRACKER_ERROR: Value[str | None] = Value("tracker_error", None)
"""Why a tracker's value was not stored; shown below the trackers of the day."""
TRACKER_CLOSED: PerName[int] = PerName("tracker_closed", 0)
"""How often the field of a tracker was closed: a new number closes it."""
EDITED_TRACKER: Value[str | None] = Value("edited_tracker", None)
NEW_TRACKER: Value[str] = Value("new_tracker", "")
"""The id of the tracker that the form is about to add: a double tap adds one."""

# Days: the first of the month that is shown, the day that is open in it, the year that is shown, and the last search.
MONTH: Value[date | None] = Value("month", None)
DAY: Value[date | None] = Value("day", None)
ENTRY_ADDED: Value[bool] = Value("entry_added", False)
ADD_FORM: PerName[str] = PerName("add_form", "")
YEAR: Value[int] = Value("year", 0)
SEARCH: Value[tuple[Query, int] | None] = Value("search", None)
"""The query, and how many of its results are shown."""

# The report: its days, and the part of the page's address that they are from.
REPORT_SPAN: Value[Span | None] = Value("report_days", None)
REPORT_ADDRESS: Value[str] = Value("report_address", "")

# Music.
MUSIC_ENTRY: Value[str | None] = Value("music_entry", None)
"""The entry that was saved last: music for its mood is offered first."""
WISH: Value[Wish | None] = Value("wish", None)
WISH_START: Value[str | None] = Value("wish_start", None)
"""The day, and the entry or draft that filled in the mood."""
PLAYLIST: Value[Playlist | None] = Value("playlist", None)
PLAYLIST_CHANGES: Value[int] = Value("playlist_changes", 0)
FOUND_TRACKS: Value[list[Track]] = Value("found_tracks", [])
ANALYSED_TRACKS: Value[dict[str, TrackAnalysis | Refusal]] = Value("analysed_tracks", {})
TRIED_TRACK: Value[tuple[str, TrackAnalysis | Refusal] | None] = Value("tried_track", None)
"""On the Models page: the uploaded file's id and what the model said."""

# Trusted people: the code that was just made, and what a code offers before the person agrees.
TRUSTED_CODE: Value[str | None] = Value("trusted_new_code", None)
TRUSTED_OFFER: Value[tuple[str, Invitation] | None] = Value("trusted_offer", None)

# Your data.
IMPORT_NUMBER: Value[int] = Value("import_number", 0)
"""How many files were imported: a new number empties the uploader."""
WRITE_DOWN_ALL: Value[WriteDownAll | None] = Value("write_down_all_work", None)
"""All kept recordings that are being written down, or what came of them; it holds numbers, no word and no key."""
MEMO_LIST_NUMBER: Value[int] = Value("memo_list_number", 0)
"""How many lists of voice memos were emptied: a new number empties the uploader."""
