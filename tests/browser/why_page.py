"""The page of why_app.py. Whoever imports it draws it, which loads the models."""

from __future__ import annotations

import streamlit as st

from components.entry.why import why
from components.recognisers import analyst
from components.visitor import current_language
from tests.browser.why_note import spoken_note
from understanding.analyst import Analysis
from web.diary_style import style_sheet


@st.cache_resource(show_spinner=False)
def analysis(language: str) -> Analysis:
    return analyst().analyse(spoken_note(language))


st.html(f"<style>{style_sheet()}</style>")
st.title("Why")
st.button("Rerun")
why(analysis(current_language()), "form")
