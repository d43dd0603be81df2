"""Writes the recording of an entry's form down into its note, and shows how far it is.

Words go under what the person typed (components/entry/dictated_text.py), and one tap takes them out again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components import recognisers
from components.entry import dictated_text, dictation, form_fields, note_field
from components.entry.dictation import Dictation, Dictations
from components.text import percent
from components.visitor import find_visitor, t
from diary import consents, spoken_language
from diary.sessions import Session
from language import catalogue
from reading import Refusal
from stt.transcript import Transcript

_REFRESH = 0.5
"""Seconds between two looks at how far it is."""


def write_down(session: Session, form: str, recording: bytes | None) -> Transcript | None:
    """Starts with a recording that is new in this form, and draws what there is to say about it below the note.

    Without `recording`, it goes on with an earlier one: a person who records again lost nothing of what they said.
    Returns the transcript of `recording` once it is complete, unless the person took its words out of the note.
    """
    dictations = dictation.of(form)
    found = _found_or_started(session, dictations, recording) if recording else None
    dictations.mark_as_shown()
    shown = [each for each in dictations.every if each.removal is None]
    note_field.script(form, [note_field.Dictated(each.id, each.placed, each.pieces) for each in shown])
    if dictations.running:
        _progress(form)
    elif dictations.latest:
        _result(session, form, dictations, dictations.latest, recording if found is dictations.latest else None)
    return found.transcript if found else None


def _found_or_started(session: Session, dictations: Dictations, recording: bytes) -> Dictation:
    digest = dictation.digest_of(recording)
    if found := dictations.find(digest):
        return found
    job = recognisers.speech_to_text().start(recording, spoken_language.of(session))
    dictations.every.append(Dictation(digest, job, dictations.earlier.get(digest, 0)))
    return dictations.every[-1]


@st.fragment(run_every=_REFRESH)
def _progress(form: str) -> None:
    """How far it is, with a button that stops it; draws the whole page again when there are new words."""
    session = find_visitor()  # a fragment runs without ui.py
    if "transcript" not in consents.given(session.account_id):  # withdrawn in another tab
        dictation.stop_all()
    dictations = dictation.of(form)
    running = dictations.running
    if dictations.has_news or not running:
        st.rerun()
    done = sum(each.job.share for each in running) / len(running)
    is_saved_then = dictation.SAVE in dictations.awaited
    if is_saved_then:
        key = "transcript.saving"
    elif dictation.ANALYSE in dictations.awaited:
        key = "transcript.analysing"
    else:
        is_waiting = all(each.job.state == "waiting" for each in running)
        key = "transcript.waiting" if is_waiting else "transcript.running"
    st.progress(min(1.0, done), text=t(key, share=percent(done)))
    # A callback: the fragment reruns so often that the next rerun may come before the click.
    st.button(
        t("transcript.save_now" if is_saved_then else "transcript.stop"),
        key=f"stop_writing_{form}",
        icon=":material/stop_circle:",
        type="tertiary",
        on_click=_stop,
        args=(form,),
    )


def _stop(form: str) -> None:
    for each in dictation.of(form).running:
        each.stop()


def _result(session: Session, form: str, dictations: Dictations, latest: Dictation, recording: bytes | None) -> None:
    """What came of the latest recording, with the buttons that fit. `recording` is its sound, if it is still there."""
    refusal = latest.job.refusal if not latest.is_stopped else None
    if refusal:
        st.info(refusal_sentence(refusal), icon=":material/info:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if latest.removal:
            st.caption(t("transcript.removed"))
        elif latest.is_stopped:
            st.caption(t("transcript.stopped"))
        elif not refusal and (transcript := latest.job.transcript):
            st.caption(t("transcript.done", name=language_name(transcript.language)))
        if recording and latest.removal is None:
            _offer_more(session, form, latest, recording)
        _offer_removal(form, dictations, latest)


def _offer_more(session: Session, form: str, latest: Dictation, recording: bytes) -> None:
    """Offers to go on with a recording that is still there."""
    if latest.is_stopped:
        languages = spoken_language.of(session)
        _button("transcript.go_on", form, ":material/play_arrow:", lambda: _follow(latest, recording, languages))
    elif latest.job.refusal and latest.job.refusal.code == "other_language":
        language = _other_language(latest.job.refusal)
        _button(
            "transcript.all_the_same",
            form,
            ":material/edit_note:",
            lambda: _follow(latest, recording, (language,)),
            name=language_name(language),
        )


def _follow(latest: Dictation, recording: bytes, languages: Sequence[str]) -> None:
    latest.follow(recognisers.speech_to_text().start(recording, languages))


def _offer_removal(form: str, dictations: Dictations, latest: Dictation) -> None:
    if latest.removal:
        _button("transcript.put_back", form, ":material/redo:", lambda: dictations.put_back(form, latest))
        return
    placed = latest.pieces[: latest.placed]
    left = dictated_text.unchanged(str(form_fields.value(form, "note") or ""), placed)
    if left:
        # A person who changed the words must know beforehand what goes and what stays.
        key = "transcript.undo" if len(left) == len(placed) else "transcript.undo_unchanged"
        _button(key, form, ":material/undo:", lambda: dictations.remove(form, latest))


def _button(key: str, form: str, icon: str, act: Callable[[], None], **values: object) -> None:
    """A quiet button. `act` runs before the page is drawn again: only then can it change the note."""

    def act_on_latest_note() -> None:
        form_fields.read_widgets()
        act()

    st.button(t(key, **values), key=f"{key}_{form}", icon=icon, type="tertiary", on_click=act_on_latest_note)


def refusal_sentence(refusal: Refusal) -> str:
    """Why a recording was not written down, and what the person can do."""
    values = {"name": language_name(_other_language(refusal))} if refusal.code == "other_language" else {}
    keys = (f"transcript.{refusal.code}", f"refusal.{refusal.code}")
    return t(next((key for key in keys if key in catalogue("en")), "refusal.voice"), **values)


def _other_language(refusal: Refusal) -> str:
    return str(refusal.details.get("language", ""))


def language_name(code: str) -> str:
    """The name of a language in the visitor's language; its code where it has no name here."""
    names = dict(pair.split("=") for pair in t("language.names").split(","))
    return names.get(code, code)
