"""Results of a search: each entry in a few lines, with the words marked and a button that opens its day."""

from __future__ import annotations

from html import escape

import streamlit as st

from components.dates import short_date, time_label
from components.days.month import show_day
from components.moods import intensity_name, mood_name
from components.text import plain
from components.visitor import t
from diary import search
from diary.entries import Entry

_BEFORE, _SHOWN = 40, 220  # characters before the first match, and in all


def search_result(entry: Entry, words: str) -> None:
    with st.container(border=True, key=f"mood_card_{entry.mood}_found_{entry.id}", gap="xsmall"):
        st.markdown(
            f"**{short_date(entry.day)}** · {mood_name(entry.mood)} · {intensity_name(entry.intensity)} · "
            f"{time_label(entry)}"
        )
        if entry.note:
            st.html(f'<p class="haru-found">{_excerpt(words, entry.note)}</p>')
        if entry.tags:
            st.caption(" ".join(f"\\#{plain(tag)}" for tag in entry.tags))
        if st.button(
            t("find.open", day=short_date(entry.day)), key=f"open_{entry.id}", type="tertiary", icon=":material/event:"
        ):
            show_day(entry.day)
            st.switch_page(page="pages/days.py")


def _excerpt(words: str, note: str) -> str:
    """HTML: the part of the note around the first match."""
    pieces = search.marked(words, note)
    at = 0
    for text, is_found in pieces:
        if is_found:
            break
        at += len(text)
    start = max(0, at - _BEFORE) if any(is_found for _, is_found in pieces) else 0
    out, place = [], 0
    for text, is_found in pieces:
        part = text[max(0, start - place) : max(0, start + _SHOWN - place)]
        out.append(f"<mark>{escape(part)}</mark>" if is_found and part else escape(part))
        place += len(text)
    return ("…" if start else "") + "".join(out) + ("…" if place > start + _SHOWN else "")
