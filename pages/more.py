"""More: links to the pages that have no place in a phone's row, and what a person changes most often."""

from __future__ import annotations

import streamlit as st

from components.account_links import sign_out_form
from components.app_lock import lock_button
from components.theme import theme_choice
from components.visitor import t
from demo import state

# Each with the locale key of its name.
LINKS = (
    ("pages/settings.py", "nav.settings", ":material/settings:"),
    ("pages/data.py", "nav.data", ":material/inventory_2:"),
    ("pages/report.py", "report.page", ":material/summarize:"),
    ("pages/trackers.py", "nav.trackers", ":material/checklist:"),
    ("pages/trusted.py", "trusted.title", ":material/diversity_1:"),
    ("pages/find.py", "days.find_view", ":material/search:"),
    ("pages/models.py", "nav.models", ":material/science:"),
    ("pages/help.py", "nav.help", ":material/favorite:"),
)

st.title(t("nav.more"), anchor=False)
with st.container(key="more_links", gap=None):
    for page, name, icon in LINKS:
        st.page_link(page, label=t(name), icon=icon, width="stretch")
theme_choice()
if not state.is_on():  # nobody knows a password of the demo's diary
    lock_button()
sign_out_form(t("settings.sign_out"))
