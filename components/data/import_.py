"""The import of a file: choose it, assign its moods, see what would be imported, then confirm."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from components import notice, page_cache, state, uploads
from components.data.import_health import health_choices
from components.data.import_moods import mood_choices
from components.data.import_trackers import column_choices, tracker_lines, tracker_preview
from components.dates import short_date
from components.days.address import month_link
from components.moods import intensity_name, mood_name
from components.text import percent, plain
from components.visitor import sentence, t
from diary import consents, errors
from diary.sessions import Session
from diary.transfer import detect, import_plan, importing
from diary.transfer.import_plan import ImportPlan
from diary.transfer.parsed import ParsedFile

_PREVIEW_ROWS = 5
_LARGE = 2 * 2**20
"""Bytes of a file that takes more than a moment to read."""
_CHANGED_ON_IMPORT = ("media_damaged", "transcripts_damaged", "mended")
_MEDIA = (
    "media",
    "media_left_out",
    "late_photos",
    "attachments_left_out",
    "photos_missing",
    "transcripts",
    *_CHANGED_ON_IMPORT,
)


def import_section(session: Session, zone: str) -> None:
    st.header(t("import.title"), anchor=False)
    st.write(t("import.means"))
    kinds = (t("import.means_diaries"), t("import.means_health"), t("import.means_trackers"))
    st.markdown("\n".join(f"- {kind}" for kind in kinds))
    upload = st.file_uploader(
        t("import.file"),
        type=["json", "zip", "daylio", "csv", "txt", "xml", "db"],
        max_upload_size=uploads.DIARY,
        key=f"bringing_{state.IMPORT_NUMBER.get()}",
    )
    if upload is None:
        page_cache.forget("arrival")
        _link_to_imported()
        return
    parsed = _read(upload.getvalue(), upload.file_id, zone)
    if parsed is None:
        return
    st.caption(t(f"import.is_{parsed.format}", count=f"{_count(parsed):,}"))
    was_mine = import_plan.is_own(session, parsed) or st.checkbox(
        t("import.was_mine", name=plain(parsed.owner_name)), key=f"mine_{upload.file_id}"
    )
    choices = mood_choices(parsed, upload.file_id)
    try:
        columns = column_choices(session, parsed, upload.name, upload.file_id)
        if parsed.health:
            parsed = replace(parsed, trackers=health_choices(session, parsed.health, upload.file_id))
        planned = import_plan.plan(session, parsed, choices, zone=zone, was_mine=was_mine, columns=columns)
    except (errors.AnotherDiary, errors.MoodsUndecided) as error:
        st.info(sentence(error), icon=":material/help:")
        return
    except errors.DiaryError as error:
        st.error(sentence(error))
        return
    _show_plan(planned)
    if planned.media_left_out:
        _media_consent(session)
    if st.button(
        t("import.button", count=f"{len(planned.new) + planned.trackers.count + planned.late_photos:,}"),
        type="primary",
        disabled=planned.is_empty,
        key="bring_in",
    ):
        _run_import(session, parsed, planned)


def _count(parsed: ParsedFile) -> int:
    """How many entries the file has; values if it has those of trackers."""
    values = sum(len(column.cells) for column in parsed.columns)
    values += sum(len(series.values()) for series in parsed.health)
    return len(parsed.entries) + len(parsed.foreign_entries) + values


def _read(content: bytes, file_id: str, zone: str) -> ParsedFile | None:
    """The file's content, read once for all reruns; None where it cannot be read, with the reason on the page."""
    try:
        return page_cache.cached("arrival", (file_id, None), lambda: _read_with_progress(content, zone))
    except errors.DatesAmbiguous as error:
        st.info(sentence(error), icon=":material/help:")
        first = st.radio(
            t("import.date_order"),
            ["day", "month"],
            index=None,
            format_func={"day": t("import.day_first"), "month": t("import.month_first")}.__getitem__,
            key=f"order_{file_id}",
        )
        if first is None:
            return None
        is_day_first = first == "day"
        try:
            return page_cache.cached("arrival", (file_id, first), lambda: detect.read(content, zone, is_day_first))
        except errors.DiaryError as second_error:
            st.error(sentence(second_error))
    except errors.DiaryError as error:
        st.error(sentence(error))
    return None


