"""Voice memos on *Your data*: reviewed one by one, and kept only by the button."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import date, time, timedelta

import numpy as np
import pytest

from components import recognisers, uploads
from components import state as session_state
from components.data import voice_memos as section
from diary import consents, database, days, entries, errors, media, readings, spoken_language, transcripts
from diary.entries import NewEntry
from reading import Reading, Refusal
from tests.music.sounds import encoded
from tests.pages.conftest import Visit
from tests.sounds import spoken
from tests.understanding.fake_speech import FakeTranscriber, speech_of
from tests.understanding.fakes import HOW, analyst_of
from tests.understanding.test_live import until
from understanding import fusion, voice_memos
from understanding.analyst import Analyst
from understanding.voice_memos import MemoReader, State

PAGE = "pages/data.py"
ZONE = "Asia/Seoul"
NAMED = "Recording 2026-03-02 08.12.wav"
TONE = (0.3 * np.sin(np.arange(96_000) / 20)).astype(np.float32)


@pytest.fixture(autouse=True)
def analyst(monkeypatch: pytest.MonkeyPatch) -> Analyst:
    made = analyst_of()
    monkeypatch.setattr(voice_memos, "_POLL", 0.01)
    monkeypatch.setattr(fusion, "settings", lambda: HOW)
    monkeypatch.setattr(recognisers, "in_place", lambda: frozenset(fusion.SOURCES))
    monkeypatch.setattr(recognisers, "_analyst", lambda: made)
    monkeypatch.setattr(recognisers, "_loaded", made)
    return made


@pytest.fixture
def transcriber(monkeypatch: pytest.MonkeyPatch) -> FakeTranscriber:
    made = FakeTranscriber("a heavy day")
    speech = speech_of(made)
    monkeypatch.setattr(recognisers, "can_write_down", lambda: True)
    monkeypatch.setattr(recognisers, "speech_to_text", lambda: speech)
    return made


def allow(there: Visit, *kinds: str) -> Visit:
    for kind in kinds:
        consents.set_given(there.session, kind, True)
    there.app.run()
    return there


def drop(there: Visit, *files: tuple[str, bytes], wait: bool = True) -> None:
    uploader = there.app.file_uploader[1]
    uploader.set_value([(name, content, "audio/mp4") for name, content in files]).run()
    assert not there.app.exception, there.app.exception
    if wait:
        until(lambda: not any(memo.is_unfinished for memo in reader(there).memos))
        there.app.run()
        assert not there.app.exception, there.app.exception


def reader(there: Visit) -> MemoReader:
    return there.app.session_state[session_state.PAGE_CACHE.key]["memos"][1].reader


def field(there: Visit, kind: str, name: str, number: int = 0):
    """The widget of a memo, by its place among the memos that can be kept."""
    return [each for each in getattr(there.app, kind) if (each.key or "").startswith(f"{name}_")][number]


def keep_button(there: Visit):
    return there.app.button(key="memos_keep")


def can_keep(there: Visit) -> bool:
    return any(button.key == "memos_keep" for button in there.app.button)


def saved(there: Visit) -> list[tuple[date, str, str]]:
    return [(entry.day, entry.mood, entry.note) for entry in entries.every(there.session)]


def nothing_kept(there: Visit) -> bool:
    return entries.count(there.session) == 0


@pytest.mark.parametrize("language", ["ko", "en"])
def test_memos_are_reviewed_and_kept_only_by_the_button(
    visit: Callable[..., Visit], transcriber: FakeTranscriber, language: str
) -> None:
    there = allow(visit(PAGE, language), "voice", "transcript")
    utc_evening = {"creation_time": "2026-03-03T23:30:00Z"}
    m4a = encoded(TONE, "ipod", "aac", 48_000, utc_evening)
    drop(there, (NAMED, spoken()), ("New Recording 12.m4a", m4a))
    there.expect_calm()
    assert nothing_kept(there)
    assert field(there, "date_input", "memo_day").value == date(2026, 3, 2)
    assert field(there, "time_input", "memo_time").value == time(8, 12)
    assert there.says(there.t("memos.date_from_name"))
    assert field(there, "date_input", "memo_day", 1).value == date(2026, 3, 4)  # in Seoul
    assert field(there, "time_input", "memo_time", 1).value == time(8, 30)
    assert there.says(there.t("memos.date_from_file"))
    assert field(there, "text_area", "note_memo").value == "a heavy day"
    assert field(there, "button_group", "mood_choice").value == "sadness"
    assert keep_button(there).label == there.t("memos.keep", count=2)

    keep_button(there).click().run()
    there.expect_calm()
    assert there.says(there.t("memos.done", count=2))
    assert saved(there) == [
        (date(2026, 3, 2), "sadness", "a heavy day"),
        (date(2026, 3, 4), "sadness", "a heavy day"),
    ]
    first, second = entries.every(there.session)
    assert (first.source, first.tags, first.intensity) == ("fusion", (), 3)
    assert first.happened_at == days.instant(date(2026, 3, 2), time(8, 12), ZONE)
    assert second.timezone == ZONE
    assert [reading.source for reading in readings.of_entry(there.session, first.id)] == ["voice", "words", "fusion"]
    assert not there.app.file_uploader[1].value  # the list is empty again
    with database.connect() as db:
        assert db["media"].count == 0


def test_the_person_has_the_last_word(visit: Callable[..., Visit], transcriber: FakeTranscriber) -> None:
    there = allow(visit(PAGE), "voice", "transcript")
    drop(there, (NAMED, spoken()))
    field(there, "text_area", "note_memo").set_value("it was lighter than it sounds").run()
    field(there, "date_input", "memo_day").set_value(date(2026, 3, 1)).run()
    field(there, "time_input", "memo_time").set_value(None).run()
    field(there, "button_group", "mood_choice").set_value("happiness").run()
    keep_button(there).click().run()
    there.expect_calm()
    (entry,) = entries.every(there.session)
    assert (entry.day, entry.time_known) == (date(2026, 3, 1), False)
    assert (entry.mood, entry.note) == ("happiness", "it was lighter than it sounds")


def test_changed_words_are_read_again_before_they_are_kept(
    visit: Callable[..., Visit], transcriber: FakeTranscriber, analyst: Analyst
) -> None:
    there = allow(visit(PAGE), "voice", "transcript")
    drop(there, (NAMED, spoken()))
    read = []
    analyse = analyst.analyse
    analyst.analyse = lambda user_input, *others: read.append(user_input.note) or analyse(user_input, *others)
    keep_button(there).click().run()
    assert read == []
    drop(there, (NAMED, spoken(1.0)))
    read.clear()
    field(there, "text_area", "note_memo").set_value("other words").run()
    keep_button(there).click().run()
    assert read == ["other words"]


def test_without_a_sure_suggestion_the_person_must_choose(
    visit: Callable[..., Visit], transcriber: FakeTranscriber, analyst: Analyst
) -> None:
    analyst.voice.answer = Reading(analyst.voice.answer.scores, False, {"weight": 1.0}, "voice", "fake 1")
    there = allow(visit(PAGE), "voice")
    drop(there, (NAMED, spoken()), ("2026-03-03.wav", spoken(1.0)))
    assert field(there, "button_group", "mood_choice").value is None
    assert keep_button(there).disabled
    assert there.says(there.t("memos.moods_missing", count=2))
    field(there, "button_group", "mood_choice").set_value("fear").run()
    assert keep_button(there).disabled
    field(there, "checkbox", "memo_include", 1).uncheck().run()
    keep_button(there).click().run()
    there.expect_calm()
    assert [mood for _, mood, _ in saved(there)] == ["fear"]


def test_a_memo_without_a_date_asks_for_the_day(visit: Callable[..., Visit], transcriber: FakeTranscriber) -> None:
    there = allow(visit(PAGE), "transcript")
    drop(there, ("새로운 녹음 12.m4a", spoken()))
    assert there.says(there.t("memos.no_date"))
    assert field(there, "date_input", "memo_day").value == days.today(ZONE)
    field(there, "date_input", "memo_day").set_value(days.today(ZONE) + timedelta(days=1)).run()
    keep_button(there).click().run()
    assert there.app.error[0].value == there.t("error.day_in_future")
    assert nothing_kept(there)
    field(there, "date_input", "memo_day").set_value(date(2026, 3, 2)).run()
    keep_button(there).click().run()
    there.expect_calm()
    assert [day for day, _, _ in saved(there)] == [date(2026, 3, 2)]


def test_one_that_cannot_be_saved_does_not_hold_the_others_back(
    visit: Callable[..., Visit], transcriber: FakeTranscriber
) -> None:
    there = allow(visit(PAGE), "transcript")
    drop(there, (NAMED, spoken()), ("2026-03-03.wav", spoken(1.0)))
    field(there, "text_area", "note_memo").set_value("long " * 30_000).run()
    keep_button(there).click().run()
    assert [day for day, _, _ in saved(there)] == [date(2026, 3, 3)]
    assert there.app.error[0].value == there.t("error.note_too_long", characters=entries.NOTE_MAX)
    assert there.says(there.t("memos.kept"))
    assert there.says(there.t("memos.done_one", count=1))
    field(there, "text_area", "note_memo").set_value("short").run()
    keep_button(there).click().run()
    there.expect_calm()
    assert [note for _, _, note in saved(there)] == ["short", "a heavy day"]


def test_a_full_disk_is_said_once_and_nothing_is_lost(
    visit: Callable[..., Visit], transcriber: FakeTranscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = allow(visit(PAGE), "transcript")
    drop(there, (NAMED, spoken()), ("2026-03-03.wav", spoken(1.0)))

    def fail(*_: object, **__: object) -> None:
        raise errors.DiskFull

    with monkeypatch.context() as full:
        full.setattr(entries, "add", fail)
        keep_button(there).click().run()
    assert [error.value for error in there.app.error] == [there.t("error.disk_full")]
    keep_button(there).click().run()
    there.expect_calm()
    assert len(saved(there)) == 2


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


def test_a_memo_that_is_in_the_diary_is_named_and_left_out(
    visit: Callable[..., Visit], transcriber: FakeTranscriber
) -> None:
    there = allow(visit(PAGE), "transcript", "media")
    drop(there, (NAMED, spoken()))
    keep_button(there).click().run()
    drop(there, ("another name.wav", spoken()))
    assert there.says(there.t("memos.here", day="Monday, 2 March"))
    assert not can_keep(there)
    assert len(saved(there)) == 1


def test_kept_twice_is_one_entry(visit: Callable[..., Visit], transcriber: FakeTranscriber) -> None:
    there = allow(visit(PAGE), "transcript")
    other_tab = Visit(there.session, PAGE)
    for tab in (there, other_tab):
        drop(tab, (NAMED, spoken()))
    for tab in (there, other_tab):
        keep_button(tab).click().run()
        tab.expect_calm()
    assert len(saved(there)) == 1


def test_the_recording_is_kept_only_with_that_consent(
    visit: Callable[..., Visit], transcriber: FakeTranscriber
) -> None:
    there = allow(visit(PAGE), "transcript")
    recording = spoken()
    drop(there, (NAMED, recording))
    assert there.says(there.t("memos.media_off"))
    consents.set_given(there.session, "media", True)
    keep_button(there).click().run()
    (entry,) = entries.every(there.session)
    (medium,) = media.of_entry(there.session, entry.id)
    assert media.content(there.session, medium.id) == recording
    transcript = transcripts.of_medium(there.session, medium.id)
    assert transcript is not None
    assert transcript.text == "a heavy day"


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


def place(node: object, key: str) -> list[int] | None:
    """The way to a widget through the page, by the numbers of its blocks."""
    if getattr(node, "key", None) == key:
        return []
    for number, child in getattr(node, "children", {}).items():
        if (rest := place(child, key)) is not None:
            return [number, *rest]
    return None


def test_a_field_stays_in_its_place_because_the_browser_would_drop_what_is_being_typed(
    visit: Callable[..., Visit], transcriber: FakeTranscriber
) -> None:
    there = allow(visit(PAGE), "transcript")
    transcriber.waits = True
    drop(there, (NAMED, spoken()), ("2026-03-03.wav", spoken(1.0)), wait=False)
    places = []

    def note_place() -> None:
        there.app.run()
        places.append(place(there.app._tree, field(there, "text_area", "note_memo").key))

    transcriber.may_go_on.release(2)  # the first memo: its sentence and its end
    until(lambda: [memo.state for memo in reader(there).memos] == [State.READY, State.WRITING])
    note_place()
    reader(there).stop()
    note_place()
    transcriber.waits = False
    transcriber.may_go_on.release(100)
    there.app.button(key="memos_go_on").click().run()
    until(lambda: reader(there).memos[1].state is State.READY)
    note_place()
    consents.set_given(there.session, "media", True)
    field(there, "text_area", "note_memo").set_value("long " * 30_000).run()
    keep_button(there).click().run()
    assert there.app.error
    note_place()
    assert places[0] is not None
    assert [each == places[0] for each in places] == [True] * 4


def test_no_words_is_said_and_the_memo_starts_left_out(
    visit: Callable[..., Visit], transcriber: FakeTranscriber
) -> None:
    transcriber.sentences = ()
    there = allow(visit(PAGE), "transcript")
    drop(there, (NAMED, spoken()))
    assert there.says(there.t("memos.no_words"))
    assert not field(there, "checkbox", "memo_include").value
    assert keep_button(there).disabled


def test_more_than_fits_is_named_and_left_out(
    visit: Callable[..., Visit], transcriber: FakeTranscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(section, "FILES_MAX", 2)
    there = allow(visit(PAGE), "transcript")
    drop(there, *((f"2026-03-0{number}.wav", spoken(1.0, 100.0 + number)) for number in range(1, 5)))
    assert len(reader(there).memos) == 2
    (warning,) = there.app.warning
    assert "2026\\-03\\-03\\.wav, 2026\\-03\\-04\\.wav" in warning.value
    monkeypatch.setattr(section, "FILES_MAX", 30)
    monkeypatch.setattr(uploads, "MEMOS", 3 * len(spoken(1.0)) / 2**20)
    there.app.run()
    assert len(reader(there).memos) == 3


def test_nothing_is_left_once_the_person_leaves_the_page(
    visit: Callable[..., Visit], transcriber: FakeTranscriber
) -> None:
    transcriber.waits = True
    there = allow(visit(PAGE), "transcript")
    drop(there, (NAMED, spoken()), wait=False)
    work = reader(there)
    until(lambda: work.memos[0].state is State.WRITING)
    there.app.switch_page("pages/help.py").run()
    gc.collect()
    assert there.app.session_state[session_state.PAGE_CACHE.key].keys() == {"page"}
    until(lambda: work.memos == [] and work._worker is None)
    transcriber.may_go_on.release(10)


def test_a_recording_that_was_kept_with_an_entry_is_found_again(
    visit: Callable[..., Visit], transcriber: FakeTranscriber
) -> None:
    there = allow(visit(PAGE), "transcript", "media")
    new = NewEntry("fear", 3, date(2026, 3, 2), ZONE)
    entries.add(there.session, new, media=[media.NewMedium("sound", spoken())])
    drop(there, ("copy.wav", spoken()))
    assert there.says(there.t("memos.here", day="Monday, 2 March"))
