"""What others let this person see, and the code by which this person accepts it."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from components import notice, state
from components.dates import weekday_names
from components.moods import mood_word
from components.text import plain
from components.trusted.allowed import end
from components.visitor import find_visitor, sentence, t
from diary import errors, names, trusted
from diary.sessions import Session
from emotions import BY_KEY
from reminders import addresses, mail, trusted_mail

_CODE, _NAME = "trusted_code", "trusted_name_for_them"


def seen_list(session: Session) -> None:
    found = trusted.seen(session)
    can_mail = mail.is_on() and addresses.MAIL in addresses.confirmed_kinds(session.account_id)
    if not found:
        st.write(t("trusted.sees_nobody"))
    for one in found:
        with st.container(border=True, key=f"seen_{one.id}"):
            st.write(plain(trusted_mail.sentence(one, session.language)))
            if one.moods:
                st.html(_week(one.moods))
            if can_mail:
                st.toggle(
                    t("trusted.by_mail"),
                    value=one.is_mailed,
                    key=f"seen_mail_{one.id}",
                    on_change=_choose_mail,
                    args=(one.id,),
                )
            st.button(t("trusted.look_no_more"), key=f"seen_end_{one.id}", on_click=end, args=(one.id,))
    if found:
        st.caption(t("trusted.says_little"))


def _week(moods: tuple[tuple[date, str | None], ...]) -> str:
    """HTML: a square a day with the mood's colour and face; a screen reader reads the words."""
    days = "".join(_square(day, mood) for day, mood in moods)
    return f'<ol class="haru-week" aria-label="{escape(t("trusted.last_days"))}">{days}</ol>'


def _square(day: date, mood: str | None) -> str:
    weekday = escape(weekday_names(0)[day.weekday()])
    if mood is None:
        return f"<li><i></i><span>{weekday}</span></li>"
    emotion = BY_KEY[mood]
    word = escape(mood_word(mood))
    return (
        f'<li title="{word}"><i style="--mood:{emotion.colour}" role="img" aria-label="{word}">{emotion.face}</i>'
        f"<span>{weekday}</span></li>"
    )


def _choose_mail(trusted_id: str) -> None:
    session = find_visitor()  # a callback runs without ui.py
    with notice.showing_errors():
        trusted.choose_mail(session, trusted_id, st.session_state[f"seen_mail_{trusted_id}"])


def accept_form(session: Session) -> None:
    st.subheader(t("trusted.accept"), anchor=False)
    offered = state.TRUSTED_OFFER.get()
    if offered is None:
        with st.form(key="trusted_accept", border=False):
            st.text_input(t("trusted.code"), value=st.query_params.get("code", ""), key=_CODE, max_chars=100)
            st.form_submit_button(t("trusted.look_at_it"), on_click=_find)
        return
    _, invitation = offered
    st.write(
        plain(t(f"trusted.offers_{invitation.shows}", name=invitation.name)),
        plain(t("trusted.you_agree", name=invitation.name)),
    )
    with st.form(key="trusted_agree", border=False):
        st.text_input(
            t("trusted.name_for", name=plain(invitation.name)), value=session.name, key=_NAME, max_chars=names.NAME_MAX
        )
        with st.container(horizontal=True):
            st.form_submit_button(t("trusted.agree"), type="primary", on_click=_accept)
            st.form_submit_button(t("trusted.not_now"), on_click=state.TRUSTED_OFFER.set, args=(None,))


def _find() -> None:
    session = find_visitor()  # a callback runs without ui.py
    code = st.session_state[_CODE] or ""
    try:
        state.TRUSTED_OFFER.set((code, trusted.find_invitation(session, code)))
    except errors.CodeWrong:
        notice.show_after_rerun(t("trusted.code_wrong"), until_closed=True)
    except errors.DiaryError as error:
        notice.show_after_rerun(sentence(error), until_closed=True)


def _accept() -> None:
    session = find_visitor()
    offered = state.TRUSTED_OFFER.get()
    if offered is None:
        return
    try:
        trusted.accept(session, offered[0], st.session_state[_NAME] or "")
    except errors.NameUnusable:
        notice.show_after_rerun(t("trusted.name_unusable", most=names.NAME_MAX), until_closed=True)
        return
    except errors.CodeWrong:
        notice.show_after_rerun(t("trusted.code_wrong"), until_closed=True)
    except errors.DiaryError as error:
        notice.show_after_rerun(sentence(error), until_closed=True)
        return
    else:
        notice.show_after_rerun(t("trusted.accepted"))
    state.TRUSTED_OFFER.pop()
    st.query_params.clear()
