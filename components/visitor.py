"""Who is looking at this page, and in which language and time zone.

Asked anew on every run, because a session may have ended since the websocket was opened; whoever is
nobody is shown the door and the run stops.
"""

from __future__ import annotations

from contextlib import suppress
from typing import NoReturn

import streamlit as st

from diary import accounts, days, errors, sessions
from diary.sessions import Session
from language import preferred, say
from web import cookies
from web.sign_in import SIGN_IN

_ACCOUNT, _LANGUAGE = "account_id", "language"
TO_THE_DOOR = f"window.location.replace({SIGN_IN!r})"
"""A script in the page; app.py lets it run."""


def session_cookie() -> object:
    """What the browser sent at the websocket's handshake; `sessions.find` trusts none of it."""
    return st.context.cookies.get(cookies.SESSION)


def visitor() -> Session:
    """The person in front of this page; does not return for anyone else."""
    try:
        session = sessions.find(session_cookie())
    except errors.DiaryError as error:
        st.error(sentence(error))
        st.stop()
    if session is None:
        show_the_door()
    if st.session_state.get(_ACCOUNT, session.account_id) != session.account_id:
        # A reconnected websocket may bring another person's cookie to this browser session.
        st.session_state.clear()
    st.session_state[_ACCOUNT] = session.account_id
    st.session_state[_LANGUAGE] = session.language
    return session


def zone(session: Session) -> str:
    """The time zone this person is in now, remembered for when a browser does not say."""
    here = days.known_zone(st.context.timezone, session.timezone)
    if here != session.timezone:
        with suppress(errors.DatabaseError):  # remembering it is a convenience; reading the diary must go on
            accounts.set_timezone(session, here)
    return here


def t(key: str, **values: object) -> str:
    """The sentence behind `key`, in the visitor's language."""
    return say(current_language(), key, **values)


def current_language() -> str:
    return st.session_state.get(_LANGUAGE) or preferred(str(st.context.locale or ""))


def sentence(error: errors.DiaryError) -> str:
    return t(f"error.{error.code}", **error.facts)


def show_the_door() -> NoReturn:
    """Whoever is signed out sees nothing more, and nothing of theirs stays in memory."""
    for key in list(st.session_state):
        del st.session_state[key]
    st.warning(t("session.ended"))
    # A full page load, so that the gate sees the browser's present cookies.
    st.html(f"<script>{TO_THE_DOOR}</script>", unsafe_allow_javascript=True)
    st.html(f'<a href="{SIGN_IN}" target="_self">{t("session.sign_in_again")}</a>')
    st.stop()
