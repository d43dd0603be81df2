"""The section on sign-in by the organisation's provider, where the operator has set one up."""

from __future__ import annotations

import streamlit as st

from components.account_links import account_link
from components.visitor import t
from diary import identities
from diary.sessions import Session
from web.oidc.name import provider_name
from web.oidc.pages import PAGE


def identity_section(session: Session) -> None:
    provider = provider_name()
    if not provider:
        return
    st.header(t("oidc.title", provider=provider), anchor=False)
    st.write(t("oidc.means", provider=provider))
    is_linked = identities.linked_since(session) is not None
    account_link(PAGE, t("oidc.manage") if is_linked else t("oidc.link", provider=provider))
