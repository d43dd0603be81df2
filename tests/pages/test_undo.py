"""Every deletion happens at once, says so in the bar of notices, and can be undone there for ten seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from components import notice, undo
from components.entry import card
from diary import consents, database, days, entries, errors, media, own_tracks
from diary.entries import NewEntry
from diary.media import NewMedium
from tests.diary.test_deletions import stored
from tests.diary.test_own_tracks import SOUND, song
from tests.diary.transfer.conftest import JPEG, WAV
from tests.pages.conftest import Visit

ZONE = "Asia/Seoul"
NEW = NewEntry("anger", 3, days.today(ZONE), ZONE, note="to be or not", tags=("walk",))


@pytest.fixture
def there(visit: Callable[..., Visit]) -> Visit:
    there = visit()
    consents.set_given(there.session, "media", True)
    entries.add(there.session, NEW, media=[NewMedium("sound", WAV), NewMedium("picture", JPEG)])
    there.app.run()
    return there


def offers_undo(there: Visit) -> bool:
    return there.t("undo.button") in [button.label for button in there.app.button]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("page", ["today", "days"])
def test_a_deleted_entry_comes_back_as_it_was(visit: Callable[..., Visit], page: str, language: str) -> None:
    there = visit("pages/help.py", language=language)
    consents.set_given(there.session, "media", True)
    entries.add(there.session, NEW, media=[NewMedium("sound", WAV)])
    before = stored()
    there.app.switch_page(f"pages/{page}.py").run()
    there.press("entry.delete")
    there.expect_calm()
    assert entries.count(there.session) == 0
    assert not there.says("to be or not")
    assert there.notice == there.t("entry.deleted")
    there.app.run()  # a run of any other cause takes nothing away
    there.press("undo.button")
    there.expect_calm()
    assert stored() == before
    assert there.says("to be or not")
    assert there.notice == there.t("undo.done")
    assert not offers_undo(there)


@pytest.mark.parametrize("kind", ["sound", "picture"])
def test_a_deleted_recording_or_picture_comes_back(there: Visit, kind: str) -> None:
    (medium,) = (medium for medium in media.of_entry(there.session, NEW.id) if medium.kind == kind)
    before = stored()
    there.app.toggle(key=f"open_{medium.id}").set_value(True).run()
    there.press_key(f"forget_{medium.id}")
    assert len(media.of_entry(there.session, NEW.id)) == 1
    assert there.notice == there.t(f"media.{kind}_deleted")
    there.press("undo.button")
    there.expect_calm()
    assert stored() == before


def test_a_removed_own_track_comes_back(visit: Callable[..., Visit]) -> None:
    there = visit("pages/music.py")
    consents.set_given(there.session, "media", True)
    own_id = own_tracks.add(there.session, song(), SOUND)
    before = stored()
    there.app.button_group(key="music_section").set_value("own").run()
    there.press_key(f"own_remove_{own_id}")
    assert own_tracks.every(there.session) == []
    assert there.notice == there.t("own.removed")
    there.press("undo.button")
    there.expect_calm()
    assert stored() == before
    assert own_tracks.audio(there.session, own_id) == (SOUND, "audio/ogg")


def test_it_is_offered_on_every_page(there: Visit) -> None:
    there.press("entry.delete")
    there.app.switch_page("pages/help.py").run()
    assert there.notice == there.t("entry.deleted")
    there.press("undo.button")
    assert entries.get(there.session, NEW.id).note == "to be or not"


def test_after_ten_seconds_it_is_gone(there: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    there.press("entry.delete")
    later = time.monotonic() + undo.SECONDS + 0.1
    monkeypatch.setattr(notice.time, "monotonic", lambda: later)
    there.app.run()
    assert there.notice == ""
    assert not offers_undo(there)


def test_a_press_that_comes_too_late_says_so(there: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "_ON_THE_WAY", 0.3 - undo.SECONDS)
    there.press("entry.delete")
    time.sleep(0.5)
    there.press("undo.button")
    there.expect_calm()
    assert there.notice == there.t("undo.too_late")
    assert entries.count(there.session) == 0


def test_an_entry_that_is_there_again_is_said(there: Visit) -> None:
    there.press("entry.delete")
    entries.add(there.session, NEW)
    there.press("undo.button")
    there.expect_calm()
    assert there.notice == there.t("error.already_back")
    assert not offers_undo(there)


def test_while_the_database_is_locked_it_can_be_tried_again(there: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored()
    there.press("entry.delete")

    def locked() -> None:
        raise errors.DatabaseBusy()

    with monkeypatch.context() as patch:
        patch.setattr(database, "transaction", locked)
        there.press("undo.button")
    assert there.notice == there.t("error.database_busy")
    there.press("undo.button")
    there.expect_calm()
    assert stored() == before


def test_the_second_click_of_a_double_click_takes_no_undo_away(there: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored()
    there.press("entry.delete")
    monkeypatch.setattr(card.notice, "find_visitor", lambda: there.session)
    monkeypatch.setattr(card.notice, "_shown", lambda shown=there.app.session_state["notice"]: shown)
    card._delete(NEW.id)  # the browser sent it before it knew what came of the first one
    there.press("undo.button")
    there.expect_calm()
    assert stored() == before


def test_what_is_gone_already_is_said(there: Visit) -> None:
    entries.delete(there.session, NEW.id)  # in another tab
    there.press("entry.delete")
    assert there.notice == there.t("error.entry_not_found")
    assert not offers_undo(there)


def test_two_deletions_within_seconds_are_undone_together(there: Visit) -> None:
    entries.add(there.session, NewEntry("fear", 3, days.today(ZONE), ZONE))
    before = stored()
    there.app.run()
    there.press("entry.delete")
    first = there.app.session_state["notice"].notice.undo
    there.press("entry.delete")
    assert first.is_over
    assert entries.count(there.session) == 0
    assert there.notice == f"{there.t('entry.deleted')} {there.t('undo.together', count=2)}"
    there.press("undo.button")
    assert stored() == before


def test_a_deletion_that_is_over_is_not_undone_with_the_next(there: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    entries.add(there.session, NewEntry("fear", 3, days.today(ZONE), ZONE))
    there.app.run()
    there.press_key(f"delete_{NEW.id}")
    later = time.monotonic() + undo.SECONDS + 0.1
    monkeypatch.setattr(notice.time, "monotonic", lambda: later)
    there.press("entry.delete")
    assert there.notice == there.t("entry.deleted")
    there.press("undo.button")
    assert [entry.mood for entry in entries.every(there.session)] == ["fear"]


def test_another_notice_ends_the_undo(there: Visit) -> None:
    there.press("entry.delete")
    action = there.app.session_state["notice"].notice.undo
    there.app.switch_page("pages/settings.py").run()
    there.app.toggle(key="consent_face").set_value(True).run()
    assert there.notice == there.t("settings.consent_saved")
    assert action.is_over
    assert not offers_undo(there)


def test_what_is_deleted_stays_in_memory_for_seconds_only(there: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "_ON_THE_WAY", 0.2 - undo.SECONDS)
    there.press("entry.delete")
    held = there.app.session_state["notice"].notice.undo
    assert not held.is_over
    held._timer.join(timeout=30)
    assert held._acts == []
