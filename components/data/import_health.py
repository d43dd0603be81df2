"""The import of a health app's export: which series become trackers, under which names, and from which source."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.dates import short_date
from components.settings.trackers import SUGGESTED, emoji_for
from components.text import plain
from components.visitor import t
from diary import errors, trackers
from diary.sessions import Session
from diary.trackers import Tracker
from diary.transfer import derived_ids
from diary.transfer.parsed import HealthSeries, ParsedTracker

_LARGEST, _LEAVE_OUT = "largest", "leave_out"
_NAMELESS = "—"
_SUGGESTED_AS = {"sleep": "sleep", "steps": "steps", "workouts": "exercise"}
"""The suggested tracker that each series fits."""
_STATE_OF_MIND_EMOJI = "🧠"


def health_choices(session: Session, series: Sequence[HealthSeries], file_id: str) -> tuple[ParsedTracker, ...]:
    """Asks for a name and a source for each series; raises an error if a name cannot be stored."""
    st.markdown(f"**{t('import.health')}**")
    st.caption(t("import.health_means"))
    chosen = [_chosen(session, one, f"{file_id}_{one.key}") for one in series]
    found = tuple(parsed for parsed in chosen if parsed is not None)
    if len({parsed.tracker.id for parsed in found}) < len(found):
        raise errors.TrackerNameTaken()
    return found


def _chosen(session: Session, series: HealthSeries, key: str) -> ParsedTracker | None:
    sources = list(series.by_source)
    labels = {source: plain(source) or _NAMELESS for source in sources} | {
        _LARGEST: t("import.health_largest"),
        _LEAVE_OUT: t("import.leave_out"),
    }
    options = [_LARGEST, *sources, _LEAVE_OUT] if len(sources) > 1 else [_LARGEST, _LEAVE_OUT]
    if len(sources) == 1:
        labels[_LARGEST] = plain(sources[0]) or t("import.health_all")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(t("tracker.name"), value=_default_name(series.key), key=f"health_name_{key}")
        source = st.selectbox(
            t("import.health_source"), options, format_func=labels.__getitem__, key=f"health_source_{key}"
        )
    if source == _LEAVE_OUT:
        return None
    values = series.values(None if source == _LARGEST else source)
    first, last = plain(short_date(min(values))), plain(short_date(max(values)))
    # Escaped: Markdown takes a date that begins a line for the number of a list.
    days = t("import.health_days", first=first, last=last, count=f"{len(values):,}")
    st.caption(f"{days} · {t(f'import.health_{series.key}')}")
    same = _same(session, name)
    if same is not None:
        return ParsedTracker(Tracker(same.name, same.emoji, series.kind, same.id), values)
    new = Tracker(
        name, _emoji(series, name), series.kind, derived_ids.column_tracker_id(session, trackers.tidy_name(name))
    )
    return ParsedTracker(trackers.tidy(new), values)


def _same(session: Session, name: str) -> Tracker | None:
    wanted = trackers.compared_name(trackers.tidy_name(name))
    return next((here for here in trackers.intact(session) if trackers.compared_name(here.name) == wanted), None)


def _default_name(key: str) -> str:
    if key in _SUGGESTED_AS:
        return t(f"tracker.suggest_{_SUGGESTED_AS[key]}")
    return t("import.health_state_of_mind_name")


def _emoji(series: HealthSeries, name: str) -> str:
    if name == _default_name(series.key):
        return SUGGESTED[_SUGGESTED_AS[series.key]][0] if series.key in _SUGGESTED_AS else _STATE_OF_MIND_EMOJI
    return emoji_for(name, series.kind)
