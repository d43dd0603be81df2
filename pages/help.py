"""Get help: first a person nearby, then crisis lines. Every page links here; no pop-up ever does."""

from __future__ import annotations

import streamlit as st

from components.visitor import current_language, t
from diary import help_lines

st.title(t("help.title"), anchor=False)
st.info(t("help.someone_near"), icon=":material/diversity_1:")
st.header(t("help.or_call"), anchor=False)
for line in help_lines.nearest_first(current_language()):
    with st.container(border=True, gap=None):
        st.subheader(f"[{line.number}](tel:{line.number.replace('-', '')})", anchor=False)
        st.write(t(f"help.{line.key}"))
st.write(t("help.emergency"))
st.header(t("help.to_take_along"), anchor=False)
st.write(t("help.report_means"))
st.page_link(page="pages/data.py", label=t("help.to_report"), icon=":material/description:")
st.caption(t("help.not_a_doctor"))