def _read_with_progress(content: bytes, zone: str) -> ParsedFile:
    """Shows how far it is, if the file is large. The button ends the run, because Streamlit then starts another."""
    place = st.empty()
    bar = None

    def show_progress(share: float) -> None:
        nonlocal bar
        if bar is None:
            with place.container():
                bar = st.progress(0.0)
                st.button(t("import.stop"), key="import_stop", icon=":material/stop_circle:", on_click=_empty_uploader)
        bar.progress(share, text=t("import.reading", percent=percent(share)))

    try:
        return detect.read(content, zone, progress=show_progress if len(content) > _LARGE else lambda _: None)
    finally:
        place.empty()


def _empty_uploader() -> None:
    state.IMPORT_NUMBER.set(state.IMPORT_NUMBER.get() + 1)  # a new key empties it


def _show_plan(planned: ImportPlan) -> None:
    """Shows what the import would add and leave out, before anything is saved."""
    st.markdown(f"**{t('import.would')}**")
    lines = [] if planned.trackers.count or planned.late_photos else [t("import.nothing_new")]
    if planned.first and planned.last:
        first, last = short_date(planned.first), short_date(planned.last)
        lines = [t("import.new", count=f"{len(planned.new):,}", first=first, last=last)]
    for fact in ("already_here", "left_out", "not_yet", "crowded", *_MEDIA, "music"):
        if count := getattr(planned, fact):
            lines.append(t(f"import.{fact}", count=f"{count:,}"))
    lines += tracker_lines(planned.trackers)
    if planned.preferences:
        lines.append(t("import.preferences"))
    st.markdown("\n".join(f"- {line}" for line in lines))
    if planned.new:
        with st.expander(t("import.look")):
            st.table(
                [
                    {
                        t("csv.day"): plain(short_date(new.entry.day)),
                        t("csv.mood"): f"{mood_name(new.entry.mood)} · {intensity_name(new.entry.intensity)}",
                        t("csv.note"): plain(new.entry.note[:80]),
                    }
                    for new in planned.new[:_PREVIEW_ROWS]
                ]
            )
    tracker_preview(planned.trackers)


def _media_consent(session: Session) -> None:
    """The switch of the settings: on the way there and back, file and moods would have to be chosen again."""
    if "media" in consents.given(session.account_id):
        return
    if st.toggle(t("consent.media"), key="import_consent_media"):
        consents.set_given(session, "media", True)
        notice.show_after_rerun(t("settings.consent_saved"))
        st.rerun()
    st.caption(t("consent.media_means"))


def _run_import(session: Session, parsed: ParsedFile, planned: ImportPlan) -> None:
    bar = st.progress(0.0, text=t("import.working"))

    def show_progress(share: float) -> None:
        bar.progress(min(share, 1.0))

    try:
        count = importing.run_import(session, parsed, planned, show_progress)
    except errors.DiaryError as error:
        bar.empty()
        st.error(sentence(error))
        return
    is_only_more = not count and (planned.trackers.count or planned.late_photos)
    sentences = [] if is_only_more else [t("import.done", count=f"{count:,}")]
    if planned.late_photos:
        sentences.append(t("import.late_photos", count=f"{planned.late_photos:,}"))
    if planned.trackers.count:
        sentences.append(t("import.done_values", count=f"{planned.trackers.count:,}"))
    sentences += [
        t(f"import.{fact}", count=f"{changed:,}") for fact in _CHANGED_ON_IMPORT if (changed := getattr(planned, fact))
    ]
    notice.show_after_rerun(" ".join(sentences), until_closed=True)
    page_cache.forget("arrival")
    _empty_uploader()
    page_cache.cached("imported", state.IMPORT_NUMBER.get(), lambda: planned.last)
    st.rerun()


def _link_to_imported() -> None:
    """After an import, a link to its last month: the calendar opens with the present one, which may have none of it."""
    last = page_cache.cached("imported", state.IMPORT_NUMBER.get(), lambda: None)
    if last is not None:
        month_link(last, t("import.to_days"))
