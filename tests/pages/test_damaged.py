"""No page fails because one entry is damaged or has strange content."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest

from components import visitor
from diary import consents, database, days, drafts, entries, media, on_this_day
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.transfer import export
from tests.diary.damaging import turn_a_bit, with_a_wrong_key
from tests.diary.histories import SEOUL, keep
from tests.diary.transfer.conftest import JPEG, WAV
from tests.pages.conftest import Visit
from tests.understanding.fakes import reading

TODAY = days.today(SEOUL)
PAGES = ("today", "days", "year", "find", "history", "data", "music", "settings")


def visit_with(visit: Callable[..., Visit], page: str, fill: Callable, **how: str) -> Visit:
    """Fills the diary before the page is opened."""
    there = visit("pages/help.py", **how)
    fill(there.session)
    go_to(there, page)
    return there


def go_to(there: Visit, page: str) -> None:
    there.app.switch_page(f"pages/{page}.py").run()
    there.expect_calm()


def one_of_two_is_damaged(session) -> None:
    keep(session, TODAY.isoformat(), "happiness", note="the whole one", tags=("walk",))
    entry_id = keep(
        session, TODAY.isoformat(), "fear", note="the lost one", tags=("lost",), readings=(reading("voice", "fear"),)
    )
    turn_a_bit("entries", "sealed", "id", entry_id)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_goes_on_with_one_damaged_entry(visit: Callable[..., Visit], language: str) -> None:
    there = visit_with(visit, "today", one_of_two_is_damaged, language=language)
    assert any(button.key == "save_new" for button in there.app.button)
    for page in PAGES:
        go_to(there, page)
        if page in ("today", "days"):
            assert there.says("the whole one")
            assert there.says(there.t("entry.damaged"))
            assert not there.says("the lost one")
    go_to(there, "find")
    there.app.text_input(key="find_words").set_value("one").run()
    there.expect_calm()
    assert there.says(there.t("find.found", count=1))


def test_a_damaged_entry_can_be_deleted_and_not_edited(visit: Callable[..., Visit]) -> None:
    there = visit_with(visit, "today", one_of_two_is_damaged)
    damaged, whole_one = (
        next(entry for entry in entries.every(there.session) if entry.is_damaged is so) for so in (True, False)
    )
    keys = {button.key for button in there.app.button}
    assert f"edit_{damaged.id}" not in keys
    assert f"edit_{whole_one.id}" in keys
    there.press_key(f"delete_{damaged.id}")
    there.expect_calm()
    assert [entry.note for entry in entries.every(there.session)] == ["the whole one"]
    assert not there.says(there.t("entry.damaged"))


def test_what_is_left_out_of_the_files_is_said(visit: Callable[..., Visit]) -> None:
    def fill(session) -> None:
        consents.set_given(session, "media", True)
        one_of_two_is_damaged(session)
        entry_id = entries.add(
            session,
            NewEntry("anger", 2, TODAY, SEOUL),
            readings=[reading("words", "anger")],
            media=[NewMedium("sound", WAV)],
        )
        (medium,) = media.of_entry(session, entry_id)
        turn_a_bit("media", "sealed", "id", medium.id)
        with database.transaction() as db:
            db.execute("update readings set sealed = x'02' where source = 'words'")

    there = visit_with(visit, "data", fill)
    assert there.says(there.t("export.left_out_entries", count="1"))
    assert there.says(there.t("export.left_out_readings", count="1"))
    assert not there.says(there.t("export.left_out_media", count="1"))
    there.app.toggle(key="taking_media").set_value(True).run()
    there.expect_calm()
    assert there.says(there.t("export.left_out_media", count="1"))


def test_of_a_diary_without_damage_nothing_is_said(visit: Callable[..., Visit]) -> None:
    there = visit_with(
        visit, "data", lambda session: keep(session, TODAY.isoformat(), readings=(reading("voice", "fear"),))
    )
    assert not there.app.warning


def test_with_a_wrong_key_nothing_is_offered_for_deletion_or_export(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = visit("pages/help.py")
    for number in range(3):
        keep(there.session, TODAY.isoformat(), note=f"mine {number}")
    wrong = with_a_wrong_key(there.session)
    monkeypatch.setattr(visitor.sessions, "find", lambda _: wrong)
    there.app.switch_page("pages/today.py").run()
    assert {error.value for error in there.app.error} == {there.t("error.key_does_not_fit")}
    assert not there.says(there.t("entry.damaged"))
    assert not [button for button in there.app.button if (button.key or "").startswith(("delete_", "edit_"))]
    there.app.switch_page("pages/data.py").run()
    assert [error.value for error in there.app.error] == [there.t("error.key_does_not_fit")]
    assert not [
        button for button in there.app.get("download_button") if button.key.startswith(("take_csv", "take_json"))
    ]
    assert [entry.note for entry in entries.every(there.session)] == ["mine 0", "mine 1", "mine 2"]


def test_a_damaged_draft_leaves_an_empty_form(visit: Callable[..., Visit]) -> None:
    def fill(session) -> None:
        drafts.save(session, {"id": "0" * 32, "fields": {"note": "unfinished"}, "readings": []})
        turn_a_bit("drafts", "sealed", "account_id", session.account_id)

    there = visit_with(visit, "today", fill)
    assert any(button.key == "save_new" for button in there.app.button)


@pytest.mark.parametrize("kind", ["sound", "picture"])
def test_a_damaged_medium_says_so_where_the_entry_is_and_can_be_deleted(visit: Callable[..., Visit], kind: str) -> None:
    def fill(session) -> None:
        consents.set_given(session, "media", True)
        consents.set_given(session, "voice", True)
        consents.set_given(session, "face", True)
        kept = NewMedium("sound", WAV) if kind == "sound" else NewMedium("picture", JPEG)
        entry_id = entries.add(session, NewEntry("anger", 2, TODAY, SEOUL, note="with something"), media=[kept])
        turn_a_bit("media", "sealed", "entry_id", entry_id)

    there = visit_with(visit, "today", fill)
    (entry,) = entries.every(there.session)
    (medium,) = media.of_entry(there.session, entry.id)
    assert there.says("with something")
    there.app.toggle(key=f"open_{medium.id}").set_value(True).run()
    there.expect_calm()
    assert there.says(there.t(f"media.{kind}_damaged"))
    there.press_key(f"forget_{medium.id}")
    there.expect_calm()
    assert media.of_entry(there.session, entry.id) == []


@pytest.mark.parametrize("page", ["today", "days"])
def test_a_stored_picture_that_is_none_breaks_no_page(visit: Callable[..., Visit], page: str) -> None:
    there = visit_with(visit, page, lambda session: consents.set_given(session, "media", True))
    # Content of no known type is offered as a download; what begins as a picture and is none is called damaged.
    for content, sentence in (
        (b"not a picture", "media.unknown_type"),
        (b"", "media.picture_damaged"),
        (b"\xff\xd8\xff" + bytes(99), "media.picture_damaged"),
        (JPEG[:200], "media.picture_damaged"),
    ):
        draft = NewEntry("anger", 2, TODAY, SEOUL, note="with a picture")
        entry_id = entries.add(there.session, draft, media=[NewMedium("picture", content)])
        (medium,) = media.of_entry(there.session, entry_id)
        there.app.run()
        there.app.toggle(key=f"open_{medium.id}").set_value(True).run()
        there.expect_calm()
        assert there.says(there.t(sentence)), content
        assert there.says("with a picture")
        there.press("entry.edit")
        there.expect_calm()
        there.press("entry.cancel")
        entries.delete(there.session, entry_id)


def test_a_stored_picture_is_shown(visit: Callable[..., Visit]) -> None:
    def fill(session) -> None:
        consents.set_given(session, "media", True)
        entries.add(session, NewEntry("anger", 2, TODAY, SEOUL), media=[NewMedium("picture", JPEG)])

    there = visit_with(visit, "today", fill)
    (entry,) = entries.every(there.session)
    (medium,) = media.of_entry(there.session, entry.id)
    there.app.toggle(key=f"open_{medium.id}").set_value(True).run()
    there.expect_calm()
    assert len(there.app.get("image")) == 1
    assert not there.says(there.t("media.picture_damaged"))


def test_half_a_character_that_was_stored_breaks_no_page(visit: Callable[..., Visit]) -> None:
    def fill(session) -> None:
        year_ago = TODAY.replace(year=TODAY.year - 1, day=min(TODAY.day, 28))
        on_this_day.ON_THIS_DAY.choose(session, True)
        for day in (TODAY, year_ago):
            keep(session, day.isoformat(), note="half a \ud83d pair", tags=("half \ud83d",))

    there = visit_with(visit, "today", fill)
    for page in PAGES:
        go_to(there, page)
        if page in ("today", "days"):
            assert there.says("half a \ufffd pair")
            there.press("entry.edit")
            there.expect_calm()
            there.press("entry.cancel")
    go_to(there, "find")
    there.app.text_input(key="find_words").set_value("half").run()
    there.expect_calm()
    assert there.says(there.t("find.found", count=2))


def test_what_is_left_out_of_an_import_is_said_before_and_after(visit: Callable[..., Visit]) -> None:
    there = visit("pages/help.py")
    consents.set_given(there.session, "media", True)
    entry_id = keep(there.session, TODAY.isoformat(), note="n")
    content = json.loads(export.as_json(there.session))
    entries.delete(there.session, entry_id)
    content["entries"][0] |= {
        "note": "half a \ud83d pair",
        "media": [
            {"kind": "picture", "mime": "image/jpeg", "file": "media/a.jpg", "created_at": content["exported_at"]}
        ],
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("haru.json", json.dumps(content))
        file.writestr("media/a.jpg", b"not a picture")
    go_to(there, "data")
    there.app.file_uploader[0].upload("haru.zip", packed.getvalue()).run()
    there.expect_calm()
    said = [there.t("import.media_damaged", count="1"), there.t("import.mended", count="1")]
    assert all(there.says(sentence) for sentence in said)
    there.press("import.button", count="1")
    there.expect_calm()
    assert all(there.says(sentence) for sentence in said)
    go_to(there, "today")
    assert there.says("half a \ufffd pair")


def test_reading_a_damaged_recording_anew_says_so(visit: Callable[..., Visit]) -> None:
    def fill(session) -> None:
        for kind in ("media", "voice"):
            consents.set_given(session, kind, True)
        kept = [NewMedium("sound", WAV)]
        entry_id = entries.add(
            session, NewEntry("anger", 2, TODAY, SEOUL), readings=[reading("voice", "anger")], media=kept
        )
        turn_a_bit("media", "sealed", "entry_id", entry_id)

    there = visit_with(visit, "today", fill)
    (entry,) = entries.every(there.session)
    there.press("entry.edit")
    there.press_key(f"analyse_entry_{entry.id}")
    there.expect_calm()
    assert there.says(there.t("media.sound_damaged"))
