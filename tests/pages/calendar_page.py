"""What tests read from the calendar, and how they fill the diary before a page opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from diary import days
from tests.pages.conftest import Visit

ZONE = "Asia/Seoul"
TODAY = days.today(ZONE)


def visit_with(visit: Callable[..., Visit], page: str, fill: Callable, **how: str) -> Visit:
    """Fills the diary before the page is opened."""
    there = visit("pages/help.py", **how)
    fill(there.session)
    there.app.switch_page(page).run()
    there.expect_calm()
    return there


def month_data(there: Visit) -> dict:
    (data,) = there.components("weekdays")
    return data


def square(there: Visit, day: date) -> dict:
    """What the calendar shows of a day."""
    return next(cell for cell in month_data(there)["days"] if cell["day"] == day.isoformat())


def address(there: Visit) -> dict[str, str]:
    """AppTest gives a value alone or as the only one of a list, depending on who set it."""
    return {name: value if isinstance(value, str) else value[0] for name, value in there.app.query_params.items()}


def label(there: Visit, day: date) -> str:
    return square(there, day)["label"]


def month_back(months: int) -> date:
    """The first of an earlier month."""
    first = TODAY.replace(day=1)
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    return first
