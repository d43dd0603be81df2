"""The section on passkeys: what they are, how many there are, and the page that lists them."""

from __future__ import annotations

import streamlit as st

from components.account_links import account_link
from components.visitor import t
from diary import passkeys
from diary.sessions import Session
from web.passkeys import PAGE


def passkeys_section(session: Session) -> None:
    st.header(t("passkey.title"), anchor=False)
    st.write(t("passkey.short"))
    number = passkeys.count(session.account_id)
    if number:
        st.write(t("passkey.number", count=number))
    account_link(PAGE, t("passkey.manage" if number else "passkey.add"))
