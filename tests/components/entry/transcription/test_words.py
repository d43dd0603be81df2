"""A recording is written down into the note, and no word that a person typed or said is lost on the way."""

from __future__ import annotations

from diary import entries
from tests.components.entry.transcription.steps import (
    FIRST,
    SECOND,
    TYPED,
    go,
    note,
    progress,
    record,
    run,
    saved,
    write,
)
from tests.diary.histories import keep
from tests.pages.conftest import Visit
from tests.pages.today_form import attach
from tests.understanding.fakes import FakeSpeechToText


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
