"""Says that a form was filled from a draft, and discards it on request."""

from __future__ import annotations

import streamlit as st

from components import notice, state
from components.entry import form_fields, open_form, saved_draft
from components.text import plain
from components.visitor import find_visitor, t


def restored_line(form: str) -> None:
    """One line, until the person goes on writing; call it above the form."""
    content = state.RESTORED.of(form).get()
    if content is not None and saved_draft.differs(form, content):
        state.RESTORED.of(form).pop()
        content = None
    with st.container(key=f"restored_{form}", gap="xsmall"):  # also when it is empty: else what is below would move
        if content is None:
            return
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if any(name != "parts" for name, value in content["fields"].items() if value is not None):
                st.caption(t("draft.restored"), width="content")
            if form == state.NEW_ENTRY_FORM.get():
                st.button(t("draft.discard"), key=f"discard_{form}", type="tertiary", on_click=_discard)
        for lost in content.get("media", ()):
            st.caption(_lost_sentence(lost))


def _discard() -> None:
    form_fields.read_widgets()  # a callback runs first: what was typed just now came with the press
    put_back = open_form.set_aside(find_visitor())
    notice.show_after_rerun(t("draft.discarded"), undo=lambda _session: put_back())


def _lost_sentence(lost: dict[str, str]) -> str:
    source, name = lost["source"], plain(lost["name"])
    return t(f"draft.lost_{source}_named", name=name) if name else t(f"draft.lost_{source}")
