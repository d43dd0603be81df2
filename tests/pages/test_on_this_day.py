"""On this day: only for those who want it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from diary import on_this_day
from tests.diary.histories import keep
from tests.pages.calendar_page import TODAY, visit_with
from tests.pages.conftest import Visit


def test_on_this_day_only_for_those_who_want_it(visit: Callable[..., Visit]) -> None:
    day, years = next(pair for pair in on_this_day.same_days(TODAY, date(2020, 1, 1)) if pair[1] == 1)

    there = visit_with(visit, "pages/today.py", lambda person: keep(person, day.isoformat(), note="a year ago today"))
    assert not there.says("a year ago today")
    there.app.switch_page("pages/settings.py").run()
    there.app.toggle(key="choose_on_this_day").set_value(True).run()
    there.app.switch_page("pages/today.py").run()
    there.expect_calm()
    assert there.says("a year ago today")
    assert there.says(there.t("memory.title"))
    assert years == 1
