"""The tags of an entry as chips: a tap adds or removes one, and a field below them takes new ones."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from components import state
from components.entry import form_fields
from components.text import plain
from components.visitor import sentence, t
from diary import entries, errors
from diary.sessions import Session

_SHOWN = 8
_SEPARATORS = re.compile(r"[,#\n]")


def tag_chips(session: Session, form: str, own: Sequence[str] = ()) -> tuple[str, ...]:
    """Asks for the tags, at first `own`. It offers those that this person uses most."""
    known = dict.fromkeys(entries.favourite_tags(session, _SHOWN) + t("tags.suggested").split(","))
    key = form_fields.prepare(form, "tags", list(own))
    chosen = st.session_state[key]
    offered = dict.fromkeys([*list(known)[:_SHOWN], *own, *chosen])
    tags = st.pills(
        t("entry.tags"), list(offered), selection_mode="multi", format_func=_name, key=key, label_visibility="collapsed"
    )
    if refused := state.TAG_REFUSED.of(form).pop():
        st.warning(refused)
    st.text_input(
        t("tags.add"),
        placeholder=t("tags.add_placeholder"),
        key=_new_key(form),
        label_visibility="collapsed",
        icon=":material/add:",
        on_change=_add,
        args=(form,),
    )
    return tuple(tags)


def _name(tag: str) -> str:
    return f"\\#{plain(tag)}"


def _new_key(form: str) -> str:
    return f"new_tag_{form}"


def _add(form: str) -> None:
    """Adds what was typed. A refused tag stays in the field, with a sentence that says why."""
    form_fields.read_widgets()
    typed = st.session_state[_new_key(form)]
    chosen = form_fields.value(form, "tags")
    try:
        tags = entries.tidy_tags([*(chosen if isinstance(chosen, list) else ()), *_SEPARATORS.split(typed)])
    except errors.DiaryError as error:
        state.TAG_REFUSED.of(form).set(sentence(error))
        return
    form_fields.set_value(form, "tags", list(tags))
    st.session_state[_new_key(form)] = ""
