"""A recording is written down into the note, and no word that a person typed or said is lost on the way."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from components import recognisers
from components import state as session_state
from components.entry import dictation, transcription
from diary import consents, database, drafts, entries, media, readings, spoken_language, transcripts
from diary.sessions import Session
from language import catalogue, say
from reading import Refusal
from stt import model_folder, predict
from stt import speech as speech_detection
from stt.speech import Span
from tests.diary.histories import keep
from tests.pages.conftest import Visit, cookie, pages_only_by_navigation, visit
from tests.pages.test_understanding import allow, attach, attached_in, form, models_are
from tests.sounds import spoken
from tests.stt import tiny_whisper
from tests.understanding.fakes import FakeSpeechToText, analyst_of
from understanding.speech_to_text import SpeechToText

__all__ = ["cookie", "models_are", "pages_only_by_navigation", "visit"]

FIRST, SECOND = spoken(1.0), spoken(2.0)
TYPED = "Monday, on the train"


@pytest.fixture
def speech(monkeypatch: pytest.MonkeyPatch, models_are: Callable) -> FakeSpeechToText:
    """Speech to text that the test controls; no script runs beside the note, so the server adds the words at once."""
    models_are(analyst_of())
    fake = FakeSpeechToText()
    monkeypatch.setattr(recognisers, "speech_to_text", lambda: fake)
    monkeypatch.setattr(recognisers, "can_write_down", lambda: True)
    monkeypatch.setattr(dictation, "PATIENCE", 0.0)
    return fake


@pytest.fixture
def here(speech: FakeSpeechToText, visit: Callable[..., Visit]) -> Visit:
    """Somebody who allows writing down, and nothing else, on Today."""
    return allow(visit(), "transcript")


def record(there: Visit, recording: bytes = FIRST) -> None:
    there.app.audio_input[0].upload("clip.wav", recording).run()
    there.expect_calm()


def note(there: Visit) -> str:
    return there.app.text_area[0].value


def write(there: Visit, text: str) -> None:
    there.app.text_area[0].set_value(text).run()
    there.expect_calm()


def run(there: Visit) -> None:
    """What the page does by itself twice a second."""
    there.app.run()
    there.expect_calm()


def go(there: Visit, page: str) -> None:
    there.app.switch_page(page).run()
    there.expect_calm()


def button(there: Visit, key: str) -> bool:
    return key in [each.key for each in there.app.button]


def saved(session: Session) -> str:
    (entry,) = entries.every(session)
    return entry.note


def save(there: Visit, mood: str = "happiness") -> None:
    there.app.button_group[0].set_value(mood).run()
    there.press("entry.save")
    there.expect_calm()


# Words appear.


def test_the_words_appear_while_they_are_decoded(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    assert speech.latest.recording == FIRST
    assert note(here) == ""
    assert here.says(here.t("transcript.waiting")) or progress(here) == here.t("transcript.waiting")
    speech.latest.say("I slept well.", share=0.4)
    run(here)
    assert note(here) == "I slept well."
    assert progress(here) == here.t("transcript.running", share="40%")
    speech.latest.say("Then it rained.")
    speech.latest.finish()
    run(here)
    assert note(here) == "I slept well. Then it rained."
    assert here.says(here.t("transcript.done", name="English"))
    assert not here.app.get("progress")


def progress(there: Visit) -> str | None:
    bars = there.app.get("progress")
    return bars[0].proto.text if bars else None


def test_four_taps_keep_what_was_said(here: Visit, speech: FakeSpeechToText) -> None:
    """Record, stop, a mood, save."""
    record(here)
    speech.latest.say("I slept well.")
    speech.latest.finish()
    here.app.button_group[0].set_value("happiness").run()
    here.press("entry.save")
    assert saved(here.session) == "I slept well."


def test_what_was_typed_before_stays_above(here: Visit, speech: FakeSpeechToText) -> None:
    write(here, TYPED)
    record(here)
    speech.latest.say("I slept well.")
    run(here)
    assert note(here) == f"{TYPED}\nI slept well."


def test_what_is_typed_meanwhile_stays(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    write(here, TYPED)
    speech.latest.say("I slept well.")
    run(here)
    write(here, f"{TYPED}, at six\nI slept well.\nPS: tea")
    speech.latest.say("Then it rained.")
    run(here)
    assert note(here) == f"{TYPED}, at six\nI slept well. Then it rained.\nPS: tea"


def test_words_that_come_together_with_a_keystroke_are_both_there(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("I slept well.")
    write(here, TYPED)
    assert note(here) == f"{TYPED}\nI slept well."


def test_an_edited_transcript_stays_as_the_person_wants_it(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("I slept swell.")
    run(here)
    write(here, "I slept well!")
    speech.latest.say("Then it rained.")
    speech.latest.say("It stopped.")
    speech.latest.finish()
    run(here)
    assert note(here) == "I slept well!\nThen it rained. It stopped."


def test_a_deleted_transcript_does_not_come_back(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("I slept well.")
    run(here)
    write(here, "")
    run(here)
    assert note(here) == ""
    speech.latest.say("Then it rained.")
    speech.latest.finish()
    run(here)
    assert note(here) == "Then it rained."


def test_two_recordings_one_after_another_are_both_written_down(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    first = speech.latest
    first.say("One.")
    run(here)
    record(here, SECOND)
    assert not first.is_cancelled  # whoever records again lost nothing of what they said before
    speech.latest.say("Three.")
    run(here)
    first.say("Two.")
    first.finish()
    speech.latest.finish()
    run(here)
    assert note(here) == "One. Two.\nThree."
    assert [each.recording for each in speech.started] == [FIRST, SECOND]


def test_the_same_recording_is_written_down_once(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("One.")
    speech.latest.finish()
    run(here)
    record(here, SECOND)
    record(here)
    run(here)
    assert [each.recording for each in speech.started] == [FIRST, SECOND]
    assert note(here) == "One."


def test_an_uploaded_file_is_written_down(here: Visit, speech: FakeSpeechToText) -> None:
    here.app.file_uploader[0].upload("memo.wav", SECOND, "audio/wav").run()
    here.expect_calm()
    assert speech.latest.recording == SECOND


def test_the_sound_of_a_kept_moment_is_written_down(here: Visit, speech: FakeSpeechToText) -> None:
    attach(here, voice=FIRST)
    run(here)
    assert speech.latest.recording == FIRST


def test_an_entry_that_is_opened_again_gets_the_words(here: Visit, speech: FakeSpeechToText) -> None:
    keep(here.session, "2026-11-20", "happiness", note="before")
    (entry,) = entries.every(here.session)
    go(here, "pages/days.py")
    here.open_day(entry.day)
    here.press("entry.edit")
    at = f"entry_{entry.id}"
    here.app.button_group(key=f"parts_{at}").set_value(["line", "speak"]).run()
    here.app.audio_input(key=f"sound_{at}").upload("clip.wav", FIRST).run()
    speech.latest.say("I slept well.")
    speech.latest.finish()
    run(here)
    assert here.app.text_area(key=f"note_{at}").value == "before\nI slept well."
    here.press("entry.save_changes")
    assert saved(here.session) == "before\nI slept well."


# The page, the tab, the draft.


def test_words_come_while_the_person_is_on_another_page(here: Visit, speech: FakeSpeechToText) -> None:
    write(here, TYPED)
    record(here)
    go(here, "pages/help.py")
    speech.latest.say("I slept well.")
    run(here)
    assert drafts.load(here.session).content["fields"]["note"] == f"{TYPED}\nI slept well."
    speech.latest.say("Then it rained.")
    speech.latest.finish()
    go(here, "pages/today.py")
    assert note(here) == f"{TYPED}\nI slept well. Then it rained."
    run(here)
    assert note(here) == f"{TYPED}\nI slept well. Then it rained."
    assert len(speech.started) == 1


def test_a_closed_tab_keeps_what_was_written_so_far(here: Visit, speech: FakeSpeechToText) -> None:
    write(here, TYPED)
    record(here)
    speech.latest.say("I slept well.")
    run(here)
    again = Visit(here.session, "pages/today.py")
    assert note(again) == f"{TYPED}\nI slept well."


def test_after_a_reload_the_same_file_adds_only_what_was_missing(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("I slept well.")
    run(here)
    again = Visit(here.session, "pages/today.py")
    record(again)
    speech.latest.say("I slept well.")
    run(again)
    assert note(again) == "I slept well."
    speech.latest.say("Then it rained.")
    speech.latest.finish()
    run(again)
    assert note(again) == "I slept well. Then it rained."


def test_nobody_decodes_for_a_page_that_is_gone(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    del here.app.session_state[session_state.DICTATIONS.key]
    assert speech.latest.is_cancelled


def test_a_discarded_change_is_not_written_down_any_further(here: Visit, speech: FakeSpeechToText) -> None:
    keep(here.session, "2026-11-20", "happiness", note="before")
    (entry,) = entries.every(here.session)
    go(here, "pages/days.py")
    here.open_day(entry.day)
    here.press("entry.edit")
    here.app.button_group(key=f"parts_entry_{entry.id}").set_value(["line", "speak"]).run()
    here.app.audio_input(key=f"sound_entry_{entry.id}").upload("clip.wav", FIRST).run()
    here.press("entry.cancel")
    assert speech.latest.is_cancelled
    assert here.app.session_state[session_state.DICTATIONS.key].keys() == {form(here)}


# Stop, undo, put back.


def test_stopped_it_keeps_the_words_so_far_and_can_go_on(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("I slept well.")
    run(here)
    here.press("transcript.stop")
    assert speech.latest.is_cancelled
    speech.latest.say("Then it rained.")  # the window that was being decoded
    run(here)
    assert note(here) == "I slept well."
    assert here.says(here.t("transcript.stopped"))
    record(here)
    assert len(speech.started) == 1
    here.press("transcript.go_on")
    speech.latest.say("I slept well.")
    speech.latest.say("Then it rained.")
    speech.latest.finish()
    run(here)
    assert note(here) == "I slept well. Then it rained."


def test_one_tap_takes_the_words_out_and_the_next_puts_them_back(here: Visit, speech: FakeSpeechToText) -> None:
    write(here, TYPED)
    record(here)
    speech.latest.say("I slept well.")
    speech.latest.finish()
    run(here)
    here.press("transcript.undo")
    assert note(here) == TYPED
    assert here.says(here.t("transcript.removed"))
    run(here)
    assert note(here) == TYPED
    here.press("transcript.put_back")
    assert note(here) == f"{TYPED}\nI slept well."
    assert here.says(here.t("transcript.done", name="English"))


def test_what_is_typed_right_before_the_tap_stays(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("I slept well.")
    speech.latest.finish()
    run(here)
    here.app.text_area[0].set_value(f"I slept well.\n{TYPED}")  # arrives together with the tap
    here.press("transcript.undo")
    assert note(here) == TYPED


def test_words_that_were_taken_out_before_they_all_came_stay_out(speech: FakeSpeechToText) -> None:
    job = speech.start(FIRST, ("ko", "en"))
    job.say("I slept well.")
    taken_out = dictation.Dictation("digest", job)
    assert taken_out.pending
    taken_out.removal = dictation.Removal((), "", "")
    assert not taken_out.pending


def test_words_are_put_back_beside_what_was_typed_since(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("I slept well.")
    speech.latest.finish()
    run(here)
    here.press("transcript.undo")
    write(here, TYPED)
    here.press("transcript.put_back")
    assert note(here) == f"{TYPED}\nI slept well."


def test_undo_leaves_what_the_person_changed_and_says_so_first(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("I slept swell.")
    speech.latest.say("Then it rained.")
    speech.latest.finish()
    run(here)
    write(here, "I slept well. Then it rained.")
    assert not button(here, f"transcript.undo_{form(here)}")
    here.press("transcript.undo_unchanged")
    assert note(here) == "I slept well."
    here.press("transcript.put_back")
    assert note(here) == "I slept well. Then it rained."


def test_there_is_nothing_to_undo_once_everything_was_changed(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("I slept swell.")
    speech.latest.finish()
    run(here)
    write(here, "I slept well.")
    assert not button(here, f"transcript.undo_{form(here)}")
    assert not button(here, f"transcript.undo_unchanged_{form(here)}")


# Save.


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


# Consent and models.


def test_it_needs_its_own_consent(speech: FakeSpeechToText, visit: Callable[..., Visit]) -> None:
    there = visit()
    assert not there.app.audio_input
    assert there.says(there.t("capture.recording_off"))
    allow(there, "voice")
    assert there.says(there.t("capture.transcript_off"))
    record(there)
    assert speech.started == []


def test_it_needs_no_other_consent_and_then_no_voice_is_read(here: Visit, speech: FakeSpeechToText) -> None:
    assert here.says(here.t("capture.voice_off"))
    record(here)
    speech.latest.say("I slept well.")
    speech.latest.finish()
    run(here)
    here.press("analyse.button")
    save(here)
    (entry,) = entries.every(here.session)
    assert entry.note == "I slept well."
    assert [reading.source for reading in readings.of_entry(here.session, entry.id)] == ["words", "fusion"]


def test_a_recording_alone_is_nothing_to_analyse_without_the_voice(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.refuse("no_words")
    run(here)
    here.press("analyse.button")
    assert here.says(here.t("analyse.nothing"))


def test_without_a_voice_model_it_still_writes_down(
    speech: FakeSpeechToText, visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of(voice=None))
    there = allow(visit(), "transcript", "voice")
    record(there)
    assert speech.latest.recording == FIRST


def test_without_its_model_one_line_says_so(
    speech: FakeSpeechToText, visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognisers, "can_write_down", lambda: False)
    there = allow(visit(), "transcript", "voice")
    assert there.says(there.t("capture.transcript_missing"))
    record(there)
    assert speech.started == []
    there.app.text_area[0].set_value(TYPED).run()
    save(there)
    assert saved(there.session) == TYPED


def test_withdrawn_it_ends_and_nothing_more_is_written(here: Visit, speech: FakeSpeechToText) -> None:
    write(here, TYPED)
    record(here)
    speech.latest.say("I slept well.")
    run(here)
    go(here, "pages/settings.py")
    here.app.toggle(key="consent_transcript").set_value(False).run()
    assert speech.latest.is_cancelled
    speech.latest.say("Then it rained.")
    go(here, "pages/today.py")
    assert note(here) == f"{TYPED}\nI slept well."
    assert not here.app.audio_input
    assert not attached_in(here)  # the recording is gone, too


def test_withdrawn_in_another_tab_it_ends_too(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    consents.set_given(here.session, "transcript", False)
    run(here)
    assert speech.latest.is_cancelled


def test_without_consent_to_keep_it_the_recording_is_gone_after_saving(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("I slept well.")
    speech.latest.finish()
    save(here)
    with database.connect() as db:
        assert db["media"].count == 0
    assert not attached_in(here)


def test_with_it_the_recording_is_kept_with_its_words(here: Visit, speech: FakeSpeechToText) -> None:
    allow(here, "media")
    record(here)
    speech.latest.say("I slept well.")
    speech.latest.finish()
    save(here)
    (entry,) = entries.every(here.session)
    (medium,) = media.of_entry(here.session, entry.id)
    assert media.content(here.session, medium.id) == FIRST
    assert transcripts.of_medium(here.session, medium.id).text == "I slept well."


def test_the_language_can_be_fixed(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    assert speech.latest.languages == ("ko", "en")
    spoken_language.SPOKEN_LANGUAGE.choose(here.session, "ko")
    record(here, SECOND)
    assert speech.latest.languages == ("ko",)


# Refusals.


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("code", ["no_words", "failed", "unreadable", "too_long", "too_slow", "no_sound_track"])
def test_a_refusal_is_one_sentence_and_the_note_stays(
    speech: FakeSpeechToText, visit: Callable[..., Visit], language: str, code: str
) -> None:
    there = allow(visit(language=language), "transcript")
    write(there, TYPED)
    record(there)
    speech.latest.refuse(code)
    run(there)
    (info,) = there.app.info
    key = next(key for key in (f"transcript.{code}", f"refusal.{code}", "refusal.voice") if key in catalogue("en"))
    assert info.value == say(language, key)
    assert note(there) == TYPED


@pytest.mark.parametrize(("language", "name"), [("ko", "독일어"), ("en", "German")])
def test_another_language_is_named_and_written_down_all_the_same(
    speech: FakeSpeechToText, visit: Callable[..., Visit], language: str, name: str
) -> None:
    there = allow(visit(language=language), "transcript")
    record(there)
    speech.latest.refuse("other_language", language="de", probability=0.9)
    run(there)
    assert there.says(there.t("transcript.other_language", name=name))
    assert note(there) == ""
    there.press("transcript.all_the_same", name=name)
    assert (speech.latest.recording, speech.latest.languages) == (FIRST, ("de",))
    speech.latest.language = "de"
    speech.latest.say("Es regnet.")
    speech.latest.finish()
    run(there)
    assert note(there) == "Es regnet."
    assert there.says(there.t("transcript.done", name=name))


def test_a_failure_half_way_keeps_the_words_so_far(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("I slept well.")
    speech.latest.refuse("failed")
    run(here)
    assert note(here) == "I slept well."
    assert here.says(here.t("transcript.failed"))


def test_every_language_that_whisper_knows_has_a_name() -> None:
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    for language in ("ko", "en"):
        names = dict(pair.split("=") for pair in say(language, "language.names").split(","))
        assert names.keys() == set(_LANGUAGE_CODES)
        assert len(set(names.values())) == len(names)


def test_the_sentence_of_an_unknown_language_is_still_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcription, "t", lambda key, **values: say("en", key, **values))
    refusal = Refusal("other_language", "Another language.", {"language": "tlh"})
    assert transcription.refusal_sentence(refusal) == say("en", "transcript.other_language", name="tlh")


# What is handed on.


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


def test_a_draft_holds_the_recordings_sealed(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("I slept well.")
    run(here)
    assert drafts.load(here.session).content["recordings"] == {dictation.digest_of(FIRST): 1}
    with database.connect() as db:
        (row,) = db["drafts"].rows
    assert dictation.digest_of(FIRST) not in json.dumps({key: str(value) for key, value in row.items()})


# With the real queue.


def test_a_real_model_writes_into_the_note(here: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tiny_whisper.write(tmp_path, words=["오늘은", "좋았어"], probabilities={1: 0.4})
    model_folder.write_checksums(tmp_path)
    monkeypatch.setattr(speech_detection, "_speech_in", lambda piece: [Span(0, piece.size)])
    queue = SpeechToText(load=lambda: predict.load(tmp_path), idle_seconds=lambda: 60)
    monkeypatch.setattr(recognisers, "speech_to_text", lambda: queue)
    try:
        write(here, TYPED)
        record(here, spoken(3.0))
        (dictated,) = here.app.session_state[session_state.DICTATIONS.key][form(here)].every
        assert dictated.job.wait(60)
        run(here)
        assert note(here) == f"{TYPED}\n오늘은 좋았어"
        assert here.says(here.t("transcript.done", name="Korean"))
        assert dictated.pieces[0].words == (("오늘은", True), (" 좋았어", False))
    finally:
        queue.stop()


def test_a_damaged_model_is_one_sentence(here: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"no model at all")
    queue = SpeechToText(load=lambda: predict.load(tmp_path), idle_seconds=lambda: 60)
    monkeypatch.setattr(recognisers, "speech_to_text", lambda: queue)
    try:
        write(here, TYPED)
        record(here)
        (dictated,) = here.app.session_state[session_state.DICTATIONS.key][form(here)].every
        assert dictated.job.wait(60)
        run(here)
        assert here.says(here.t("transcript.failed"))
        assert note(here) == TYPED
    finally:
        queue.stop()
