"""The report of a month: a PDF to keep or to show a counsellor, or a picture to share."""

from __future__ import annotations

from datetime import date

import streamlit as st

from components import page_cache
from components.dates import month_day_label, month_label
from components.notice import empty_diary_notice
from components.visitor import current_language, t
from diary import calendar, days
from diary.entries import Entry
from diary.report import card, figures, page, picture
from diary.report.figures import Month
from diary.report.page import Sections
from diary.sessions import Session

_PREVIEW_PIXELS = 1200
_MAX_CHARACTERS = 30
# The default switches: the PDF shows numbers, the picture only the moods' colours and names.
_SWITCHED_ON = {"pdf": {"name", "moods", "counts", "tags"}, "png": {"moods"}}
_SWITCHES = ("name", "moods", "counts", "tags")


def report_section(session: Session, zone: str) -> None:
    st.subheader(t("report.title"), anchor=False)
    st.write(t("report.means"))
    months = figures.months(session)
    if not months:
        empty_diary_notice(session, t("report.nothing_yet"), icon=":material/summarize:")
        return
    names = {month: month_label(month.year, month.month) for month in months}
    first = st.selectbox(t("report.month"), months, format_func=names.__getitem__, key="report_month")
    kinds = {kind: t(f"report.as_{kind}") for kind in _SWITCHED_ON}
    kind = st.segmented_control(
        t("report.kind_label"),
        list(kinds),
        format_func=kinds.__getitem__,
        default="pdf",
        required=True,
        key="report_as",
    )
    month, entries = figures.of_month(session, first, zone)
    sections = _choose_sections(session, kind, month, entries)
    key = (kind, month, sections, current_language(), calendar.FIRST_WEEKDAY.of(session), days.today(zone))
    with st.spinner(t("report.drawing")):
        file, preview = page_cache.cached("report", key, lambda: _draw(*key))
    st.download_button(
        t(f"report.take_{kind}"),
        data=file,
        file_name=f"haru-{first:%Y-%m}.{kind}",
        mime="application/pdf" if kind == "pdf" else "image/png",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
        key=f"take_report_{kind}",
    )
    st.image(preview, alt=t("report.preview", month=names[first]), width="stretch")


def _choose_sections(session: Session, kind: str, month: Month, entries: list[Entry]) -> Sections:
    st.caption(t("report.switches"))
    with st.container(horizontal=True):
        is_on = {
            switch: st.toggle(
                t(f"report.show_{switch}"), value=switch in _SWITCHED_ON[kind], key=f"report_{kind}_{switch}"
            )
            for switch in _SWITCHES
        }
    with_note = {entry.id: entry for entry in entries if entry.note.strip()}
    beginnings = {entry_id: _beginning(entry) for entry_id, entry in with_note.items()}
    limit = page.NOTES_MAX if kind == "pdf" else card.NOTES_MAX
    chosen = st.multiselect(
        t("report.show_words", count=limit),
        list(beginnings),
        format_func=beginnings.__getitem__,
        max_selections=limit,
        placeholder=t("report.pick_words"),
        select_all=False,
        key=f"report_{kind}_words_{month.first:%Y-%m}",
    )
    return Sections(
        name=session.name if is_on["name"] else "",
        moods=is_on["moods"],
        counts=is_on["counts"],
        tags=is_on["tags"],
        notes=[entry for entry_id, entry in with_note.items() if entry_id in chosen],
    )


def _draw(
    kind: str, month: Month, sections: Sections, language: str, first_weekday: int, today: date
) -> tuple[bytes, bytes]:
    """The file to download, and a preview of it."""
    if kind == "png":
        file = card.card(month, sections, language=language, first_weekday=first_weekday)
        return file, file
    file = page.page(month, sections, language=language, today=today, first_weekday=first_weekday)
    return file, picture.as_png(file, _PREVIEW_PIXELS)


def _beginning(entry: Entry) -> str:
    words = " ".join(entry.note.split())
    return f"{month_day_label(entry.day)} · {words[:_MAX_CHARACTERS]}{'…' if len(words) > _MAX_CHARACTERS else ''}"
