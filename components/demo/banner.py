"""The demo's banner and its five-minute route; a real diary shows neither."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.account_links import post_button
from components.visitor import t
from demo import state
from web.demo import RESET

# The steps of the route, each with the page that it links to, if any.
ROUTE = (("record", "today"), ("why", None), ("correct", None), ("calendar", "days"), ("music", "music"))

SHORTCUT_SCRIPT = """
if (!window.haruRoute) {
  window.haruRoute = true;
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest && event.target.closest("input, textarea, [contenteditable=true]");
    if (event.key === "?" && !typing) document.querySelector(".st-key-route_open button")?.click();
  });
}
"""
"""Opens the route on the key "?", except in a text field. An inline script: app.py adds it to the page's policy."""


def banner() -> None:
    """Shows, on every page of the demo, that it is a demo, with buttons for the route and for a reset."""
    if not state.is_on():
        return
    with st.container(horizontal=True, key="stage", vertical_alignment="center", gap="small"):
        st.html(f"<p>🎭 {escape(t('demo.banner'))}</p>", width="stretch")
        if st.button("?", key="route_open", help=t("demo.route")):
            st.dialog(t("demo.route"), width="medium")(_route)()
        post_button(RESET, t("demo.reset"))
    st.html(f"<script>{SHORTCUT_SCRIPT}</script>", unsafe_allow_javascript=True)


def _route() -> None:
    labels = {"analyse": t("analyse.button"), "why": t("verdict.why")}
    with st.container(key="route"):
        for number, (step, page) in enumerate(ROUTE, start=1):
            title, means = t(f"demo.step_{step}"), t(f"demo.step_{step}_means", **labels)
            st.html(
                f'<section class="haru-step"><span aria-hidden="true">{number}</span>'
                f"<div><h3>{escape(title)}</h3><p>{escape(means)}</p></div></section>"
            )
            if page:
                st.page_link(f"pages/{page}.py", label=t(f"nav.{page}"), icon=":material/arrow_forward:")
        st.info(t("demo.without"), icon=":material/mic_off:")
        st.caption(t("demo.password", password=state.PASSWORD))
        st.caption(t("demo.route_means"))
