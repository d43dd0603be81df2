"""Get help: someone near first, then numbers to call. Shown to whoever asks, pushed on no one."""

from __future__ import annotations

import streamlit as st

from diary import care
from parts.visitor import current_language, t, visitor

visitor()

st.title(t("help.title"))
st.info(t("help.someone_near"), icon=":material/diversity_1:")
st.header(t("help.or_call"))
for line in care.nearest_first(current_language()):
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"### [{line.number}](tel:{line.number.replace('-', '')})", width="content")
        st.write(t(f"help.{line.key}"))
st.write(t("help.emergency"))
st.caption(t("help.not_a_doctor"))
