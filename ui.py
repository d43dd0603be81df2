"""The script that Streamlit runs for one visitor: it finds the person, draws the frame and runs the page."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import streamlit as st

from components import app_lock, notice, page_cache
from components.connection import connection_bar
from components.data.ledger import look_at_first_opening
from components.demo import banner
from components.entry import dictation, form_fields, saved_draft
from components.layout import PageLinks, page_links
from components.visitor import find_visitor, send_to_sign_in, sentence, t
from components.widget_words import widget_words
from diary import inbox
from diary.errors import DiaryError, SessionEnded
from web import request_ids, streamlit_private

log = logging.getLogger("haru.ui")

FAVICON = Path(__file__).parent / "assets" / "images" / "favicon.png"

number = request_ids.new()  # a page is drawn for a message of the websocket, which has none
request_ids.current.set(number)
form_fields.read_widgets()  # must come first: any later call of Streamlit may end this run
st.set_page_config(page_icon=FAVICON, layout="centered")
person = find_visitor()

links = PageLinks(
    always=[
        st.Page("pages/today.py", title=t("nav.today"), icon=":material/edit_note:", default=True),
        st.Page("pages/days.py", title=t("nav.days"), icon=":material/calendar_month:"),
        st.Page("pages/history.py", title=t("nav.history"), icon=":material/insights:"),
        st.Page("pages/music.py", title=t("nav.music"), icon=":material/music_note:"),
    ],
    wide=[
        st.Page("pages/data.py", title=t("nav.data"), icon=":material/inventory_2:"),
        st.Page("pages/settings.py", title=t("nav.settings"), icon=":material/settings:"),
    ],
    more=st.Page("pages/more.py", title=t("nav.more"), icon=":material/menu:"),
    help=st.Page("pages/help.py", title=t("nav.help")),
)
# Pages that one of these links to.
linked_pages = [
    st.Page("pages/year.py", title=t("days.year_view")),
    st.Page("pages/find.py", title=t("days.find_view")),
    st.Page("pages/report.py", title=t("report.page")),
    st.Page("pages/models.py", title=t("nav.models")),
    st.Page("pages/trackers.py", title=t("nav.trackers")),
    st.Page("pages/trusted.py", title=t("trusted.title")),
]
page = st.navigation([*links.always, *links.wide, links.more, links.help, *linked_pages], position="hidden")
banner.banner()
look_at_first_opening(person)
notice.bar()
connection_bar()
app_lock.watch_idle(person)
widget_words()
page_links(links, page)
page_cache.start_page(page.url_path)
try:
    inbox.take_in(person)
    dictation.write_into_notes()
    saved_draft.save_changes(person)
    page.run()
    form_fields.mark_as_drawn()
    streamlit_private.forget_unshown_uploads()
except streamlit_private.PageStopped:  # the page has no more to draw
    streamlit_private.forget_unshown_uploads()
    raise
except SessionEnded:  # in another tab, since this page began
    send_to_sign_in()
except DiaryError as error:
    st.error(sentence(error))
except Exception as error:
    # The message of an unexpected error may hold diary text: log only its type and its stack.
    stack = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    log.error("a page failed: %s\n%s", type(error).__name__, stack)
    st.error(f"{t('error.unexpected')} {t('unexpected.number', number=number)}")
