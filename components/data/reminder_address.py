"""E-mail, or a channel of the operator, as a place for reminders: address, code, confirmation."""

from __future__ import annotations

import logging

import streamlit as st

import settings
from components import notice
from components.text import plain
from components.visitor import find_visitor, t
from diary import errors
from diary.sessions import Session
from reminders import addresses, channel, mail
from reminders.outcomes import NotSent, Rejected

log = logging.getLogger("haru.reminders")


def address_sections(session: Session) -> None:
    """A section for each of the two that the operator switched on."""
    if mail.is_on():
        _section(session, addresses.MAIL, t("reminder.mail"), t("reminder.mail_address"))
    if channel.is_on():
        label = settings.APPRISE_LABEL.get() or t("reminder.channel_address")
        _section(session, addresses.CHANNEL, t("reminder.channel"), label)


def _section(session: Session, kind: str, title: str, label: str) -> None:
    st.subheader(title, anchor=False)
    address = addresses.of(session, kind)
    if address is None:
        with st.form(key=f"reminder_{kind}", border=False):
            st.text_input(label, key=f"reminder_{kind}_address", max_chars=254)
            st.form_submit_button(t("reminder.send_code"), on_click=_propose, args=(kind,))
        st.caption(t("reminder.address_means"))
    elif not address.is_confirmed:
        st.write(t("reminder.code_sent", address=f"**{plain(address.text)}**"))
        with st.form(key=f"reminder_{kind}_confirm", border=False):
            st.text_input(t("reminder.code"), key=f"reminder_{kind}_code", max_chars=20)
            st.form_submit_button(t("reminder.confirm"), type="primary", on_click=_confirm, args=(kind,))
        st.button(t("reminder.other_address"), key=f"reminder_{kind}_again", on_click=_remove, args=(kind,))
    else:
        st.write(t("reminder.address_on", address=f"**{plain(address.text)}**"))
        st.button(t("reminder.address_off"), key=f"reminder_{kind}_off", on_click=_remove, args=(kind,))


def _propose(kind: str) -> None:
    session = find_visitor()  # a callback runs without ui.py
    with notice.showing_errors():
        address, code = addresses.propose(session, kind, st.session_state[f"reminder_{kind}_address"] or "")
        try:
            {addresses.MAIL: mail.send_code, addresses.CHANNEL: channel.send_code}[kind](
                address, session.language, code
            )
        except (NotSent, Rejected) as error:
            log.warning("a code was not sent: %s", error)
            addresses.remove(session, kind)
            raise errors.ReminderNotSent() from error


def _confirm(kind: str) -> None:
    session = find_visitor()
    with notice.showing_errors():
        addresses.confirm(session, kind, st.session_state[f"reminder_{kind}_code"] or "")


def _remove(kind: str) -> None:
    session = find_visitor()
    with notice.showing_errors():
        addresses.remove(session, kind)
