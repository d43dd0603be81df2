"""The browsers that are signed in, each with when it was seen last and a button that signs it out."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from components import notice
from components.dates import clock_label, day_label, short_date
from components.visitor import find_visitor, t
from diary import days, signed_in_browsers
from diary.sessions import Session
from web import streamlit_private, user_agent


def browsers_section(session: Session, zone: str) -> None:
    found = signed_in_browsers.browsers(session)
    st.write(t("settings.signed_in", count=len(found)))
    with st.container(key="signed_in", gap="small"):
        for browser in found:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                with st.container(gap=None):
                    st.write(f"**{_name(browser)}**")
                    st.caption(_facts(browser, zone))
                if not browser.is_this:
                    st.button(t("browsers.end"), key=f"end_browser_{browser.id}", on_click=_end, args=(browser.id,))


def _name(browser: signed_in_browsers.Browser) -> str:
    names = [user_agent.NAMES[key] for key in (browser.browser, browser.system) if key in user_agent.NAMES]
    return (
        t("browsers.two", browser=names[0], system=names[1])
        if len(names) == 2
        else "".join(names) or t("browsers.other")
    )


def _facts(browser: signed_in_browsers.Browser, zone: str) -> str:
    since = short_date(browser.signed_in_at.astimezone(ZoneInfo(zone)).date())
    if browser.is_this:
        return t("browsers.this", since=since)
    facts = t("browsers.seen", since=since, seen=_when(browser.seen_at, zone))
    return f"{facts} {t('browsers.locked')}" if browser.is_locked else facts


def _when(moment: datetime, zone: str) -> str:
    """The time of today, or the day."""
    local = moment.astimezone(ZoneInfo(zone))
    return clock_label(local) if local.date() == days.today(zone) else day_label(local.date())


def _end(browser_id: str) -> None:
    session = find_visitor()  # a callback runs without ui.py
    with notice.showing_errors():
        ended = signed_in_browsers.end(session, browser_id)
        if ended is not None:
            streamlit_private.close_tabs_of(ended)
        notice.show_after_rerun(t("browsers.ended"))
