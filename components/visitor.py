"""The person whose browser runs this page, with their language and time zone.

`ui.py` looks the session up at the start of each run, because it may have ended since the browser connected. It is held
for that run only: it contains the diary's key, which must not stay in memory while a tab is idle.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

import links
from components import state
from diary import accounts, days, errors, sessions
from diary.sessions import Session
from language import preferred, say
from web import cookies
from web.sign_in import LOCKED, SIGN_IN


@dataclass(frozen=True)
class _Visitor:
    session: Session
    zone: str


_visitor: ContextVar[_Visitor | None] = ContextVar("visitor", default=None)


def sign_in_script() -> str:
    """An inline script: app.py adds it to the page's policy."""
    return f"window.location.replace({links.to(SIGN_IN)!r})"


def locked_script() -> str:
    """Another one, which leads to the page that opens Haru again, and from there back to this one."""
    here = "encodeURIComponent(location.pathname.slice(haruBase.length))"
    # A page that is covered leads there itself, once what was typed is sent (assets/frame/lock.js).
    is_covered = "document.documentElement.classList.contains('haru-locked')"
    return f"{is_covered} || window.location.replace({links.to(LOCKED)!r} + '?next=' + {here})"


def session_cookie() -> object:
    """The cookie from the websocket's handshake, unchecked: `sessions.find` checks it."""
    return st.context.cookies.get(cookies.SESSION)


def find_visitor() -> Session:
    """Finds the session of the signed-in person; without an open one, redirects to the page for it and ends the run.

    Callbacks and fragments run without `ui.py`, so they must call this themselves.
    """
    try:
        session = sessions.find(session_cookie())
    except errors.AccountLocked as error:
        send_to_sign_in(sentence(error))  # its page says the same, and how to go on
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


def with_visitor(act: Callable[..., object], *values: object) -> None:
    """For a button whose callback needs the session: Streamlit holds a callback's arguments while the tab is idle."""
    act(find_visitor(), *values)


def visitor() -> Session:
    """The session of this run, without another lookup."""
    return _this_run().session


def zone() -> str:
    """The time zone that this person is in now."""
    return _this_run().zone


def t(key: str, **values: object) -> str:
    """The text for a locale key, in the visitor's language."""
    return say(current_language(), key, **values)


def current_language() -> str:
    return state.LANGUAGE.get() or preferred(str(st.context.locale or ""))


def sentence(error: errors.DiaryError) -> str:
    return t(f"error.{error.code}", **error.facts)


def send_to_sign_in(why: str = "") -> NoReturn:
    """Clears the session state and ends the run. Leads to the sign-in page, or to that which opens a locked Haru."""
    _visitor.set(None)
    state.clear()
    is_locked = _is_locked()
    st.warning(why or t("connection.locked" if is_locked else "session.ended"))
    # A full page load, so that AuthMiddleware gets the browser's current cookies.
    st.html(f"<script>{locked_script() if is_locked else sign_in_script()}</script>", unsafe_allow_javascript=True)
    page, label = (LOCKED, "lock.open") if is_locked else (SIGN_IN, "session.sign_in_again")
    st.html(f'<a href="{links.to(page)}" target="_self">{t(label)}</a>')
    st.stop()


def _is_locked() -> bool:
    try:
        return sessions.find_locked(session_cookie()) is not None
    except errors.DiaryError:
        return False


def _this_run() -> _Visitor:
    found = _visitor.get()
    if found is None:
        raise RuntimeError("This run has no visitor yet: call find_visitor() first.")
    return found


def _current_zone(session: Session) -> str:
    """The browser's time zone, stored for the next browser that does not report one."""
    current = days.known_zone(st.context.timezone, session.timezone)
    if current != session.timezone:
        with suppress(errors.DatabaseError):  # the page must open even if the time zone cannot be stored
            accounts.set_timezone(session, current)
    return current
