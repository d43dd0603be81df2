"""The year in pixels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from language import say
from tests.diary.histories import keep
from tests.pages.calendar_page import TODAY, visit_with
from tests.pages.conftest import Visit


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_year_holds_every_day_until_today(visit: Callable[..., Visit], language: str) -> None:
    day = date(TODAY.year - 1, 2, 28)

    def fill(person) -> None:
        keep(person, day.isoformat(), "anger", at="10:00")
        keep(person, day.isoformat(), "sadness", at="20:00")

    there = visit_with(visit, "pages/year.py", fill, language=language)
    months = year_data(there)["months"]
    assert sum(len(month["days"]) for month in months) == TODAY.timetuple().tm_yday
    there.press_key("year_earlier")
    months = year_data(there)["months"]
    assert sum(len(month["days"]) for month in months) == date(TODAY.year - 1, 12, 31).timetuple().tm_yday
    cell = months[1]["days"][27]
    assert (cell["day"], cell["face"], cell["count"]) == (day.isoformat(), "\ue6a6", 2)
    assert "colour" not in months[1]["days"][26]
    assert there.says(say(language, "calendar.counted", days=1, counts="")[:8])


def year_data(there: Visit) -> dict:
    (data,) = there.components("months")
    return data
