"""The tokens of a person's programs: what each may do, when it was used, and a button that ends it.

Also what these programs kept and what could not be added to the diary.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from components import notice
from components.account_links import account_link
from components.dates import short_date
from components.text import plain
from components.visitor import find_visitor, t, zone
from diary import api_tokens, inbox, inbox_damage
from diary.api_tokens import ListedToken
from diary.sessions import Session
from web.api_token_page import PATH

_DAYS_NAMED = 5


def token_list(session: Session) -> None:
    st.write(t("token.means"))
    for token in api_tokens.every(session):
        with st.container(border=True, key=f"token_{token.id}"):
            st.markdown(f"**{plain(token.name or t('token.damaged'))}**  \n{_facts(token)}")
            st.button(t("token.end"), key=f"end_token_{token.id}", on_click=_end, args=(token.id,))
    _left(session)
    account_link(PATH, t("token.new"))


def _left(session: Session) -> None:
    """What waits although ui.py has just taken in all that can be; what does not open may be deleted."""
    left = inbox.count(session.account_id)
    if not left:
        return
    lost = inbox_damage.unopenable(session)
    if lost.ids:
        first = [short_date(day) for day in lost.days[:_DAYS_NAMED]]
        days = ", ".join(first) + (" …" if len(lost.days) > len(first) else "")
        sentences = [t("token.unopenable", count=len(lost.ids), days=days)]
        sentences += [t("token.unopenable_key")] if lost.key_is_damaged else []
        st.warning(" ".join(sentences))
        st.button(t("token.unopenable_delete"), key="delete_unopenable", on_click=_delete_unopenable)
    if waiting := left - len(lost.ids):
        st.warning(t("token.waits", count=waiting))


def _delete_unopenable() -> None:
    notice.delete(inbox_damage.delete, t("token.unopenable_deleted"))


def _facts(token: ListedToken) -> str:
    scopes = ", ".join(t(f"token.scope_{scope}") for scope in token.scopes)
    may = t("token.may_do", scopes=scopes) if scopes else ""
    until = t("token.over" if token.is_over else "token.valid", day=_day(token.expires_at))
    used = t("token.used", day=_day(token.last_used_at)) if token.last_used_at else t("token.unused")
    return plain(" ".join(part for part in (may, until, used) if part))


def _day(moment: datetime) -> str:
    return short_date(moment.astimezone(ZoneInfo(zone())).date())


def _end(token_id: str) -> None:
    session = find_visitor()  # a callback runs without ui.py
    with notice.showing_errors():
        api_tokens.revoke(session, token_id)
        notice.show_after_rerun(t("token.ended"))
