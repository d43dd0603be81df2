"""The choice of a theme: light, dark, or as the system. The browser stores it (assets/frame/theme.js)."""

from __future__ import annotations

from streamlit.components.v2 import component

import settings
from components.visitor import t
from web import cookies

_CHOICE = component(
    "haru_theme",
    html="<fieldset class='haru-choice'><legend></legend><div></div><small></small></fieldset>",
    js=(settings.ASSETS / "frame" / "theme_choice.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # its styles are in assets/style/frame.css
)


def theme_choice() -> None:
    themes = {theme: t(f"settings.theme_{theme}") for theme in (*cookies.THEMES, "system")}
    _CHOICE(
        key="theme_choice", data={"label": t("settings.theme"), "means": t("settings.theme_means"), "themes": themes}
    )
