"""Your data: a month on a page, everything to take along, a file to bring in, a reminder."""

from __future__ import annotations

import streamlit as st

from parts import notice
from parts.bringing import bring_in
from parts.reminder import remind
from parts.report import month_report
from parts.taking import take_along
from parts.visitor import t, visitor, zone

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
