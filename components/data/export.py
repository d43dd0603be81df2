"""Downloads of the whole diary: as JSON or ZIP, in parts where it is large, as a CSV table, or as Markdown."""

from __future__ import annotations

from datetime import date

import streamlit as st

from components import page_cache
from components.dates import short_date
from components.visitor import t
from diary import damage, days, entries, media, photos, trackers
from diary.sessions import Session
from diary.transfer import export, export_parts, markdown, table, tracker_csv
from diary.transfer.export_parts import Part
from reminders import overview


def export_section(session: Session, zone: str) -> None:
    name = f"haru-{days.today(zone).isoformat()}"
    st.header(t("export.whole"), anchor=False)
    st.write(t("export.whole_means"))
    has_media = media.has_any(session) or photos.has_any(session)
    with_media = has_media and st.toggle(t("export.media"), key="taking_media")
    if not _warn_of_damage(session, with_media):
        return
    parts = export_parts.parts(session, with_media)
    if len(parts) > 1:
        st.caption(t("export.parts", count=len(parts)))
    for number, part in enumerate(parts, start=1):
        label = _label(parts, number, "export.button", "export.button_part")
        _download(session, part, with_media, name if len(parts) == 1 else f"{name}-{number}", label)
    st.header(t("export.table"), anchor=False)
    st.write(t("export.table_means"))
    st.download_button(
        t("export.csv"),
        data=lambda: table.as_csv(session),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/table:",
        on_click="ignore",
        key="take_csv",
    )
    if trackers.intact(session):
        st.download_button(
            t("export.tracker_csv"),
            data=lambda: tracker_csv.as_csv(session),
            file_name=f"{name}-trackers.csv",
            mime="text/csv",
            icon=":material/checklist:",
            on_click="ignore",
            key="take_tracker_csv",
        )
    _markdown(session, name, has_media)
    st.caption(t("export.not_locked"))


def _markdown(session: Session, name: str, has_media: bool) -> None:
    st.header(t("export.markdown"), anchor=False)
    st.write(t("export.markdown_means"))
    with_media = has_media and st.toggle(t("export.markdown_media"), key="markdown_media")
    parts = export_parts.parts(session, with_media)
    for number, part in enumerate(parts, start=1):
        st.download_button(
            _label(parts, number, "export.markdown_button", "export.markdown_part"),
            data=lambda part=part: markdown.as_zip(session, part, with_media),
            file_name=f"{name}-markdown{'' if len(parts) == 1 else f'-{number}'}.zip",
            mime="application/zip",
            icon=":material/markdown:",
            on_click="ignore",
            key=f"take_markdown_{number}",
        )


def _warn_of_damage(session: Session, with_media: bool) -> bool:
    """Warns of what the files will lack; false if no entry can be decrypted, because the file would be no copy."""
    key = (entries.count(session), with_media)
    opened, left_out = page_cache.cached(
        "left_out", key, lambda: (damage.count_entries(session), export.left_out(session, with_media))
    )
    if opened.none_opens:
        st.error(t("error.key_does_not_fit"))
        return False
    for kind, count in vars(left_out).items():
        if count:
            st.warning(t(f"export.left_out_{kind}", count=f"{count:,}"), icon=":material/broken_image:")
    return True


def _download(session: Session, part: Part, with_media: bool, name: str, label: str) -> None:
    # Functions, so that the file is made on a click and not at every rerun.
    st.download_button(
        label,
        data=lambda: (export.as_zip if with_media else export.as_json)(session, part, overview.exported(session)),
        file_name=f"{name}.{'zip' if with_media else 'json'}",
        mime="application/zip" if with_media else "application/json",
        icon=":material/download:",
        on_click="ignore",
        key=f"take_{'zip' if with_media else 'json'}_{name}",
    )


def _label(parts: list[Part], number: int, whole: str, one_of_several: str) -> str:
    if len(parts) == 1:
        return t(whole)
    part = parts[number - 1]
    first, last = ("" if end in (date.min, date.max) else short_date(end) for end in (part.first, part.last))
    return t(one_of_several, number=number, count=len(parts), first=first, last=last)
