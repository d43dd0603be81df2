"""Links and forms that lead to the account pages (web/), which alone can set the session cookie."""

from __future__ import annotations

from html import escape

import streamlit as st

import links
from web import cookies, forms


def account_link(path: str, label: str) -> None:
    # Opens in this tab: the account pages link back to the diary.
    st.html(f'<a href="{escape(links.to(path))}" target="_self" class="haru-button">{escape(label)}</a>')


def sign_out_form(label: str, everywhere: bool = False) -> None:
    post_button("/account/sign-out", label, **({"everywhere": "yes"} if everywhere else {}))


def post_button(path: str, label: str, **fields: str) -> None:
    """A button that posts a form. A link would not be safe: browsers prefetch links, and other sites can embed them."""
    cookie = cookies.form_cookie_of_page(st.context.cookies)
    if not isinstance(cookie, str):
        account_link(path, label)
        return
    hidden = {"form_token": forms.token(path, cookie, st.context.cookies.get(cookies.SESSION)), **fields}
    inputs = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden.items())
    st.html(
        f'<form method="post" action="{escape(links.to(path))}" target="_self">{inputs}'
        f'<button type="submit" class="haru-button">{escape(label)}</button></form>',
        width="content",
    )
