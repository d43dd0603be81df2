"""Ways from a page to the front door, which alone can change the cookie: plain links and plain forms."""

from __future__ import annotations

from html import escape

import streamlit as st

from web import cookies


def account_link(path: str, label: str) -> None:
    # In this tab: the door's pages bring the person back.
    st.html(f'<a href="{escape(path)}" target="_self" class="haru-button">{escape(label)}</a>')


def sign_out_form(label: str, everywhere: bool = False) -> None:
    post_button("/account/sign-out", label, **({"everywhere": "yes"} if everywhere else {}))


def post_button(path: str, label: str, **fields: str) -> None:
    """A real POST form: a link could be followed by a prefetching browser, or be planted on another site."""
    cookie = st.context.cookies.get(cookies.FORM)
    if not isinstance(cookie, str):
        account_link(path, label)
        return
    hidden = {"form_token": cookies.form_token(cookie), **fields}
    inputs = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden.items())
    st.html(
        f'<form method="post" action="{escape(path)}" target="_self">{inputs}'
        f'<button type="submit" class="haru-button">{escape(label)}</button></form>',
        width="content",
    )
