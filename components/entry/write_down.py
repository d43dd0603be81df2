"""Writes a kept recording down on request, and puts its words into the note of the entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NoReturn

import streamlit as st

from components import notice, recognisers, state
from components.entry.transcription import language_name, refusal_sentence
from components.text import percent
from components.visitor import find_visitor, sentence, t
from diary import consents, entries, errors, media, spoken_language, transcripts
from diary.entries import Entry
from diary.sessions import Session
from reading import Refusal
from stt.transcript import Transcript
from understanding.speech_to_text import Transcription
from understanding.write_down_all import NO_WORDS, OTHER_LANGUAGE, WITHOUT_WORDS

_REFRESH = 0.5
"""Seconds between two looks at how far it is."""
_UNSURE_MAX = 8
"""Words that are named; all of them are marked below the player."""


def is_allowed(session: Session) -> bool:
    """Whether this person lets Haru write recordings down, and the model is in place."""
    return "transcript" in consents.given(session.account_id) and recognisers.can_write_down()


def write_down(session: Session, entry: Entry, medium_id: str, is_open: bool) -> None:
    """Draws what the person can do with the words of a kept recording.

    While the recording is not open, it only offers to write it down where the entry has no note yet.
    """
    if said := state.WRITE_DOWN_RESULT.of(medium_id).pop():
        st.info(said, icon=":material/edit_note:")
    transcription = state.WRITE_DOWN.of(medium_id).get()
    if transcription is not None:
        _show(session, entry, medium_id, transcription)
        return
    if not is_open and entry.note.strip():
        return
    transcript = transcripts.of_medium(session, medium_id)
    if transcript is not None and transcript.text:
        if is_open:
            _offer_for_note(session, entry, medium_id, transcript.text)
    elif is_allowed(session) and (is_open or transcript is None):
        if transcript is not None and not said:
            st.caption(_no_words())
        if st.button(t("write_down.button"), key=f"write_down_{medium_id}", icon=":material/edit_note:"):
            _start(session, medium_id, spoken_language.of(session))


def _start(session: Session, medium_id: str, languages: Sequence[str]) -> None:
    try:
        content = media.content(session, medium_id)
    except errors.Unopenable:
        st.warning(t("media.sound_damaged"), icon=":material/broken_image:")
    except errors.DiaryError as error:  # deleted in another tab
        st.error(sentence(error))
    else:
        state.WRITE_DOWN.of(medium_id).set(recognisers.speech_to_text().start(content, languages))
        st.rerun()


def _show(session: Session, entry: Entry, medium_id: str, transcription: Transcription) -> None:
    if transcription.is_cancelled or not is_allowed(session):  # withdrawn meanwhile
        transcription.cancel()
        _forget(medium_id)
    elif not transcription.is_over:
        _progress(medium_id)
    elif transcription.transcript is not None and transcription.refusal is None:
        _finish(session, entry, medium_id, transcription.transcript)
    elif transcription.refusal is None or transcription.refusal.code == NO_WORDS:
        # Stored too, so that *Write down all recordings* does not try it again.
        if _store(session, medium_id, WITHOUT_WORDS):
            _forget(medium_id, _no_words())
    else:
        _refused(session, medium_id, transcription.refusal)


# It gets no session: Streamlit holds the arguments of a fragment, and the session has the diary's key.
@st.fragment(run_every=_REFRESH)
def _progress(medium_id: str) -> None:
    """How far it is, the words so far, and a button that stops it."""
    session = find_visitor()  # a fragment runs without ui.py
    transcription = state.WRITE_DOWN.of(medium_id).get()
    is_running = transcription is not None and not (transcription.is_over or transcription.is_cancelled)
    if transcription is None or not is_running or not is_allowed(session):
        st.rerun()
    if transcription.state == "waiting":
        text = t("transcript.waiting")
    else:
        text = t("transcript.running", share=percent(transcription.share))
    st.progress(min(transcription.share, 1.0), text=text)
    if words := transcription.text:
        st.text(words)
    # A callback: the fragment reruns so often that the next rerun may come before the click.
    st.button(
        t("transcript.stop"),
        key=f"write_down_stop_{medium_id}",
        icon=":material/stop_circle:",
        type="tertiary",
        on_click=transcription.cancel,
    )


def _finish(session: Session, entry: Entry, medium_id: str, transcript: Transcript) -> None:
    """Stores the words with the recording first, so that a conflict about the note loses nothing."""
    if not _store(session, medium_id, transcript):
        return
    said = t("write_down.done_beside")
    if not entry.note.strip():
        if failed := _change_note(session, entry, transcript.text):
            _forget(medium_id, failed)
        said = t("write_down.done")
    unsure = _unsure(transcript)
    notice.show_after_rerun(f"{said} {unsure}".strip(), until_closed=bool(unsure))
    _forget(medium_id)


def _store(session: Session, medium_id: str, transcript: Transcript) -> bool:
    """Whether it worked. If not, the page says why, and the next rerun tries again."""
    try:
        transcripts.save(session, medium_id, transcript)
    except errors.DiaryError as error:
        st.error(sentence(error))
        _close_button(medium_id)
        return False
    return True


def _refused(session: Session, medium_id: str, refusal: Refusal) -> None:
    st.info(refusal_sentence(refusal), icon=":material/info:")
    with st.container(horizontal=True):
        language = str(refusal.details.get("language", ""))
        if refusal.code == OTHER_LANGUAGE and st.button(
            t("transcript.all_the_same", name=language_name(language)),
            key=f"write_down_anyway_{medium_id}",
            icon=":material/edit_note:",
        ):
            _start(session, medium_id, (language,))
        _close_button(medium_id)


def _close_button(medium_id: str) -> None:
    if st.button(t("write_down.close"), key=f"write_down_close_{medium_id}", icon=":material/close:", type="tertiary"):
        _forget(medium_id)


def _forget(medium_id: str, said: str = "") -> NoReturn:
    """Ends it, and draws the page again; `said` is why it did not work, for below the recording."""
    state.WRITE_DOWN.of(medium_id).pop()
    state.WRITE_DOWN_RESULT.of(medium_id).set(said)
    st.rerun()


def _offer_for_note(session: Session, entry: Entry, medium_id: str, text: str) -> None:
    """Offers to put the words into the note, unless they are there: whole, or corrected by the person."""
    if _has_most_words(entry.note, text):
        return
    label = t("write_down.add" if entry.note.strip() else "write_down.as_note")
    if st.button(label, key=f"write_down_add_{medium_id}", icon=":material/playlist_add:", type="tertiary"):
        failed = _change_note(session, entry, f"{entry.note}\n\n{text}" if entry.note.strip() else text)
        if not failed:
            notice.show_after_rerun(t("write_down.added"))
        state.WRITE_DOWN_RESULT.of(medium_id).set(failed)
        st.rerun()


def _has_most_words(note: str, text: str) -> bool:
    said, written = Counter(text.casefold().split()), Counter(note.casefold().split())
    return (said & written).total() * 2 >= said.total()


def _change_note(session: Session, entry: Entry, note: str) -> str:
    """Changes the version of the entry that the page shows; returns a sentence if that failed."""
    try:
        entries.change_note(session, entry.id, entry.version, note)
    except errors.EntryChanged:
        return t("write_down.conflict")
    except errors.DiaryError as error:
        return sentence(error)
    return ""


def _unsure(transcript: Transcript) -> str:
    """Names the words that the model is not sure of; empty if there are none."""
    unsure = dict.fromkeys(word.text.strip(" .,!?…\"'") for word in transcript.words if not word.is_sure)
    words = [word for word in unsure if word]
    if not words:
        return ""
    named = ", ".join(words[:_UNSURE_MAX]) + (" …" if len(words) > _UNSURE_MAX else "")
    return t("write_down.unsure", words=named)


def _no_words() -> str:
    return refusal_sentence(Refusal(NO_WORDS, "There were no words."))
