"""Ways from a page to the front door, which alone can change the cookie: plain links and plain forms."""

from __future__ import annotations

from html import escape

import streamlit as st

from door import cookies


def account_link(path: str, label: str) -> None:
    # In this tab: the door's pages bring the person back.
    st.html(f'<a href="{escape(path)}" target="_self" class="haru-button">{escape(label)}</a>')


def sign_out_form(label: str, everywhere: bool = False) -> None:
    """A real POST form: a link could be followed by a prefetching browser, or be planted on another site."""
    cookie = st.context.cookies.get(cookies.FORM)
    if not isinstance(cookie, str):
        account_link("/account/sign-out", label)
        return
    field = '<input type="hidden" name="everywhere" value="yes">' if everywhere else ""
    st.html(
        '<form method="post" action="/account/sign-out" target="_self">'
        f'<input type="hidden" name="form_token" value="{cookies.form_token(cookie)}">{field}'
        f'<button type="submit" class="haru-button">{escape(label)}</button></form>'
    )
