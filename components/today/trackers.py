"""The trackers of a day: a row of chips. A tap on one opens its field, and each change is stored at once."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import streamlit as st

from components import state
from components.text import plain
from components.tracker_text import tracker_label, value_text
from components.visitor import find_visitor, sentence, t, zone
from diary import days, errors, trackers
from diary.sessions import Session
from diary.trackers import HIGHEST, Tracker, Value

_RECENT = timedelta(days=60)
_TICKS = ("✗", "✓")
_QUICK_MAX = 4
_QUICK = {"minutes": (15, 30, 60, 8 * 60), "count": (1, 2, 3, 5)}
"""Values to tap until the person's own values are known."""


def trackers_row(session: Session, day: date) -> None:
    """The chips of `day`; nothing for a person without trackers."""
    if trackers.intact(session):
        _chips(day)


def first_tracker_link(session: Session) -> None:
    """A link for a person without trackers."""
    if not trackers.every(session):
        st.page_link("pages/trackers.py", label=t("tracker.begin"), icon=":material/add:")


# A fragment, so that a value does not rerun the form above. It gets no session: Streamlit holds its arguments.
@st.fragment
def _chips(day: date) -> None:
    session = find_visitor()  # a fragment runs without ui.py
    values = trackers.between(session, max(day - _RECENT, days.EARLIEST), day)
    with st.container(horizontal=True, gap="small", key=f"tracker_chips_{day.isoformat()}"):
        for tracker in trackers.intact(session):
            earlier = dict(values.get(tracker.id, {}))
            value = earlier.pop(day, None)
            if tracker.kind == "yes_no":
                _yes_no(tracker, day, value)
            else:
                _opened(tracker, day, value, list(earlier.values()))
    if said := state.TRACKER_ERROR.pop():
        st.error(said)


def _yes_no(tracker: Tracker, day: date, value: Value | None) -> None:
    """A chip that a tap turns from empty to yes, to no, and to empty again."""
    following: Value | None = {None: 1, 1: 0}.get(value)
    st.button(
        _chip(tracker, value),
        key=f"tracker_{tracker.id}_{day.isoformat()}",
        on_click=_store,
        args=(tracker.id, day, following),
    )


def _opened(tracker: Tracker, day: date, value: Value | None, earlier: list[Value]) -> None:
    key = f"tracker_{tracker.id}_{day.isoformat()}"
    # A new key closes it (`_store_and_close`). It stays open while the person types, though its label changes.
    with st.popover(_chip(tracker, value), key=f"{key}_{state.TRACKER_CLOSED.of(tracker.id).get()}"):
        st.markdown(f"**{tracker_label(tracker)}**")
        fields = {"scale": _scale, "minutes": _minutes, "count": _count}
        fields[tracker.kind](tracker, day, value, key)
        if tracker.kind in _QUICK:
            _quick_values(tracker, day, value, earlier, key)
        if value is not None:
            st.button(
                t("tracker.clear"),
                key=f"{key}_clear",
                icon=":material/close:",
                type="tertiary",
                on_click=_store_and_close,
                args=(tracker.id, day, None),
            )


def _scale(tracker: Tracker, day: date, value: Value | None, key: str) -> None:
    field = f"{key}_scale"
    _show(field, value)
    st.pills(
        tracker_label(tracker),
        range(HIGHEST["scale"] + 1),
        key=field,
        label_visibility="collapsed",
        on_change=_store_field,
        args=(tracker.id, day, field),
        kwargs={"closes": True},
    )


def _minutes(tracker: Tracker, day: date, value: Value | None, key: str) -> None:
    hours, minutes = f"{key}_hours", f"{key}_minutes"
    for field, shown in zip((hours, minutes), (None, None) if value is None else divmod(int(value), 60), strict=True):
        _show(field, shown)
    with st.container(horizontal=True, gap="small"):
        for field, label, highest, step in ((hours, "tracker.hours", 24, 1), (minutes, "tracker.minutes", 59, 5)):
            st.number_input(
                t(label),
                min_value=0,
                max_value=highest,
                value=None,
                step=step,
                key=field,
                width=150,
                on_change=_store_minutes,
                args=(tracker.id, day, hours, minutes),
            )


def _count(tracker: Tracker, day: date, value: Value | None, key: str) -> None:
    field = f"{key}_count"
    _show(field, None if value is None else float(value))
    st.number_input(
        tracker_label(tracker),
        min_value=0.0,
        max_value=float(HIGHEST["count"]),
        value=None,
        step=1.0,
        format="%0.12g",
        key=field,
        label_visibility="collapsed",
        on_change=_store_field,
        args=(tracker.id, day, field),
    )


def _quick_values(tracker: Tracker, day: date, value: Value | None, earlier: list[Value], key: str) -> None:
    """The values that the person entered most in the last weeks; a tap stores one and closes the field."""
    usual = [often for often, _ in Counter(earlier).most_common(_QUICK_MAX)] or _QUICK[tracker.kind]
    with st.container(horizontal=True, gap="small"):
        for offered in sorted(usual):
            st.button(
                value_text(tracker.kind, offered),
                key=f"{key}_quick_{offered}",
                disabled=offered == value,
                on_click=_store_and_close,
                args=(tracker.id, day, offered),
            )


def _show(field: str, value: Value | None) -> None:
    """Shows the stored value. It sets no equal value, because that would overwrite what the person is typing now."""
    if field not in st.session_state or st.session_state[field] != value:
        st.session_state[field] = value


def _chip(tracker: Tracker, value: Value | None) -> str:
    label = tracker_label(tracker)
    if value is None:
        return label
    shown = _TICKS[bool(value)] if tracker.kind == "yes_no" else value_text(tracker.kind, value)
    return f"{label} **{plain(shown)}**"


# Callbacks: they run before the fragment, so that the chips show the new value at once.


def _store(tracker_id: str, day: date, value: Value | None) -> None:
    session = find_visitor()
    try:
        if value is None:
            trackers.clear_value(session, tracker_id, day)
        else:
            trackers.set_value(session, tracker_id, day, value, zone())
    except errors.DiaryError as error:
        state.TRACKER_ERROR.set(sentence(error))


def _store_and_close(tracker_id: str, day: date, value: Value | None) -> None:
    _store(tracker_id, day, value)
    closed = state.TRACKER_CLOSED.of(tracker_id)
    closed.set(closed.get() + 1)


def _store_field(tracker_id: str, day: date, field: str, closes: bool = False) -> None:
    store = _store_and_close if closes else _store
    store(tracker_id, day, st.session_state[field])


def _store_minutes(tracker_id: str, day: date, hours: str, minutes: str) -> None:
    """An empty field counts as 0; two empty fields are no value."""
    entered = st.session_state[hours], st.session_state[minutes]
    total = None if entered == (None, None) else 60 * (entered[0] or 0) + (entered[1] or 0)
    _store(tracker_id, day, total)
