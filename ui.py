"""What Streamlit runs for one visitor: who is it, which language, which page."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import streamlit as st

from components import page_cache
from components.demo import banner
from components.entry import form_fields, saved_draft
from components.header import page_links
from components.layout import dress
from components.visitor import sentence, show_the_door, t, visitor
from diary.errors import DiaryError, SessionEnded

log = logging.getLogger("haru.ui")

FAVICON = Path(__file__).parent / "assets" / "images" / "favicon.png"

form_fields.collect()  # before all else: at the next word to Streamlit, a newer request may end this run
st.set_page_config(page_icon=FAVICON, layout="centered")
person = visitor()
dress()

in_the_row = [
    st.Page("pages/today.py", title=t("nav.today"), icon=":material/edit_note:", default=True),
    st.Page("pages/days.py", title=t("nav.days"), icon=":material/calendar_month:"),
    st.Page("pages/history.py", title=t("nav.history"), icon=":material/insights:"),
    st.Page("pages/music.py", title=t("nav.music"), icon=":material/music_note:"),
    st.Page("pages/settings.py", title=t("nav.settings"), icon=":material/settings:"),
    st.Page("pages/help.py", title=t("nav.help"), icon=":material/favorite:"),
]
# Reached from a page of the row.
behind = [
    st.Page("pages/year.py", title=t("days.year_view")),
    st.Page("pages/find.py", title=t("days.find_view")),
    st.Page("pages/data.py", title=t("nav.data")),
    st.Page("pages/models.py", title=t("nav.models")),
]
page = st.navigation(in_the_row + behind, position="hidden")
banner.banner()
page_links(in_the_row, page)
page_cache.begin(page.url_path)
try:
    saved_draft.save_fields(person)
    page.run()
    form_fields.end()
except SessionEnded:  # in another tab, since this page began
    show_the_door()
except DiaryError as error:
    st.error(sentence(error))
except Exception as error:
    # The message of an unforeseen error may hold what a person wrote: the log gets its kind and its place only.
    place = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    log.error("a page failed: %s\n%s", type(error).__name__, place)
    st.error(t("error.unexpected"))
