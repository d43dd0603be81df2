"""The app lock in the settings: after how many minutes, the PIN of this browser, and *Lock now*."""

from __future__ import annotations

import streamlit as st

from components import notice
from components.account_links import account_link
from components.app_lock import lock_button
from components.visitor import t
from diary import app_lock, idle
from diary.sessions import Session
from web import lock


def app_lock_section(session: Session) -> None:
    st.header(t("lock.title"), anchor=False)
    st.write(t("lock.means"))
    current = app_lock.AFTER.of(session)
    names = {minutes: t(f"lock.after_{minutes}") for minutes in idle.MINUTES}
    chosen = st.segmented_control(
        t("lock.after"), list(names), default=current, required=True, format_func=names.__getitem__, key="lock_after"
    )
    if chosen != current and chosen in names:
        app_lock.choose_minutes(session, chosen)
        notice.show_after_rerun(t("settings.consent_saved"))
        st.rerun()
    st.caption(t("lock.after_means"))
    has_pin = app_lock.has_pin(session)
    st.write(t("lock.pin_there" if has_pin else "lock.pin_none"))
    account_link(lock.PIN, t("lock.change_pin" if has_pin else "lock.set_pin"))
    lock_button()
