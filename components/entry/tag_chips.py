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
    offered = dict.fromkeys([*list(known)[:_SHOWN], *own, *_chosen(form)])
    tags = st.pills(
        t("entry.tags"), list(offered), selection_mode="multi", format_func=_name, key=key, label_visibility="collapsed"
    )
    if refused := state.TAG_REFUSED.of(form).pop():
        st.warning(refused)
    st.text_input(
        t("tags.add"),
        placeholder=t("tags.add_placeholder"),
        key=form_fields.prepare(form, "new_tag", ""),
        label_visibility="collapsed",
        icon=":material/add:",
        on_change=_add,
        args=(form,),
    )
    return tuple(tags)


def _name(tag: str) -> str:
    return f"\\#{plain(tag)}"


def _chosen(form: str) -> list[str]:
    chosen = form_fields.value(form, "tags")
    return chosen if isinstance(chosen, list) else []


def _add(form: str) -> None:
    """Adds what was typed. A refused tag stays in the field, with a sentence that says why."""
    form_fields.read_widgets()
    typed = str(form_fields.value(form, "new_tag") or "")
    try:
        tags = entries.tidy_tags([*_chosen(form), *_SEPARATORS.split(typed)])
    except errors.DiaryError as error:
        state.TAG_REFUSED.of(form).set(sentence(error))
        return
    form_fields.set_value(form, "tags", list(tags))
    form_fields.set_value(form, "new_tag", "")
