"""What is written down while the person is elsewhere, and what a draft keeps of it."""

from __future__ import annotations

import json

from components import state as session_state
from components.entry import dictation
from diary import database, drafts, entries
from tests.components.entry.transcription.steps import FIRST, TYPED, go, note, record, run, write
from tests.diary.histories import keep
from tests.pages.conftest import Visit
from tests.pages.today_form import form
from tests.understanding.fakes import FakeSpeechToText


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


def test_a_draft_holds_the_recordings_sealed(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("I slept well.")
    run(here)
    assert drafts.load(here.session).content["recordings"] == {dictation.digest_of(FIRST): 1}
    with database.connect() as db:
        (row,) = db["drafts"].rows
    assert dictation.digest_of(FIRST) not in json.dumps({key: str(value) for key, value in row.items()})
