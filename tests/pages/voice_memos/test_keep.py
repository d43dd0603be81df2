"""Voice memos: which become entries, and what stays out."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import date

import pytest

from components import state as session_state
from diary import consents, entries, errors, media, transcripts
from diary.entries import NewEntry
from tests.pages.conftest import Visit
from tests.pages.voice_memos.steps import NAMED, PAGE, ZONE, allow, can_keep, drop, field, keep_button, reader, saved
from tests.sounds import spoken
from tests.understanding.fake_speech import FakeTranscriber
from tests.understanding.test_live import until
from understanding.voice_memos import State


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
