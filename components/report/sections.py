"""The choices beside a report: what it shows, each switched on by the person."""

from __future__ import annotations

import streamlit as st

from components import page_cache
from components.dates import month_day_label
from components.visitor import t
from diary.entries import Entry
from diary.report import card, page, words
from diary.report.figures import Figures
from diary.report.sections import Sections
from diary.report.words import Word
from diary.sessions import Session

_MAX_CHARACTERS = 30
# The default switches: the PDF shows numbers, the picture only the moods' colours and names; neither shows text.
_SWITCHED_ON = {"pdf": {"name", "moods", "counts", "tags", "trackers"}, "png": {"moods"}}
_SWITCHES = ("name", "moods", "counts", "tags", "trackers")


def choose_sections(session: Session, kind: str, figures: Figures, entries: list[Entry]) -> Sections:
    """`kind` is `pdf` or `png`."""
    st.caption(t("report.switches"))
    offered = [switch for switch in _SWITCHES if switch != "trackers" or figures.trackers]
    is_on = {
        switch: st.toggle(t(f"report.show_{switch}"), value=switch in _SWITCHED_ON[kind], key=f"report_{kind}_{switch}")
        for switch in offered
    }
    layout = figures.span.layout
    return Sections(
        name=session.name if is_on["name"] else "",
        moods=is_on["moods"],
        counts=is_on["counts"],
        tags=is_on["tags"],
        trackers=is_on.get("trackers", False),
        notes=_notes(kind, figures, entries),
        words=_words(kind, entries) if layout in ("months", "years") else (),
    )


def _notes(kind: str, figures: Figures, entries: list[Entry]) -> list[Entry]:
    """Of a few days all notes or none; of a month those that the person picks; of more none."""
    with_note = {entry.id: entry for entry in entries if entry.note.strip()}
    if figures.span.layout == "days":
        is_on = st.toggle(t("report.show_notes"), value=False, key=f"report_{kind}_notes")
        return list(with_note.values()) if is_on else []
    if figures.span.layout != "calendar":
        return []
    beginnings = {entry_id: _beginning(entry) for entry_id, entry in with_note.items()}
    limit = page.NOTES_MAX if kind == "pdf" else card.NOTES_MAX
    chosen = st.multiselect(
        t("report.show_words", count=limit),
        list(beginnings),
        format_func=beginnings.__getitem__,
        max_selections=limit,
        placeholder=t("report.pick_words"),
        select_all=False,
        key=f"report_{kind}_words_{figures.span.address}",
    )
    return [entry for entry_id, entry in with_note.items() if entry_id in chosen]


def _words(kind: str, entries: list[Entry]) -> tuple[Word, ...]:
    is_on = st.toggle(t("report.show_common_words"), value=False, key=f"report_{kind}_common_words")
    st.caption(t("report.common_words_means"))
    if not is_on:
        return ()
    key = [(entry.id, entry.version) for entry in entries]
    return page_cache.cached("report_words", key, lambda: words.most_used(entries))


def _beginning(entry: Entry) -> str:
    beginning = " ".join(entry.note.split())
    cut = "…" if len(beginning) > _MAX_CHARACTERS else ""
    return f"{month_day_label(entry.day)} · {beginning[:_MAX_CHARACTERS]}{cut}"
