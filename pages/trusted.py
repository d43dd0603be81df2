"""Trusted people: who sees that this person is well, and of whom this person sees it."""

from __future__ import annotations

import streamlit as st

from components.trusted.allowed import allowed_list
from components.trusted.invite import invite_form
from components.trusted.seen import accept_form, seen_list
from components.visitor import t, visitor, zone

person = visitor()

st.title(t("trusted.title"), anchor=False)
st.write(t("trusted.means"))
st.header(t("trusted.who_sees"), anchor=False)
allowed_list(person, zone())
invite_form(person)
st.header(t("trusted.whom_i_see"), anchor=False)
seen_list(person)
accept_form(person)
st.page_link(page="pages/settings.py", label=t("sign_in.back_to_settings"), icon=":material/settings:")
