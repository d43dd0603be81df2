"""Who sees that this person is well: what, since when, when they looked last, and a button that ends it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from components import notice
from components.dates import short_date
from components.text import plain
from components.visitor import find_visitor, t
from diary import trusted
from diary.sessions import Session


def allowed_list(session: Session, zone: str) -> None:
    found = trusted.allowed(session)
    if not found:
        st.write(t("trusted.nobody"))
    for one in found:
        with st.container(border=True, key=f"trusted_{one.id}"):
            st.markdown(f"**{plain(one.name or t('trusted.nameless'))}**  \n{_facts(one, zone)}")
            if one.since is not None:
                shown = {shows: t(f"trusted.shows_{shows}") for shows in trusted.SHOWS}
                st.segmented_control(
                    t("trusted.shows"),
                    list(shown),
                    default=one.shows,
                    required=True,
                    format_func=shown.__getitem__,
                    key=f"trusted_shows_{one.id}",
                    on_change=_choose,
                    args=(one.id,),
                )
            st.button(
                t("trusted.end" if one.since else "trusted.take_back"),
                key=f"trusted_end_{one.id}",
                on_click=end,
                args=(one.id,),
            )


def _facts(one: trusted.Allowed, zone: str) -> str:
    if one.since is None:
        return plain(t("trusted.invited", day=_day(one.invited_until, zone)))
    looked = t("trusted.looked", day=_day(one.looked_at, zone)) if one.looked_at else t("trusted.not_looked")
    by_mail = f" {t('trusted.also_mailed')}" if one.is_mailed else ""
    return plain(f"{t('trusted.since', day=_day(one.since, zone))} {looked}{by_mail}")


def _day(moment: datetime, zone: str) -> str:
    return short_date(moment.astimezone(ZoneInfo(zone)).date())


def _choose(trusted_id: str) -> None:
    session = find_visitor()  # a callback runs without ui.py
    with notice.showing_errors():
        trusted.choose(session, trusted_id, st.session_state[f"trusted_shows_{trusted_id}"])


def end(trusted_id: str) -> None:
    """Ends it for both. For the callback of a button."""
    session = find_visitor()
    with notice.showing_errors():
        trusted.end(session, trusted_id)
        notice.show_after_rerun(t("trusted.ended"))
