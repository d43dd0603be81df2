"""The button that prints the page that the report shows (assets/report/print.js)."""

from __future__ import annotations

from streamlit.components.v2 import component

import settings
from components.visitor import t

_FOLDER = settings.ASSETS / "report"
_BUTTON = component(
    "haru_print",
    html="<button type='button' class='haru-button'></button>",
    js=(_FOLDER / "print.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def print_button() -> None:
    _BUTTON(key="report_print", data={"label": t("report.print")})
