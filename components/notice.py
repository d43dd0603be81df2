"""The bar of notices, in view wherever the person has scrolled, and what an empty diary shows.

A bar of its own: Streamlit's toast can hold no button, and it is read out as a dialogue.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import streamlit as st
from streamlit.components.v2 import component

import settings
from components import state
from components.undo import SECONDS, Undo
from components.visitor import find_visitor, t
from components.visitor import sentence as sentence_of
from diary import calendar, errors
from diary.deletions import Deletion
from diary.sessions import Session
from web import streamlit_private

_CHARACTERS_A_SECOND = 10
"""As fast as a slow reader reads."""
_LEAST_SECONDS = 6
_REGION = component(
    "haru_notice",
    html="<p class='haru-notice' role='status'></p><button class='haru-notice-close' type='button'>✕</button>",
    js=(settings.ASSETS / "frame" / "notice.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # its styles are in assets/style/notices.css: they also apply to the bar around it
)


@dataclass(frozen=True)
class Notice:
    """A sentence, with what undoes the action that it is about."""

    sentence: str
    seconds: float | None
    """How long the bar shows it; None: until the person closes it."""
    undo: Undo | None = None
    id: str = field(default_factory=lambda: secrets.token_hex(4))
    _began: float = field(default_factory=lambda: time.monotonic())

    @classmethod
    def for_reading(cls, sentence: str) -> Notice:
        return cls(sentence, max(_LEAST_SECONDS, len(sentence) / _CHARACTERS_A_SECOND))

    @property
    def is_over(self) -> bool:
        return self.seconds is not None and time.monotonic() - self._began > self.seconds


@dataclass
class Shown:
    """What the bar shows. Streamlit undoes changes of session state when a click ends a run, but not those inside this
    object."""

    notice: Notice | None = None


def show_after_rerun(
    sentence: str, undo: Callable[[Session], object] | None = None, *, until_closed: bool = False
) -> None:
    """Shows the sentence in the bar from the next run on, or in this one if a callback calls it.

    `undo` adds a button for ten seconds. It also undoes what the last notice was about, if that had a button: a double
    click on *Delete* may delete the next entry, too. A notice that says more than the page does stays `until_closed`.
    """
    if undo is None:
        _replace(Notice(sentence, None) if until_closed else Notice.for_reading(sentence))
        return
    last = _shown().notice
    earlier = last.undo if last and not last.is_over else None
    action = Undo(undo, earlier=earlier)
    if action.count > 1:
        sentence = f"{sentence} {t('undo.together', count=action.count)}"
    _replace(Notice(sentence, SECONDS, action))


def bar() -> None:
    """Draws the bar. Call it in each run of every page: a screen reader reads out only what changes in it."""
    shown = _shown()
    if shown.notice and shown.notice.is_over:
        shown.notice = None
    notice = shown.notice
    with st.container(key="notice_bar", horizontal=True, vertical_alignment="center"):
        _REGION(
            key="notice_region",
            data={
                "id": notice.id if notice else None,
                "sentence": notice.sentence if notice else "",
                "seconds": notice.seconds if notice else None,
                "close": t("notice.close"),
            },
        )
        if notice and notice.undo and not notice.undo.is_over:
            st.button(t("undo.button"), key=f"undo_{notice.id}", on_click=undo, args=(notice.undo,))


@contextmanager
def showing_errors() -> Iterator[None]:
    """Shows the sentence of a diary error and goes on behind the block. For what the callback of a button does."""
    try:
        yield
    except errors.DiaryError as error:
        show_after_rerun(sentence_of(error), until_closed=True)


def delete(act: Callable[[Session], Deletion], sentence: str, then: Callable[[], object] = lambda: None) -> None:
    """Deletes something and says so, with a button that undoes it. For the callback of a button.

    `then` follows the deletion and the undoing.
    """
    session = find_visitor()  # a callback runs without ui.py
    with streamlit_private.uninterrupted():  # a second click must not lose what the first one deleted
        try:
            deletion = act(session)
        except errors.DiaryError as error:
            last = _shown().notice
            is_second_click = isinstance(error, errors.EntryNotFound) and last and last.undo and not last.undo.is_over
            if not is_second_click:
                show_after_rerun(sentence_of(error), until_closed=True)
            return

        def undo_deletion(session: Session) -> None:
            deletion.undo(session)
            then()

        then()
        show_after_rerun(sentence, undo_deletion)


def undo(action: Undo) -> None:
    """Undoes it and says so. For the callback of a button."""
    if action.is_used:
        return
    session = find_visitor()
    with streamlit_private.uninterrupted():  # a second click must not lose half of what comes back
        try:
            is_undone = action.run(session)
        except errors.DiaryError as error:
            again = action if isinstance(error, errors.DatabaseError) else None
            _replace(Notice(sentence_of(error), None, again))
        else:
            show_after_rerun(t(action.done if is_undone else "undo.too_late"))


def _replace(notice: Notice) -> None:
    """Shows it in place of the last one, whose action can then no longer be undone."""
    shown = _shown()
    last, shown.notice = shown.notice, notice
    if last and last.undo and last.undo is not notice.undo:
        last.undo.drop()


def _shown() -> Shown:
    shown = state.NOTICE.get_or_make(Shown)
    assert shown is not None
    return shown


def empty_diary_notice(session: Session, sentence: str, icon: str) -> bool:
    """True if this diary has no entry yet; then it shows `sentence` and a link to Today."""
    if calendar.first_day(session) is not None:
        return False
    st.info(sentence, icon=icon)
    st.page_link("pages/today.py", label=t("days.empty_next"), icon=":material/edit_note:")
    return True
