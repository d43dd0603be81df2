"""Who adds the words to the note: the script in the browser where it shows the note, else the server."""

from __future__ import annotations

import pytest
import streamlit as st

from components import state
from components.entry import dictation, form_fields, note_field
from components.entry.dictation import Dictation, Dictations
from components.entry.note_field import Reported, reported
from tests.understanding.fakes import FakeTranscription

FORM = "form"


class Note:
    """Takes the place of the form's note, of the script, and of the page that shows both."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.text = ""
        self.script: Reported | None = None
        monkeypatch.setattr(form_fields, "value", lambda form, name: self.text)
        monkeypatch.setattr(form_fields, "set_value", lambda form, name, value: setattr(self, "text", value))
        monkeypatch.setattr(note_field, "reported", lambda form: self.script)
        monkeypatch.setattr(Dictations, "_is_shown", True)
        state.NOTES.pop()


@pytest.fixture
def note(monkeypatch: pytest.MonkeyPatch) -> Note:
    return Note(monkeypatch)


@pytest.fixture
def dictations() -> Dictations:
    """One recording of which two segments are written down."""
    job = FakeTranscription(b"", ("ko", "en"))
    job.say("One.")
    job.say("Two.")
    return Dictations([Dictation("digest", job)])


def latest(dictations: Dictations) -> Dictation:
    assert dictations.latest is not None
    return dictations.latest


def test_the_script_adds_the_words_and_says_so(note: Note, dictations: Dictations) -> None:
    note.script = Reported(0, {})
    dictations.write_into_note(FORM)
    assert (note.text, latest(dictations).placed) == ("", 0)
    note.text, note.script = "One. Two.", Reported(0, {latest(dictations).id: 2})
    dictations.write_into_note(FORM)
    assert (note.text, latest(dictations).placed) == ("One. Two.", 2)
    note.text = ""  # the person deletes them
    dictations.write_into_note(FORM)
    assert note.text == ""


def test_words_of_which_the_script_knows_nothing_are_not_in_the_note(note: Note, dictations: Dictations) -> None:
    note.script = Reported(0, {latest(dictations).id: 99, "another": 5})
    dictations.write_into_note(FORM)
    assert latest(dictations).placed == 2


def test_without_a_script_the_server_adds_them_after_a_while(
    note: Note, dictations: Dictations, monkeypatch: pytest.MonkeyPatch
) -> None:
    dictations.mark_as_shown()
    dictations.write_into_note(FORM)
    assert (note.text, dictations.has_news) == ("", False)
    monkeypatch.setattr(dictation, "PATIENCE", 0.0)
    assert dictations.has_news
    dictations.write_into_note(FORM)
    assert note.text == "One. Two."
    assert not dictations.has_news


def test_where_no_browser_shows_the_note_the_server_adds_them_at_once(
    note: Note, dictations: Dictations, monkeypatch: pytest.MonkeyPatch
) -> None:
    note.script = Reported(0, {})
    monkeypatch.setattr(Dictations, "_is_shown", False)
    dictations.write_into_note(FORM)
    assert note.text == "One. Two."


def test_after_save_was_pressed_the_server_adds_the_rest(note: Note, dictations: Dictations) -> None:
    note.text, note.script = "One.", Reported(0, {latest(dictations).id: 1})
    dictations.awaited = {dictation.SAVE}
    dictations.write_into_note(FORM)
    assert note.text == "One. Two."


def test_a_change_that_the_browser_did_not_have_yet_is_made_again(note: Note, dictations: Dictations) -> None:
    note.text, note.script = "One. Two.", Reported(0, {latest(dictations).id: 2})
    dictations.write_into_note(FORM)
    dictations.remove(FORM, latest(dictations))
    assert note.text == ""
    note.text = "One. Two."  # a request that was on its way
    note_field.repeat_lost_changes()
    assert note.text == ""
    version = state.NOTES.get()[FORM].version
    note.text, note.script = "One. Two.", Reported(version, {latest(dictations).id: 2})  # typed again by the person
    note_field.repeat_lost_changes()
    assert note.text == "One. Two."


def test_what_was_typed_before_a_change_arrived_is_joined_with_it(note: Note) -> None:
    note.text, note.script = "Rain.", Reported(0, {})
    note_field.change(FORM, "Rain.\n\nFrom another tab.")
    note_field.change(FORM, "Rain.\n\nFrom another tab. And more.")
    note.text = "Rain. Then sun."
    note_field.repeat_lost_changes()
    assert note.text == "Rain. Then sun.\n\nFrom another tab. And more."
    note.text = "Rain. Then sun. Wind."  # the browser still had no part of it
    note_field.repeat_lost_changes()
    assert note.text == "Rain. Then sun. Wind.\n\nFrom another tab. And more."


@pytest.mark.parametrize(
    ("sent", "understood"),
    [
        (None, None),
        ({}, None),
        ({"reported": None}, None),
        ({"reported": ["version"]}, None),
        ({"reported": {"version": "1"}}, None),
        ({"reported": {"version": 1}}, Reported(1, {})),
        ({"reported": {"version": 1, "placed": {"a": 2, "b": "x", "c": None}}}, Reported(1, {"a": 2})),
        ({"reported": {"version": 1, "placed": [2]}}, Reported(1, {})),
    ],
)
def test_only_what_the_script_sends_is_understood(
    sent: object, understood: Reported | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "session_state", {"note_field_form": sent})
    assert reported(FORM) == understood
