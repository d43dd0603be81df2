"""Voice memos: what is suggested of each, and what the person changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest

from components import uploads
from components.data import voice_memos as section
from diary import consents, database, days, entries, readings
from reading import Reading
from tests.music.sounds import encoded
from tests.pages.conftest import Visit
from tests.pages.voice_memos.steps import (
    NAMED,
    PAGE,
    TONE,
    ZONE,
    allow,
    drop,
    field,
    keep_button,
    nothing_kept,
    reader,
    saved,
)
from tests.sounds import spoken
from tests.understanding.fake_speech import FakeTranscriber
from tests.understanding.test_live import until
from understanding.analyst import Analyst
from understanding.voice_memos import State


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
