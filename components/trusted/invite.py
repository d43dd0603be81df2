"""Invites somebody to see that one is well: their name, one's own name for them, what they see, and the code."""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st

from components import notice, state
from components.public_address import public_address
from components.visitor import find_visitor, sentence, t
from diary import errors, names, trusted
from diary.sessions import Session

_THEIRS, _OWN, _SHOWS = "trusted_their_name", "trusted_own_name", "trusted_shows_new"
PATH = "/trusted"


def invite_form(session: Session) -> None:
    st.subheader(t("trusted.invite"), anchor=False)
    if code := state.TRUSTED_CODE.get():
        _show(code)
        return
    st.write(t("trusted.invite_means"))
    shown = {shows: t(f"trusted.shows_{shows}") for shows in trusted.SHOWS}
    with st.form(key="trusted_invite", border=False):
        st.text_input(t("trusted.their_name"), key=_THEIRS, max_chars=names.NAME_MAX)
        st.text_input(t("trusted.own_name"), value=session.name, key=_OWN, max_chars=names.NAME_MAX)
        st.segmented_control(
            t("trusted.shows"),
            list(shown),
            default=trusted.KEPT,
            required=True,
            format_func=shown.__getitem__,
            key=_SHOWS,
        )
        st.form_submit_button(t("trusted.make_code"), on_click=_invite)


def _show(code: str) -> None:
    st.write(t("trusted.code_means", days=trusted.CODE_LIFETIME.days))
    st.code(code, language=None)
    if address := public_address():
        st.write(t("trusted.or_link"))
        link = f"{address}{PATH}?code={quote(code)}"
        st.code(link, language=None)
    st.button(t("trusted.noted"), key="trusted_noted", on_click=state.TRUSTED_CODE.set, args=(None,))


def _invite() -> None:
    session = find_visitor()  # a callback runs without ui.py
    try:
        state.TRUSTED_CODE.set(
            trusted.invite(
                session,
                st.session_state[_THEIRS] or "",
                st.session_state[_OWN] or "",
                st.session_state[_SHOWS] or trusted.KEPT,
            )
        )
    except errors.NameUnusable:
        notice.show_after_rerun(t("trusted.name_unusable", most=names.NAME_MAX), until_closed=True)
    except errors.DiaryError as error:
        notice.show_after_rerun(sentence(error), until_closed=True)
