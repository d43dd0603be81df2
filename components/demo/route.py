"""The steps of the demo's route: each has a page and, on some, the days that it shows there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from components import state
from components.report import link
from demo import state as demo
from demo import story
from diary.report import spans
from web import cookies

ADDRESS = "step"
"""The name in the page's address."""


@dataclass(frozen=True)
class Step:
    """One step; its texts are `demo.step_<name>` and its kin in the locales."""

    name: str
    page: str
    """The page's file in `pages/`."""
    page_name: str
    """The locale key of the page's name."""

    def address(self) -> Mapping[str, str]:
        """What the page's address says, so that the page opens the day or the month of the story."""
        passed = story.day_of(story.PASSED, demo.info().today)
        if self.page == "days":
            return {"day": passed.isoformat()}
        if self.page == "report":
            return {link.ADDRESS: spans.month(passed).address}
        return {}


ROUTE = (
    Step("record", "today", "nav.today"),
    Step("why", "today", "nav.today"),
    Step("correct", "today", "nav.today"),
    Step("calendar", "days", "nav.days"),
    Step("history", "history", "nav.history"),
    Step("report", "report", "report.page"),
    Step("music", "music", "nav.music"),
)


def current() -> int:
    """The number of the step in `ROUTE`: by the link that was pressed, or the session, or the cookie."""
    pressed = st.query_params.get(ADDRESS)
    if pressed is not None:
        # A link to the page that is open leaves its address as it is: the next run would go back to the step in it.
        del st.query_params[ADDRESS]
    for known in (pressed, state.ROUTE_STEP.get(), _stored_step()):
        if known in _NUMBERS:
            state.ROUTE_STEP.set(known)
            return _NUMBERS[known]
    return 0


def _stored_step() -> str | None:
    """The cookie, which the strip's script sets (assets/demo/strip.js)."""
    value = st.context.cookies.get(cookies.DEMO_STEP)
    return value if isinstance(value, str) else None


def step_link(number: int, label: str, key: str | None = None, icon: str | None = None) -> None:
    """A link to the page of a step, with its day; of the first step and the last one, one side leads nowhere."""
    exists = 0 <= number < len(ROUTE)
    step = ROUTE[min(max(number, 0), len(ROUTE) - 1)]
    with st.container(key=key, width="content"):
        st.page_link(
            f"pages/{step.page}.py",
            label=label,
            icon=icon,
            disabled=not exists,
            query_params={ADDRESS: str(number + 1), **step.address()},
        )


_NUMBERS = {str(number): number - 1 for number in range(1, len(ROUTE) + 1)}
