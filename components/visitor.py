"""The person whose browser runs this page, with their language and time zone.

`ui.py` finds them once at the start of each run, because a session may have ended since the browser connected. They are
held for that run only: a session carries the key of the diary, which must not lie in memory while a tab is idle.
"""

from __future__ import annotations

from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from components import state
from diary import accounts, days, errors, sessions
from diary.sessions import Session
from language import preferred, say
from web import cookies
from web.sign_in import SIGN_IN

SIGN_IN_SCRIPT = f"window.location.replace({SIGN_IN!r})"
"""A script in the page; app.py lets it run."""


@dataclass(frozen=True)
class _Visitor:
    session: Session
    zone: str


_visitor: ContextVar[_Visitor | None] = ContextVar("visitor", default=None)


def session_cookie() -> object:
    """What the browser sent at the websocket's handshake; `sessions.find` trusts none of it."""
    return st.context.cookies.get(cookies.SESSION)


def find_visitor() -> Session:
    """Looks up who is signed in; sends anybody else to the sign-in page and ends the run.

    Callbacks and fragments run without `ui.py`: they call this themselves.
    """
    try:
        session = sessions.find(session_cookie())
    except errors.DiaryError as error:
        st.error(sentence(error))
        st.stop()
    if session is None:
        send_to_sign_in()
    if state.ACCOUNT_ID.get() not in (None, session.account_id):
        # A reconnected websocket may bring another person's cookie to this browser session.
        state.clear()
    state.ACCOUNT_ID.set(session.account_id)
    state.LANGUAGE.set(session.language)
    try:
        _visitor.set(_Visitor(session, _current_zone(session)))
    except errors.SessionEnded:  # in another tab, just now
        send_to_sign_in()
    return session


def visitor() -> Session:
    """The person of this run, without another lookup."""
    return _this_run().session


def zone() -> str:
    """The time zone that this person is in now."""
    return _this_run().zone


def t(key: str, **values: object) -> str:
    """The sentence behind `key`, in the visitor's language."""
    return say(current_language(), key, **values)


def current_language() -> str:
    return state.LANGUAGE.get() or preferred(str(st.context.locale or ""))


def sentence(error: errors.DiaryError) -> str:
    return t(f"error.{error.code}", **error.facts)


def send_to_sign_in() -> NoReturn:
    """Forgets this person, leads the browser to the sign-in page and ends the run."""
    _visitor.set(None)
    state.clear()
    st.warning(t("session.ended"))
    # A full page load, so that the gate sees the browser's present cookies.
    st.html(f"<script>{SIGN_IN_SCRIPT}</script>", unsafe_allow_javascript=True)
    st.html(f'<a href="{SIGN_IN}" target="_self">{t("session.sign_in_again")}</a>')
    st.stop()


def _this_run() -> _Visitor:
    found = _visitor.get()
    if found is None:
        raise RuntimeError("nobody was found in this run; call find_visitor() first")
    return found


def _current_zone(session: Session) -> str:
    """The browser's time zone, remembered for a browser that does not say."""
    here = days.known_zone(st.context.timezone, session.timezone)
    if here != session.timezone:
        with suppress(errors.DatabaseError):  # remembering it is a convenience; reading the diary must go on
            accounts.set_timezone(session, here)
    return here
