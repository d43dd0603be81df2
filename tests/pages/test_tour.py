"""The tour can be skipped, ends with the first entry, never returns, and covers nothing."""

from __future__ import annotations

from collections.abc import Callable

from components.today.tour import CARDS, TOUR
from diary import days, entries
from diary.entries import NewEntry
from tests.pages.conftest import Visit


def has_tour(there: Visit) -> bool:
    return any(button.key == "tour_next" for button in there.app.button)


def test_skipped_it_never_returns(visit: Callable[..., Visit]) -> None:
    there = visit()
    assert has_tour(there)
    there.press_key("tour_skip")
    assert not has_tour(there)
    again = Visit(there.session, "pages/today.py")
    assert not has_tour(again)
    assert TOUR.of(there.session) == "over"


def test_read_through_it_never_returns(visit: Callable[..., Visit]) -> None:
    there = visit()
    for card in CARDS:
        assert there.says(there.t(f"tour.{card}_means"))
        there.press_key("tour_next")
    assert not has_tour(there)
    assert not has_tour(Visit(there.session, "pages/today.py"))


def test_a_first_entry_needs_no_tour_and_ends_it(visit: Callable[..., Visit]) -> None:
    there = visit()
    mood = next(group for group in there.app.button_group if group.label == there.t("entry.mood"))
    mood.set_value("happiness").run()
    there.press_key("save_new")
    assert entries.count(there.session) == 1
    assert not has_tour(there)


def test_whoever_has_a_diary_already_is_not_shown_round(visit: Callable[..., Visit]) -> None:
    there = visit("pages/settings.py")
    day = days.today("Asia/Seoul")
    entries.add(there.session, NewEntry(mood="neutral", intensity=3, day=day, timezone="Asia/Seoul"))
    there.app.switch_page("pages/today.py").run()
    assert not has_tour(there)
    for entry in entries.every(there.session):
        entries.delete(there.session, entry.id)
    assert not has_tour(Visit(there.session, "pages/today.py"))


def test_an_empty_diary_says_on_every_page_what_will_be_there(visit: Callable[..., Visit]) -> None:
    there = visit()
    pages = ("days", "history", "year", "find")
    for page in pages:
        there.app.switch_page(f"pages/{page}.py").run()
        there.expect_calm()
        assert there.says(there.t(f"{page}.empty")), page
    there.app.switch_page("pages/report.py").run()
    assert there.says(there.t("report.nothing_yet"))
