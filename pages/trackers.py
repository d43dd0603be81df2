"""Trackers: what a person counts besides moods. Adds, renames, orders and deletes them."""

from __future__ import annotations

import streamlit as st

from components.settings.trackers import add_tracker, tracker_list
from components.visitor import t, visitor

person = visitor()

st.title(t("tracker.title"), anchor=False)
st.write(t("tracker.means"))
tracker_list(person)
add_tracker(person)
st.page_link("pages/today.py", label=t("tracker.to_today"), icon=":material/edit_note:")
