"""Writing down is stopped, taken back and put back, and what was typed meanwhile stays."""

from __future__ import annotations

from components.entry import dictation
from tests.components.entry.transcription.steps import FIRST, TYPED, button, note, record, run, write
from tests.pages.conftest import Visit
from tests.pages.today_form import form
from tests.understanding.fakes import FakeSpeechToText


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
