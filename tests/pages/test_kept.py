"""After *Keep*: a card under the title with undo, which makes the entry a draft again, exactly as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from components import undo
from components.today import saved_notice
from diary import days, drafts, entries, media, readings
from diary.entries import NewEntry
from tests.diary.test_deletions import stored
from tests.pages.conftest import Visit
from tests.pages.today_form import allow
from tests.sounds import spoken
from tests.understanding.fakes import analyst_of

ZONE = "Asia/Seoul"


def card(there: Visit) -> str:
    """The sentence of the card; empty without a card."""
    return next((data["saved"] for data in there.components("saved")), "")


def keep(there: Visit, mood: str = "sadness", note: str = "a line") -> str:
    """Keeps an entry by the form; returns its id."""
    there.app.button_group[0].set_value(mood).run()
    there.app.text_area[0].set_value(note).run()
    there.press("entry.save")
    there.expect_calm()
    return entries.latest(there.session).id


@pytest.mark.parametrize("language", ["ko", "en"])
def test_undone_it_is_a_draft_again_exactly_as_it_was(visit: Callable[..., Visit], language: str) -> None:
    there = visit(language=language)
    day = days.today(ZONE) - timedelta(days=3)
    there.app.button_group[0].set_value("fear").run()
    there.field("intensity").set_value(5).run()
    there.app.text_area[0].set_value("<b>a</b> line\nand another").run()
    there.app.text_input(key=f"new_tag_{there.form}").set_value("빗소리, walk").run()
    there.app.date_input[0].set_value(day).run()
    before = drafts.load(there.session).content
    there.press("entry.save")
    there.expect_calm()
    assert drafts.load(there.session) is None
    assert there.app.text_area[0].value == ""
    there.press("undo.button")
    there.expect_calm()
    assert entries.count(there.session) == 0
    assert not card(there)
    assert there.notice == there.t("saved.undone")
    assert there.app.button_group[0].value == "fear"
    assert there.field("intensity").value == 5
    assert there.app.text_area[0].value == "<b>a</b> line\nand another"
    assert there.field("tags").value == ["빗소리", "walk"]
    assert there.app.date_input[0].value == day
    assert drafts.load(there.session).content == before
    # Kept once more, it is one entry with the same content.
    there.press("entry.save")
    there.expect_calm()
    (kept,) = entries.every(there.session)
    assert (kept.mood, kept.intensity, kept.tags, kept.day) == ("fear", 5, ("빗소리", "walk"), day)


def test_the_recording_and_what_the_models_said_come_back(
    visit: Callable[..., Visit],
    models_are: Callable,
) -> None:
    models_are(analyst_of())
    there = allow(visit(), "voice", "media")
    there.open("speak")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    there.press("analyse.button")
    there.press("entry.save")
    there.expect_calm()
    (kept,) = entries.every(there.session)
    first = [vars(reading) for reading in readings.of_entry(there.session, kept.id)]
    assert first
    there.press("undo.button")
    there.expect_calm()
    assert not any(stored().values())
    there.press("entry.save")  # without analysing again
    there.expect_calm()
    (again,) = entries.every(there.session)
    assert [vars(reading) for reading in readings.of_entry(there.session, again.id)] == first
    (medium,) = media.of_entry(there.session, again.id)
    assert media.content(there.session, medium.id) == spoken()


def test_the_card_says_what_was_kept_and_leads_on(visit: Callable[..., Visit]) -> None:
    there = visit()
    day = days.today(ZONE).replace(day=1) - timedelta(days=40)
    there.app.button_group[0].set_value("sadness").run()
    there.app.date_input[0].set_value(day).run()
    there.press("entry.save")
    assert "\ue6a6\xa0Sadness" in card(there)
    assert there.says(there.t("saved.sadness"))
    there.press("saved.day")
    assert there.app.title[0].value == there.t("days.title")
    assert there.says("**\ue6a6\xa0Sadness**")


def test_it_goes_when_the_person_begins_the_next_entry(visit: Callable[..., Visit]) -> None:
    there = visit()
    keep(there)
    there.app.run()
    assert card(there)
    held = there.app.session_state["saved_entry"].undo
    there.app.text_area[0].set_value("the next").run()
    assert not card(there)
    assert held.is_over
    assert entries.count(there.session) == 1


@pytest.mark.parametrize("here", [True, False])
def test_it_goes_with_its_entry(visit: Callable[..., Visit], here: bool) -> None:
    there = visit()
    entry_id = keep(there)
    if here:
        there.press_key(f"delete_{entry_id}")
    else:
        entries.delete(there.session, entry_id)
        there.app.run()
    there.expect_calm()
    assert not card(there)


def test_what_is_typed_just_before_undo_is_not_lost(visit: Callable[..., Visit]) -> None:
    there = visit()
    entry_id = keep(there)
    there.app.text_area[0].set_value("typed, and sent with the press")
    there.press("undo.button")
    there.expect_calm()
    assert there.app.text_area[0].value == "typed, and sent with the press"
    assert there.notice == there.t("saved.next_begun")
    assert entries.get(there.session, entry_id).note == "a line"


def test_a_changed_entry_is_not_taken_out(visit: Callable[..., Visit]) -> None:
    there = visit()
    entry_id = keep(there)
    entries.change(there.session, entry_id, 1, NewEntry("fear", 3, days.today(ZONE), ZONE, note="corrected"))
    there.press("undo.button")
    there.expect_calm()
    assert there.notice == there.t("error.entry_changed")
    assert entries.get(there.session, entry_id).note == "corrected"
    assert card(there)
    assert there.t("undo.button") not in [button.label for button in there.app.button]


def test_after_ten_seconds_the_card_stays_without_undo(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = visit()
    keep(there)
    later = saved_notice.time.monotonic() + undo.SECONDS + 1
    monkeypatch.setattr(saved_notice.time, "monotonic", lambda: later)
    there.app.run()
    assert card(there)
    assert there.t("undo.button") not in [button.label for button in there.app.button]


def test_the_form_that_was_kept_is_in_memory_for_seconds_only(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "_ON_THE_WAY", 0.2 - undo.SECONDS)
    there = visit()
    keep(there, note="a line that nobody else has")
    held = there.app.session_state["saved_entry"].undo
    held._timer.join(timeout=30)
    there.app.run()
    assert held._acts == []
    assert "a line that nobody else has" not in repr(there.app.session_state)


def test_kept_twice_the_last_one_is_undone(visit: Callable[..., Visit]) -> None:
    there = visit()
    first = keep(there, note="first")
    keep(there, note="second")
    there.press("undo.button")
    assert [entry.id for entry in entries.every(there.session)] == [first]
    assert there.app.text_area[0].value == "second"


def test_the_second_tap_on_keep_asks_for_no_mood(visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch) -> None:
    there = visit()
    keep(there)
    moment = there.app.session_state["saved_entry"].at
    monkeypatch.setattr(saved_notice.time, "monotonic", lambda: moment + 0.3)
    there.press("entry.save")
    there.expect_calm()
    assert card(there)
    monkeypatch.setattr(saved_notice.time, "monotonic", lambda: moment + 2)
    there.press("entry.save")
    assert there.app.error[0].value == there.t("error.unknown_mood")
    assert entries.count(there.session) == 1


def test_a_line_written_at_once_is_no_second_tap(visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch) -> None:
    there = visit()
    keep(there)
    moment = there.app.session_state["saved_entry"].at
    monkeypatch.setattr(saved_notice.time, "monotonic", lambda: moment + 0.3)
    there.app.text_area[0].set_value("the next one")
    there.press("entry.save")
    assert there.app.error[0].value == there.t("error.unknown_mood")
    assert there.app.text_area[0].value == "the next one"
