"""Voice memos: what is written down, in which language, and how far it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from diary import entries, media, readings, spoken_language, transcripts
from reading import Refusal
from tests.pages.conftest import Visit
from tests.pages.voice_memos.steps import NAMED, PAGE, allow, can_keep, drop, field, keep_button, reader, saved
from tests.sounds import spoken
from tests.understanding.fake_speech import FakeTranscriber
from tests.understanding.test_live import until
from understanding.voice_memos import MemoReader, State


def test_what_fails_stays_with_its_sentence(visit: Callable[..., Visit], transcriber: FakeTranscriber) -> None:
    there = allow(visit(PAGE), "transcript")
    recording = spoken()
    drop(there, (NAMED, recording), ("notes.m4a", b"no sound"), ("copy.m4a", recording))
    assert there.app.warning[0].value == there.t("refusal.voice")
    assert there.says("notes")
    assert there.says(there.t("memos.same", name="Recording 2026\\-03\\-02 08\\.12\\.wav"))
    assert not any(button.key == "memos_clear" for button in there.app.button)
    keep_button(there).click().run()
    assert len(saved(there)) == 1
    assert there.says(there.t("memos.kept"))
    assert there.app.warning[0].value == there.t("refusal.voice")
    there.press("memos.clear")
    assert not there.says("notes")
    assert not there.app.file_uploader[1].value


def test_half_a_transcript_is_not_kept_as_all_that_was_said(
    visit: Callable[..., Visit], transcriber: FakeTranscriber
) -> None:
    transcriber.sentences = ("a heavy day", "and rain")
    transcriber.waits = True
    there = allow(visit(PAGE), "transcript", "media")
    drop(there, (NAMED, spoken()), wait=False)
    transcriber.may_go_on.release()
    until(lambda: reader(there).memos[0].text == "a heavy day")
    reader(there).stop()
    there.app.run()
    field(there, "button_group", "mood_choice").set_value("fear").run()
    keep_button(there).click().run()
    (entry,) = entries.every(there.session)
    assert entry.note == "a heavy day"
    (medium,) = media.of_entry(there.session, entry.id)
    assert transcripts.of_medium(there.session, medium.id) is None
    transcriber.may_go_on.release(10)


def test_the_language_of_the_recordings_is_the_one_in_settings(
    visit: Callable[..., Visit], transcriber: FakeTranscriber
) -> None:
    there = allow(visit(PAGE), "transcript")
    drop(there, (NAMED, spoken()))
    spoken_language.SPOKEN_LANGUAGE.choose(there.session, "ko")
    drop(there, (NAMED, spoken(1.0)))
    assert transcriber.languages == [("ko", "en"), ("ko",)]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_another_language_is_written_down_all_the_same_when_asked(
    visit: Callable[..., Visit], transcriber: FakeTranscriber, language: str
) -> None:
    transcriber.language = "ja"
    transcriber.hear = lambda _: () if len(transcriber.languages[-1]) > 1 else ("今日は",)
    transcriber.refusal = Refusal("other_language", "Another.", {"language": "ja", "probability": 0.9})
    there = allow(visit(PAGE, language), "transcript")
    drop(there, (NAMED, spoken()))
    japanese = {"ko": "일본어", "en": "Japanese"}[language]
    assert there.says(there.t("transcript.other_language", name=japanese))
    there.press("transcript.all_the_same", name=japanese)
    until(lambda: reader(there).memos[0].text != "")
    until(lambda: reader(there).memos[0].state is State.READY)
    there.app.run()
    assert field(there, "text_area", "note_memo").value == "今日は"
    assert not there.says(there.t("transcript.other_language", name=japanese))


def test_without_consents_a_memo_is_a_recording_to_listen_to(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    drop(there, (NAMED, spoken()))
    assert there.says(there.t("memos.transcript_off"))
    assert there.says(there.t("capture.voice_off"))
    assert field(there, "text_area", "note_memo").value == ""
    assert field(there, "button_group", "mood_choice").value is None
    assert len(there.app.get("audio")) == 1
    field(there, "button_group", "mood_choice").set_value("fear").run()
    keep_button(there).click().run()
    (entry,) = entries.every(there.session)
    assert (entry.mood, entry.source, entry.note) == ("fear", "hand", "")
    assert readings.of_entry(there.session, entry.id) == []


def test_progress_stop_and_the_rest_later(visit: Callable[..., Visit], transcriber: FakeTranscriber) -> None:
    transcriber.waits = True
    there = allow(visit(PAGE), "transcript")
    drop(there, ("2026-03-02.wav", spoken()), ("2026-03-03.wav", spoken(1.0)), wait=False)
    until(lambda: reader(there).memos[0].state is State.WRITING and all(m.is_checked for m in reader(there).memos))
    there.app.run()
    assert there.says(there.t("memos.unfinished"))
    assert not can_keep(there)
    there.app.button(key="memos_stop").click().run()
    there.app.run()
    assert [memo.state for memo in reader(there).memos] == [State.STOPPED, State.STOPPED]
    assert there.says(there.t("memos.stopped"))
    field(there, "text_area", "note_memo", 1).set_value("typed by hand").run()
    transcriber.waits = False
    transcriber.may_go_on.release(100)
    there.app.button(key="memos_go_on").click().run()
    until(lambda: reader(there).memos[0].state is State.READY)
    there.app.run()
    notes = [field(there, "text_area", "note_memo", number).value for number in range(2)]
    assert notes == ["a heavy day", "typed by hand"]


def test_what_is_written_down_while_the_page_is_drawn_again_is_shown(
    visit: Callable[..., Visit], transcriber: FakeTranscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcriber.waits = True
    there = allow(visit(PAGE), "transcript")
    drop(there, (NAMED, spoken()), wait=False)
    until(lambda: reader(there).memos[0].state is State.WRITING)
    reader(there).stop()
    there.app.run()
    transcriber.waits = False
    transcriber.may_go_on.release(100)
    go_on = MemoReader.go_on

    def go_on_and_wait(self: MemoReader, memo_ids: list[str]) -> None:
        go_on(self, memo_ids)
        until(lambda: self.memos[0].state is State.READY)

    monkeypatch.setattr(MemoReader, "go_on", go_on_and_wait)
    there.app.button(key="memos_go_on").click().run()
    there.expect_calm()
    assert field(there, "text_area", "note_memo").value == "a heavy day"
    assert field(there, "button_group", "mood_choice").value == "sadness"


def test_no_words_is_said_and_the_memo_starts_left_out(
    visit: Callable[..., Visit], transcriber: FakeTranscriber
) -> None:
    transcriber.sentences = ()
    there = allow(visit(PAGE), "transcript")
    drop(there, (NAMED, spoken()))
    assert there.says(there.t("memos.no_words"))
    assert not field(there, "checkbox", "memo_include").value
    assert keep_button(there).disabled
