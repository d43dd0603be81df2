"""Your data: the report of a month, export, import, and a reminder."""

from __future__ import annotations

import streamlit as st

from components import notice
from components.data.export import export_section
from components.data.import_ import import_section
from components.data.reminder import reminder_section
from components.data.report import report_section
from components.visitor import t, visitor, zone

person = visitor()
timezone = zone()

st.title(t("data.title"), anchor=False)
notice.show()
report, export, import_, reminder = st.tabs([t("data.report"), t("data.export"), t("data.import"), t("data.reminder")])
with report:
    report_section(person, timezone)
with export:
    export_section(person, timezone)
with import_:
    import_section(person, timezone)
with reminder:
    reminder_section(person, timezone)
