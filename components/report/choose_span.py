"""The span that the report shows: a week, a month or a year with an entry, or any days."""

from __future__ import annotations

from datetime import date

import streamlit as st

from components import state
from components.dates import field_format
from components.report.link import ADDRESS
from components.visitor import current_language, t
from diary import calendar, days
from diary.report import figures, spans, titles
from diary.report.spans import Span
from diary.sessions import Session

_KIND, _SPAN, _FIRST, _LAST = "report_span_kind", "report_span", "report_from", "report_to"


def choose_span(session: Session, today: date) -> Span:
    first_weekday = calendar.FIRST_WEEKDAY.of(session)
    with_entries = figures.days_with_entries(session)
    span = _shown(today, first_weekday, with_entries)
    # The widgets follow the span, which the address or an arrow may have changed.
    st.session_state[_KIND] = span.kind
    kinds = {kind: t(f"report.span_{kind}") for kind in spans.KINDS}
    st.segmented_control(
        t("report.span_label"),
        list(kinds),
        format_func=kinds.__getitem__,
        required=True,
        key=_KIND,
        on_change=_choose_kind,
        args=(span, with_entries, today, first_weekday),
        label_visibility="collapsed",
    )
    if span.kind == "own":
        _own_dates(span, today)
    else:
        _one_of(span, spans.of_days(span.kind, [*with_entries, span.first], first_weekday))
    return span


def _shown(today: date, first_weekday: int, with_entries: list[date]) -> Span:
    """The span of the address if it is a new one; otherwise the last one, and at first the month of the last entry."""
    address = st.query_params.get(ADDRESS)
    if address and address != state.REPORT_ADDRESS.get():
        state.REPORT_ADDRESS.set(address)
        if asked := spans.parsed(address, today, first_weekday):
            state.REPORT_SPAN.set(asked)
    span = state.REPORT_SPAN.get_or_make(lambda: spans.month(with_entries[-1] if with_entries else today))
    assert span is not None
    return span


def _show(span: Span) -> None:
    """Shows it, and puts it into the address, so that it survives a reload. For the callbacks of this page."""
    state.REPORT_SPAN.set(span)
    state.REPORT_ADDRESS.set(span.address)
    st.query_params[ADDRESS] = span.address


def _choose_kind(span: Span, with_entries: list[date], today: date, first_weekday: int) -> None:
    """The same days as another kind, or of fewer days those of the last entry among them."""
    kind, last = st.session_state[_KIND], min(span.last, today)
    if kind == "own":
        _show(spans.own(span.first, last))
        return
    latest = max((day for day in with_entries if span.first <= day <= span.last), default=last)
    _show(spans.around(kind, latest, first_weekday))


def _one_of(span: Span, choices: list[Span]) -> None:
    """A list of spans between two arrows."""
    place, names = choices.index(span), {choice: titles.title(current_language(), choice) for choice in choices}
    st.session_state[_SPAN] = span
    with st.container(horizontal=True, vertical_alignment="center", key="report_turn"):
        _arrow("report.earlier", "chevron_left", choices[place + 1 : place + 2])
        st.selectbox(
            t("report.which"),
            choices,
            format_func=names.__getitem__,
            key=_SPAN,
            on_change=lambda: _show(st.session_state[_SPAN]),
            label_visibility="collapsed",
        )
        _arrow("report.later", "chevron_right", choices[max(place - 1, 0) : place])


def _arrow(key: str, icon: str, target: list[Span]) -> None:
    st.button(
        t(key),
        icon=f":material/{icon}:",
        key=f"report_{icon}",
        on_click=_show,
        args=target or [None],
        disabled=not target,
    )


def _own_dates(span: Span, today: date) -> None:
    st.session_state[_FIRST], st.session_state[_LAST] = span.first, min(span.last, today)
    left, right = st.columns(2)
    for column, label, key in ((left, "history.from", _FIRST), (right, "history.to", _LAST)):
        column.date_input(
            t(label),
            min_value=days.EARLIEST,
            max_value=today,
            format=field_format(),
            key=key,
            on_change=_choose_dates,
        )


def _choose_dates() -> None:
    _show(spans.own(st.session_state[_FIRST], st.session_state[_LAST]))
