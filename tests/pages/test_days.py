"""Days: the day that is open, its address and its neighbours."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components.text import plain
from diary import entries, music_feedback, trackers
from emotions import BY_KEY
from music import catalogue
from music.recommend import Wish
from tests.diary.histories import keep
from tests.pages.calendar_page import TODAY, ZONE, address, label, month_back, square, visit_with
from tests.pages.conftest import Visit


def test_opening_a_day_and_changing_and_deleting_there(visit: Callable[..., Visit]) -> None:
    day = month_back(1).replace(day=3)
    there = visit_with(
        visit, "pages/days.py", lambda person: keep(person, day.isoformat(), "fear", note="found again", tags=("walk",))
    )
    there.press_key("month_earlier")
    assert not there.says("found again")
    there.open_day(day)
    assert there.says("found again")
    assert there.says("\\#walk")
    assert square(there, day)["open"] == "chosen"
    assert label(there, day).endswith(there.t("calendar.open", day=""))
    (entry,) = entries.every(there.session)
    there.press("entry.edit")
    there.app.button_group(key=f"mood_choice_entry_{entry.id}").set_value("surprise").run()
    there.press("entry.save_changes")
    there.expect_calm()
    assert square(there, day)["colour"] == BY_KEY["surprise"].colour
    there.press("entry.delete")
    assert "nothing kept" in label(there, day)
    assert there.says(there.t("days.nothing_that_day"))


def test_adding_to_an_earlier_day_where_it_is_open(visit: Callable[..., Visit]) -> None:
    day = month_back(1).replace(day=5)
    there = visit("pages/days.py")
    there.press_key("month_earlier")
    there.open_day(day)
    there.app.session_state[f"add_{day.isoformat()}"] = True
    there.app.run()
    there.press("entry.save")
    assert there.app.error[0].value == there.t("error.unknown_mood")
    mood = next(group for group in there.app.button_group if group.key.startswith("mood_choice"))
    mood.set_value("disgust").run()
    there.app.text_area[0].set_value("later, but kept").run()
    there.press("entry.save")
    there.expect_calm()
    (kept,) = entries.every(there.session)
    assert (kept.day, kept.mood, kept.note, kept.time_known, kept.source) == (
        day,
        "disgust",
        "later, but kept",
        False,
        "hand",
    )
    assert square(there, day)["colour"] == BY_KEY["disgust"].colour
    assert there.says("later, but kept")


def test_the_music_of_a_day_is_there_when_it_is_opened(visit: Callable[..., Visit]) -> None:
    track = catalogue.load().of_kind("youtube")[0]
    there = visit_with(
        visit,
        "pages/days.py",
        lambda person: music_feedback.add(person, "heard", track, Wish("happiness", 3, "match")),
    )
    assert there.says(plain(track.title["en"]))


def test_an_empty_diary_says_what_will_be_here_and_the_one_next_step(visit: Callable[..., Visit]) -> None:
    there = visit("pages/days.py", "ko")
    assert there.says(there.t("days.empty"))
    there.app.switch_page("pages/history.py").run()
    assert there.says(there.t("history.empty"))
    assert not there.app.get("plotly_chart")


def test_the_address_names_the_day_and_the_month(visit: Callable[..., Visit]) -> None:
    """So that a restart of the server, which forgets every session, opens the same day again."""
    day = month_back(2).replace(day=7)
    there = visit_with(visit, "pages/days.py", lambda person: keep(person, day.isoformat(), note="two months ago"))
    there.press("days.earlier")
    assert address(there) == {"month": f"{month_back(1):%Y-%m}"}
    there.open_day(day)
    assert there.says("two months ago")
    there.press_key("day_close")
    assert address(there) == {"month": f"{day:%Y-%m}"}
    assert not there.says("two months ago")

    again = Visit(there.session, "pages/days.py")
    assert not again.says("two months ago")
    again.open_day(day)
    assert again.says("two months ago")
    assert square(again, day)["open"] == "chosen"


@pytest.mark.parametrize("address", ["2026-13-01", "1899-12-31", "yesterday", "<b>", "99999-01-01", ""])
def test_an_address_without_a_day_shows_today(visit: Callable[..., Visit], address: str) -> None:
    there = visit("pages/days.py")
    for name in ("day", "month"):
        there.app.query_params.clear()
        there.app.query_params[name] = address
        there.app.run()
        there.expect_calm()
        assert square(there, TODAY)["open"] == "beside"


def test_the_page_comes_back_as_it_was_left(visit: Callable[..., Visit]) -> None:
    day = month_back(1).replace(day=7)
    there = visit("pages/days.py")
    there.open_day(day)
    there.app.query_params.clear()  # as the link of the page does
    there.app.switch_page("pages/help.py").run()
    there.app.switch_page("pages/days.py").run()
    assert square(there, day)["open"] == "beside"  # a phone shows the calendar


def test_from_one_day_to_its_neighbours(visit: Callable[..., Visit]) -> None:
    first, middle, last = month_back(2).replace(day=3), month_back(1).replace(day=20), month_back(1).replace(day=22)

    def fill(person) -> None:
        for day in (first, last):
            keep(person, day.isoformat(), note=f"on {day}")
        tracker = trackers.Tracker("Sleep", "😴", "minutes")
        trackers.set_value(person, trackers.add(person, tracker), middle, 420, ZONE)

    there = visit_with(visit, "pages/days.py", fill)
    there.open_day(last)
    for day in (middle, first):
        there.press_key("day_before")
        assert square(there, day)["open"] == "chosen"
    assert there.says(f"on {first}")
    assert there.app.button(key="day_before").disabled
    for day in (middle, last, TODAY):  # today may be empty: one can begin there
        there.press_key("day_after")
        assert square(there, day)["open"] == "chosen"
    assert there.app.button(key="day_after").disabled
