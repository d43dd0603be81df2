"""Your data: export, import of diaries and voice memos, a reminder, and all kept recordings written down."""

from __future__ import annotations

import streamlit as st

from components.data.export import export_section
from components.data.import_ import import_section
from components.data.ledger import that_all_matches, what_differs
from components.data.reminder import reminder_section
from components.data.voice_memos import voice_memos_section
from components.data.write_down import write_down_section
from components.visitor import t, visitor, zone
from diary import media

person = visitor()
timezone = zone()

st.title(t("data.title"), anchor=False)
what_differs(person)
st.page_link("pages/report.py", label=t("report.page"), icon=":material/summarize:")
names = [t("data.export"), t("data.import"), t("data.reminder")]
if has_recordings := media.has_any(person, "sound"):
    names.append(t("data.write_down"))
export, import_, reminder, *further = st.tabs(names)
with export:
    export_section(person, timezone)
with import_:
    import_section(person, timezone)
    st.divider()
    voice_memos_section(person, timezone)
with reminder:
    reminder_section(person, timezone)
if has_recordings:
    with further[0]:
        write_down_section(person)
that_all_matches(person)
