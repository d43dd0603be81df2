"""On one page: a week, a month, a year or any days, as a PDF to keep or to show a counsellor, or a picture to share."""

from __future__ import annotations

from datetime import date

import streamlit as st

from components import page_cache
from components.notice import empty_diary_notice
from components.report.choose_span import choose_span
from components.report.print_button import print_button
from components.report.sections import choose_sections
from components.text import plain
from components.visitor import current_language, t, visitor, zone
from diary import calendar, days
from diary.report import card, figures, page, picture, titles
from diary.report.figures import Figures
from diary.report.sections import Sections
from diary.report.sentences import sentences

_PREVIEW_PIXELS = 1400


def _draw(
    kind: str, counted: Figures, sections: Sections, language: str, first_weekday: int, today: date
) -> tuple[bytes, bytes]:
    """The file to download, and a preview of it."""
    if kind == "png":
        file = card.card(counted, sections, language=language, first_weekday=first_weekday)
        return file, file
    file = page.page(counted, sections, language=language, today=today, first_weekday=first_weekday)
    return file, picture.as_png(file, _PREVIEW_PIXELS)


person = visitor()
timezone = zone()
today = days.today(timezone)

with st.container(key="report_title"):
    st.title(t("report.page"), anchor=False)
    st.caption(t("report.means"))
if empty_diary_notice(person, t("report.nothing_yet"), icon=":material/summarize:"):
    st.stop()
with st.container(key="report_span_row"):
    span = choose_span(person, today)
name = titles.title(current_language(), span)
counted, entries = figures.of_span(person, span, timezone)

preview_column, choices = st.columns([3, 2], gap="large")
with choices, st.container(key="report_choices"):
    kinds = {kind: t(f"report.as_{kind}") for kind in ("pdf", "png")}
    kind = st.segmented_control(
        t("report.kind_label"),
        list(kinds),
        format_func=kinds.__getitem__,
        default="pdf",
        required=True,
        key="report_as",
    )
    sections = choose_sections(person, kind, counted, entries)
with preview_column:
    key = (kind, counted, sections, current_language(), calendar.FIRST_WEEKDAY.of(person), today)
    with st.spinner(t("report.drawing")):
        file, preview = page_cache.cached("report", key, lambda: _draw(*key))
    with st.container(key="report_preview"):
        st.image(preview, alt=t("report.preview", span=name), width="stretch")
    if not counted.entries:
        st.write(t("history.nothing_here"))
    if said := sentences(counted, sections, current_language()):
        with st.container(key="report_says", gap="xsmall"):
            for sentence in said:
                st.write(plain(sentence))
with choices, st.container(key="report_taking", horizontal=True, vertical_alignment="center"):
    st.download_button(
        t(f"report.take_{kind}"),
        data=file,
        file_name=f"haru-{span.address}.{kind}",
        mime="application/pdf" if kind == "pdf" else "image/png",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
        key=f"take_report_{kind}",
    )
    print_button()
