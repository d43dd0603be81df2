"""Switches reminders on and off for this browser (assets/reminders/push.js)."""

from __future__ import annotations

import streamlit as st
from streamlit.components.v2 import component

import links
import settings
from components import notice
from components.public_address import public_address
from components.visitor import find_visitor, t
from diary.sessions import Session
from reminders import devices, web_push
from web import install

_ASSETS = settings.ASSETS / "reminders"
SAYS = (
    *("start", "stop", "on", "off", "asking"),
    *("insecure", "home_screen", "missing", "refused", "dismissed", "failed"),  # what can go wrong in the browser
)
"""The sentences for the script, by the names that it has for them."""
_KEY = "push_switch"
_SWITCH = component(
    "haru_push",
    html="""<div class="push">
  <p class="state" role="status"></p>
  <p class="problem" role="alert" hidden></p>
  <button class="start" type="button" hidden></button>
  <button class="stop" type="button" hidden></button>
</div>""",
    css=(_ASSETS / "push.css").read_text(encoding="utf-8"),
    js=(_ASSETS / "push.js").read_text(encoding="utf-8"),
)


def push_switch(session: Session) -> None:
    """Draws the switch. Only the browser knows whether it is one of the person's devices."""
    _SWITCH(
        key=_KEY,
        data={
            "key": web_push.public_key(),
            "worker": links.to(install.WORKER),
            "devices": devices.ids(session.account_id),
            "says": {name: t(f"reminder.push_{name}") for name in SAYS},
        },
        on_subscribed_change=_add,
        on_unsubscribed_change=_remove,
    )


def _add() -> None:
    session = find_visitor()  # a callback runs without ui.py
    address = public_address()
    contact = address if address and address.startswith("https:") else None
    with notice.showing_errors():
        devices.add(session, st.session_state[_KEY].get("subscribed"), contact)


def _remove() -> None:
    session = find_visitor()
    with notice.showing_errors():
        devices.remove(session, st.session_state[_KEY].get("unsubscribed"))
