"""Your data: a month on a page, everything to take along, a file to bring in, a reminder."""

from __future__ import annotations

import streamlit as st

from components import notice
from components.data.export import take_along
from components.data.import_ import bring_in
from components.data.reminder import remind
from components.data.report import month_report
from components.visitor import t, visitor, zone

person = visitor()
here = zone(person)

st.title(t("data.title"), anchor=False)
notice.show()
report, taking, bringing, reminder = st.tabs(
    [t("data.report"), t("data.taking"), t("data.bringing"), t("data.reminder")]
)
with report:
    month_report(person, here)
with taking:
    take_along(person, here)
with bringing:
    bring_in(person, here)
with reminder:
    remind(person, here)
