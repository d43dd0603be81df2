"""Which consents and models writing down needs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components import recognisers
from diary import consents, database, entries, media, readings, spoken_language, transcripts
from tests.components.entry.transcription.steps import FIRST, SECOND, TYPED, go, note, record, run, save, saved, write
from tests.pages.conftest import Visit
from tests.pages.today_form import allow, attached_in
from tests.understanding.fakes import FakeSpeechToText, analyst_of


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
