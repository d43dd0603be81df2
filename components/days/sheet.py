"""The open day in a narrow window: a panel over the calendar, with the focus in it (assets/days/sheet.js)."""

from __future__ import annotations

import time

from streamlit.components.v2 import component

import settings
from components.days.address import Shown

_SCRIPT = component(
    "haru_day_sheet",
    html="<span\nhidden></span>",
    js=(settings.ASSETS / "days" / "sheet.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def day_sheet(shown: Shown) -> None:
    """Draws nothing itself. Call it in each run, right after the day's container: it must see the day open and close.

    Inside the container, whose content changes, Streamlit may lose the script's connection to its data.
    """
    day = shown.day.isoformat() if shown.day and shown.is_chosen else None
    # The number calls the script in each run. Else it misses a day that closed and opened again, where the click that
    # opened it ended the run that had closed it.
    _SCRIPT(key="day_sheet", data={"day": day, "run": time.monotonic_ns()})
