"""Photographs on the pages: added in every form of an entry, held over other pages, shown, opened and deleted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from components import state
from diary import consents, days, entries, photos
from diary.entries import NewEntry
from tests.diary.damaging import turn_a_bit
from tests.diary.histories import SEOUL
from tests.diary.test_photos import encoded, photo, picture
from tests.pages.conftest import Visit
from tests.pages.held import sessions_held

TODAY = days.today(SEOUL)
RED, BLUE = (encoded(picture(corner=colour)) for colour in ("red", "blue"))


def form(there: Visit) -> str:
    return there.app.session_state[state.NEW_ENTRY_FORM.key]


def allow(there: Visit) -> Visit:
    consents.set_given(there.session, "media", True)
    there.app.run()
    return there


def upload(there: Visit, *files: tuple[str, bytes], of: str | None = None) -> None:
    of = of or form(there)
    uploader = next(one for one in there.app.get("file_uploader") if re.fullmatch(rf"photo_files_\d+_{of}", one.key))
    uploader.set_value([(name, content, "image/jpeg") for name, content in files]).run()
    there.expect_calm()


def taken_out_names(there: Visit) -> list[str]:
    return [button.label for button in there.app.button if str(button.key).startswith("take_out_photo_")]


def choose_and_save(there: Visit) -> str:
    there.app.button_group(key=f"mood_choice_{form(there)}").set_value("happiness").run()
    there.press("entry.save")
    there.expect_calm()
    entry = entries.latest(there.session)
    assert entry is not None
    return entry.id


def thumbnails(there: Visit, entry_id: str) -> list:
    keys = {f"photo_{stored.id}" for stored in photos.of_entry(there.session, entry_id)}
    return [button for button in there.app.button if button.key in keys]


def test_without_the_consent_the_form_says_where_it_is_given(visit: Callable[..., Visit]) -> None:
    there = visit()
    assert there.says(there.t("photos.off"))
    assert not [one for one in there.app.get("file_uploader") if str(one.key).startswith("photo_files")]


def test_several_are_added_shown_and_saved(visit: Callable[..., Visit]) -> None:
    there = allow(visit())
    assert there.says(there.t("photos.what_happens", most=10, side="2,048"))
    upload(there, ("sea.jpg", RED), ("hill.jpg", BLUE))
    assert len(taken_out_names(there)) == 2
    entry_id = choose_and_save(there)
    assert len(photos.of_entry(there.session, entry_id)) == 2
    assert not taken_out_names(there)
    assert [button.label for button in thumbnails(there, entry_id)] == [
        there.t("photos.open", number=number, count=2) for number in (1, 2)
    ]


def test_they_survive_other_pages_and_more_can_be_added(visit: Callable[..., Visit]) -> None:
    there = allow(visit())
    upload(there, ("sea.jpg", RED))
    for page in ("pages/help.py", "pages/today.py"):
        there.app.switch_page(page).run()
        there.expect_calm()
    assert len(taken_out_names(there)) == 1
    upload(there, ("hill.jpg", BLUE), ("sea again.jpg", RED))
    assert len(taken_out_names(there)) == 2  # the same file twice is one photograph
    assert len(photos.of_entry(there.session, choose_and_save(there))) == 2


def test_one_that_is_taken_out_is_not_saved(visit: Callable[..., Visit]) -> None:
    there = allow(visit())
    upload(there, ("sea.jpg", RED), ("hill.jpg", BLUE))
    first = next(button for button in there.app.button if str(button.key).startswith("take_out_photo_"))
    first.click().run()
    assert len(taken_out_names(there)) == 1
    (stored,) = photos.of_entry(there.session, choose_and_save(there))
    blue = photos.photo_of(BLUE).content
    assert photos.content(there.session, stored.id) == blue


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_bad_file_among_good_ones_costs_only_itself(visit: Callable[..., Visit], language: str) -> None:
    there = allow(visit(language=language))
    upload(there, ("sea.jpg", RED), ("*broken*.jpg", b"\xff\xd8\xff no"), ("empty.jpg", b""), ("hill.jpg", BLUE))
    assert len(taken_out_names(there)) == 2
    assert there.says(there.t("photos.unreadable"))
    assert there.says("\\*broken\\*\\.jpg")
    assert len(photos.of_entry(there.session, choose_and_save(there))) == 2
    assert not there.says(there.t("photos.unreadable"))


def test_more_than_ten_are_left_out_with_a_sentence(visit: Callable[..., Visit]) -> None:
    there = allow(visit())
    files = [(f"{number}.png", encoded(picture(64 + number, 64), "PNG")) for number in range(11)]
    upload(there, *files)
    assert len(taken_out_names(there)) == 10
    assert there.says(there.t("photos.too_many", most=10))


def test_withdrawing_the_consent_empties_what_the_form_holds(visit: Callable[..., Visit]) -> None:
    there = allow(visit())
    upload(there, ("sea.jpg", RED))
    consents.set_given(there.session, "media", False)
    there.app.run()
    assert not taken_out_names(there)
    consents.set_given(there.session, "media", True)
    there.app.run()
    assert not taken_out_names(there)


def _kept(there: Visit, number: int = 2, ago: int = 0) -> str:
    new = NewEntry("happiness", 3, TODAY - timedelta(days=ago), SEOUL)
    entry_id = entries.add(there.session, new, photos=[photo(colour) for colour in ("red", "blue")[:number]])
    there.app.run()
    return entry_id


def test_a_change_adds_to_them(visit: Callable[..., Visit]) -> None:
    there = allow(visit())
    entry_id = _kept(there, 1)
    there.press_key(f"edit_{entry_id}")
    upload(there, ("hill.jpg", BLUE), of=f"entry_{entry_id}")
    there.press("entry.save_changes")
    there.expect_calm()
    assert len(photos.of_entry(there.session, entry_id)) == 2


def test_one_opens_large_and_is_deleted_on_its_own(visit: Callable[..., Visit]) -> None:
    there = allow(visit())
    entry_id = _kept(there)
    first, second = photos.of_entry(there.session, entry_id)
    there.press_key(f"photo_{first.id}")
    assert len(there.app.get("image")) == 1
    there.press_key(f"delete_photo_{first.id}")
    assert photos.of_entry(there.session, entry_id) == [second]


def test_the_dialogue_holds_no_session(visit: Callable[..., Visit]) -> None:
    there = allow(visit())
    first, _ = photos.of_entry(there.session, _kept(there))
    there.press_key(f"photo_{first.id}")
    assert there.app.get("image")
    assert sessions_held(there) == []


def test_an_earlier_day_takes_them_too(visit: Callable[..., Visit]) -> None:
    there = allow(visit("pages/days.py"))
    _kept(there, 0, ago=1)
    there.app.session_state[f"add_{(TODAY - timedelta(days=1)).isoformat()}"] = True
    there.open_day(TODAY - timedelta(days=1))
    adding = there.app.session_state[f"add_form_{(TODAY - timedelta(days=1)).isoformat()}"]
    upload(there, ("sea.jpg", RED), of=adding)
    there.app.button_group(key=f"mood_choice_{adding}").set_value("neutral").run()
    there.press("entry.save")
    there.expect_calm()
    entry_id = entries.latest(there.session).id
    assert len(photos.of_entry(there.session, entry_id)) == 1
    assert thumbnails(there, entry_id)


def test_a_damaged_one_says_so_and_can_be_deleted(visit: Callable[..., Visit]) -> None:
    there = allow(visit())
    entry_id = _kept(there)
    first, second = photos.of_entry(there.session, entry_id)
    turn_a_bit("photos", "sealed", "id", first.id)
    there.app.run()
    there.expect_calm()
    there.press_key(f"photo_{first.id}")
    assert there.says(there.t("media.picture_damaged"))
    there.press_key(f"delete_photo_{first.id}")
    assert photos.of_entry(there.session, entry_id) == [second]
