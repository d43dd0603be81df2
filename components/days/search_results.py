"""Results of a search: each entry in a few lines, with the matches marked and a button that opens its day."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.dates import short_date, time_label
from components.days.address import go_to_day
from components.entry.feelings import feeling_names
from components.moods import intensity_name, mood_name
from components.text import plain
from components.visitor import t
from diary import search
from diary.entries import Entry

_BEFORE, _SHOWN = 40, 220
"""Characters of an excerpt: before the first match, and in all."""


def search_result(entry: Entry, words: str) -> None:
    with st.container(border=True, key=f"mood_card_{entry.mood}_found_{entry.id}", gap="xsmall"):
        st.markdown(
            f"**{short_date(entry.day)}** · {mood_name(entry.mood)} · {intensity_name(entry.intensity)} · "
            f"{time_label(entry)}"
        )
        if names := feeling_names(entry):
            st.caption(names)
        if entry.note:
            st.html(f'<p class="haru-found">{_excerpt(words, entry.note)}</p>')
        if entry.tags:
            st.caption(" ".join(f"\\#{plain(tag)}" for tag in entry.tags))
        if st.button(
            t("find.open", day=short_date(entry.day)), key=f"open_{entry.id}", type="tertiary", icon=":material/event:"
        ):
            go_to_day(entry.day)


def _excerpt(words: str, note: str) -> str:
    """HTML: the part of the note around the first match."""
    pieces = search.marked(words, note)
    match_at = 0
    for text, is_match in pieces:
        if is_match:
            break
        match_at += len(text)
    start = max(0, match_at - _BEFORE) if any(is_match for _, is_match in pieces) else 0
    parts, position = [], 0
    for text, is_match in pieces:
        part = text[max(0, start - position) : max(0, start + _SHOWN - position)]
        parts.append(f"<mark>{escape(part)}</mark>" if is_match and part else escape(part))
        position += len(text)
    return ("…" if start else "") + "".join(parts) + ("…" if position > start + _SHOWN else "")
