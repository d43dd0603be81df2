"""The strip on every page of the demo: that it is one, the step of its route, the theme, and a reset.

A real diary shows none of it.
"""

from __future__ import annotations

from html import escape

import streamlit as st
from streamlit.components.v2 import component

import settings
from components.account_links import post_button
from components.demo.route import ROUTE, Step, current, step_link
from components.visitor import t
from demo import state
from web import cookies
from web.demo import RESET

_STRIP = component(
    "haru_demo_strip",
    html="<button type='button'></button>",
    js=(settings.ASSETS / "demo" / "strip.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # its styles are in assets/style/stage.css
)


def banner() -> None:
    """Draws the strip, with links to the step before and to the next one."""
    if not state.is_on():
        return
    number = current()
    step = ROUTE[number]
    with st.container(horizontal=True, key="stage", vertical_alignment="center", gap=None):
        step_link(number - 1, t("demo.back"), "step_back")
        st.html(
            f'<p class="haru-strip"><small>{escape(t("demo.banner"))}</small><span>{number + 1}/{len(ROUTE)}</span>'
            f"<b>{escape(t(f'demo.step_{step.name}'))}</b><em>{escape(_what_to_do(step))}</em></p>",
            width="stretch",
        )
        step_link(number + 1, t("demo.next"), "step_next")
        with st.container(key="route_open_place", width="content"):
            if st.button("?", key="route_open", help=t("demo.route")):
                st.dialog(t("demo.route"), width="medium")(_route)()
        _theme_and_keys(number)
        with st.container(key="stage_reset", width="content"):
            post_button(RESET, t("demo.reset"))


def _theme_and_keys(number: int) -> None:
    """A button that changes the theme; its script also answers the keys ?, ← and →, and stores the step."""
    with st.container(key="stage_theme", width="content"):
        _STRIP(
            key="stage_script",
            data={
                "label": t("settings.theme"),
                "themes": {theme: t(f"settings.theme_{theme}") for theme in (*cookies.THEMES, "system")},
                "cookie": cookies.DEMO_STEP,
                "step": number + 1,
            },
            width="content",
        )


def _what_to_do(step: Step) -> str:
    return t(f"demo.step_{step.name}_do", analyse=t("analyse.button"), why=t("verdict.why"))


def _route() -> None:
    labels = {"analyse": t("analyse.button"), "why": t("verdict.why")}
    with st.container(key="route"):
        for number, step in enumerate(ROUTE):
            title, means = t(f"demo.step_{step.name}"), t(f"demo.step_{step.name}_means", **labels)
            st.html(
                f'<section class="haru-step"><span aria-hidden="true">{number + 1}</span>'
                f"<div><h3>{escape(title)}</h3><p>{escape(means)}</p></div></section>"
            )
            step_link(number, t(step.page_name), icon=":material/arrow_forward:")
        st.info(t("demo.without"), icon=":material/mic_off:")
        st.caption(t("demo.password", password=state.PASSWORD))
        st.caption(t("demo.route_means"))
