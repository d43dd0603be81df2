"""Saving, and analysing, while a recording is still being written down."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from components import state as session_state
from components.entry import dictation
from diary import database, drafts, entries
from tests.components.entry.transcription.steps import FIRST, TYPED, note, progress, record, run, save, saved, write
from tests.pages.conftest import Visit
from tests.pages.today_form import allow, form
from tests.understanding.fakes import FakeSpeechToText


def test_save_waits_for_the_rest_and_loses_nothing(here: Visit, speech: FakeSpeechToText) -> None:
    write(here, TYPED)
    record(here)
    speech.latest.say("I slept well.", share=0.5)
    run(here)
    save(here)
    assert entries.count(here.session) == 0
    assert progress(here) == here.t("transcript.saving", share="50%")
    speech.latest.say("Then it rained.")
    speech.latest.finish()
    run(here)
    assert saved(here.session) == f"{TYPED}\nI slept well. Then it rained."
    assert note(here) == ""
    assert here.says(here.t("saved.happiness"))
    run(here)
    assert entries.count(here.session) == 1


def test_save_need_not_wait(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("I slept well.")
    save(here)
    here.press("transcript.save_now")
    assert saved(here.session) == "I slept well."
    assert speech.latest.is_cancelled


def test_words_that_arrive_with_the_press_are_saved(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    here.app.button_group[0].set_value("happiness").run()
    speech.latest.say("I slept well.")
    speech.latest.finish()
    here.press("entry.save")
    assert saved(here.session) == "I slept well."


def test_without_a_mood_save_answers_at_once(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("I slept well.")
    here.press("entry.save")
    assert [error.value for error in here.app.error] == [here.t("error.unknown_mood")]
    speech.latest.finish()
    here.app.run()
    assert entries.count(here.session) == 0
    assert note(here) == "I slept well."


def test_who_waited_for_words_learns_that_there_are_none(here: Visit, speech: FakeSpeechToText) -> None:
    """Before the recording is gone with the form."""
    record(here)
    save(here)
    speech.latest.refuse("no_words")
    run(here)
    assert entries.count(here.session) == 0
    assert here.says(here.t("transcript.no_words"))
    here.press("entry.save")
    assert entries.count(here.session) == 1


def test_the_words_are_sealed_found_and_in_no_log(
    here: Visit, speech: FakeSpeechToText, caplog: pytest.LogCaptureFixture
) -> None:
    from diary import search

    with caplog.at_level(logging.DEBUG):
        record(here)
        speech.latest.say("A heffalump crossed the street.")
        speech.latest.finish()
        save(here)
    with database.connect() as db:
        assert all("heffalump" not in str(tuple(row)) for table in db.tables for row in table.rows)
    assert "heffalump" not in caplog.text
    assert len(search.find(here.session, search.Query("heffalump"))) == 1


def test_an_analysis_waits_for_all_the_words(
    speech: FakeSpeechToText, visit: Callable[..., Visit], models_are: Callable
) -> None:
    """With half of them it would be out of date at the next one."""
    there = allow(visit(), "transcript", "voice")
    record(there)
    speech.latest.say("I slept well.", share=0.3)
    there.press("analyse.button")
    assert progress(there) == there.t("transcript.analysing", share="30%")
    assert not there.says(there.t("verdict.not_a_feeling"))
    speech.latest.say("Then it rained.")
    speech.latest.finish()
    run(there)
    assert there.says(there.t("verdict.not_a_feeling"))
    assert {reading["source"] for reading in drafts.load(there.session).content["readings"]} == {
        "voice",
        "words",
        "fusion",
    }
    found = there.app.session_state[session_state.UNDERSTANDING.of(form(there)).key].found
    assert found.user_input.transcript == speech.latest.transcript
    run(there)
    save(there, "sadness")
    assert saved(there.session) == "I slept well. Then it rained."


def test_an_analysis_goes_on_with_the_voice_alone(
    speech: FakeSpeechToText, visit: Callable[..., Visit], models_are: Callable
) -> None:
    there = allow(visit(), "transcript", "voice")
    record(there)
    there.press("analyse.button")
    speech.latest.refuse("no_words")
    run(there)
    assert there.says(there.t("transcript.no_words"))
    assert there.says(there.t("verdict.not_a_feeling"))


def test_the_transcript_is_handed_on_once_complete_and_not_if_it_was_taken_out(speech: FakeSpeechToText) -> None:
    job = speech.start(FIRST, ("ko", "en"))
    dictated = dictation.Dictation("digest", job)
    job.say("I slept well.")
    assert dictated.transcript is None
    job.finish()
    assert dictated.transcript == job.transcript is not None
    dictated.removal = dictation.Removal((), "", "")
    assert dictated.transcript is None
    stopped = dictation.Dictation("digest", speech.start(FIRST, ("ko", "en")))
    speech.latest.say("I slept well.")
    stopped.stop()
    assert stopped.transcript is None
    speech.latest.finish()
    assert stopped.transcript is None
