"""The import of trackers: what each column of a table stands for, and what would come in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import streamlit as st

from components.dates import short_date
from components.settings.trackers import emoji_for
from components.text import plain
from components.tracker_text import tracker_label, value_text
from components.visitor import t
from diary import trackers
from diary.sessions import Session
from diary.trackers import KINDS, Tracker
from diary.transfer import derived_ids, tracker_table
from diary.transfer.parsed import ParsedFile, TrackerColumn
from diary.transfer.tracker_plan import TrackerPlan
from diary.transfer.tracker_table import ColumnChoice

_LEAVE_OUT = "leave_out"
_PREVIEW_ROWS = 5
_LINES_NAMED = 10
_FACTS = ("values_here", "not_yet", "other_kind", "too_many", "repeated")


def column_choices(
    session: Session, parsed: ParsedFile, file_name: str, file_id: str
) -> dict[str, ColumnChoice | None]:
    """Asks for the name and the kind of each column; raises an error if a name cannot be stored."""
    if not parsed.columns:
        return {}
    st.markdown(f"**{t('import.columns')}**")
    st.caption(t("import.columns_means"))
    here = {trackers.compared_name(tracker.name): tracker for tracker in trackers.intact(session)}
    choices: dict[str, ColumnChoice | None] = {}
    for number, column in enumerate(parsed.columns):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(
                t("tracker.name"),
                value=column.name or PurePath(file_name).stem[: trackers.NAME_MAX],
                key=f"bring_tracker_{file_id}_{number}",
            )
            same = here.get(trackers.compared_name(trackers.tidy_name(name)))
            kind = _kind_field(column, same, f"bring_kind_{file_id}_{number}")
        if same is not None and kind != _LEAVE_OUT:
            st.caption(t("import.joins", name=tracker_label(same)))
        if tracker_table.suggest_kind(column) is None:
            st.caption(t("import.no_values"))
        choices[column.name] = None if kind == _LEAVE_OUT else _choice(session, name, kind, same)
    return choices


def tracker_lines(planned: TrackerPlan) -> list[str]:
    """What the import would do to trackers, in one line each."""
    lines = []
    if planned.new:
        lines.append(t("import.new_trackers", names=", ".join(tracker_label(tracker) for tracker in planned.new)))
    days = [day for parsed in planned.values for day in parsed.values]
    if days:
        first, last = short_date(min(days)), short_date(max(days))
        lines.append(t("import.tracker_values", count=f"{len(days):,}", first=first, last=last))
    for fact in _FACTS:
        if count := getattr(planned, fact):
            lines.append(t(f"import.tracker_{fact}", count=f"{count:,}"))
    if planned.unreadable:
        lines.append(
            t("import.tracker_unreadable", count=f"{len(planned.unreadable):,}", lines=_named(planned.unreadable))
        )
    return lines


def tracker_preview(planned: TrackerPlan) -> None:
    """The first values of each tracker, as the diary would show them."""
    if not planned.count:
        return
    with st.expander(t("import.look")):
        st.table(
            [
                {
                    t("csv.day"): plain(short_date(day)),
                    t("tracker.name"): tracker_label(parsed.tracker),
                    t("csv.value"): plain(value_text(parsed.tracker.kind, value)),
                }
                for parsed in planned.values
                for day, value in list(parsed.values.items())[:_PREVIEW_ROWS]
            ]
        )


def _kind_field(column: TrackerColumn, same: Tracker | None, key: str) -> str:
    kinds: list[str] = [same.kind] if same is not None else list(KINDS)
    if "minutes" in kinds and tracker_table.has_plain_numbers(column):
        kinds.append("hours")
    labels = {kind: t(f"tracker.kind_{kind}") for kind in kinds if kind != "hours"}
    labels |= {"hours": t("import.kind_hours"), _LEAVE_OUT: t("import.leave_out")}
    suggested = tracker_table.suggest_kind(column)
    start = same.kind if same is not None and suggested is not None else suggested or _LEAVE_OUT
    return st.selectbox(
        t("tracker.kind"),
        [*kinds, _LEAVE_OUT],
        index=[*kinds, _LEAVE_OUT].index(start),
        format_func=labels.__getitem__,
        # Another name may join a tracker of another kind: the choices change with it.
        key=f"{key}_{same.id if same else ''}",
    )


def _choice(session: Session, name: str, kind: str, same: Tracker | None) -> ColumnChoice:
    is_in_hours = kind == "hours"
    kind = "minutes" if is_in_hours else kind
    new = Tracker(name, emoji_for(name, kind), kind, derived_ids.column_tracker_id(session, trackers.tidy_name(name)))
    return ColumnChoice(same or trackers.tidy(new), is_in_hours)


def _named(lines: Sequence[int]) -> str:
    named = ", ".join(f"{line:,}" for line in lines[:_LINES_NAMED])
    return f"{named}, …" if len(lines) > _LINES_NAMED else named
