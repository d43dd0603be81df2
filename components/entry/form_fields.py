"""The values in the fields of an entry's form, held until the form is saved or given up.

Streamlit drops the state of every widget that a run does not draw: after a change of page, or a run that failed. Only
what a person typed, chose or cleared may change a value here.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components import state
from web import streamlit_private

_UNKNOWN = object()
_EMPTY = (None, "", [])
"""What a widget shows that the browser draws anew."""


@dataclass
class _Field:
    key: str
    """Of the widget."""
    value: object
    start: object = _UNKNOWN
    """What the widget shows until the person changes it."""


def read_widgets() -> None:
    """Call it first in each run, whatever the page: a last change may arrive together with a change of page."""
    page = streamlit_private.page_of_this_run()
    if state.FORM_FIELDS_PAGE.get() != page:
        state.FORM_FIELDS_PAGE.set(page)
        state.FORM_FIELDS_DRAWN.set(False)
    for fields in state.FORM_FIELDS.get().values():
        for field in fields.values():
            if field.key in st.session_state:
                field.value = st.session_state[field.key]


def mark_as_drawn() -> None:
    """Call it after a page ran to its end: not where it failed, nor where a newer request ended the run.

    Until then the browser may draw the page's widgets anew, and empty. After a quick change of page and back it does so
    even where Streamlit's server still has their state.
    """
    state.FORM_FIELDS_DRAWN.set(True)


def prepare(form: str, name: str, start: object, key: str | None = None) -> str:
    """Call it before the widget is drawn, and give the widget the returned key but no value of its own.

    Beside a value that is set here, Streamlit would warn of two values.
    """
    key = key or f"{name}_{form}"
    field = _fields(form).setdefault(name, _Field(key, start, start))
    if key not in st.session_state:
        # What nobody changed follows its start: an open page must not offer yesterday as today after midnight.
        st.session_state[key] = start if field.value == field.start else field.value
        field.start = start
    elif field.start is _UNKNOWN:
        field.start = start
    elif not state.FORM_FIELDS_DRAWN.get() and field.value not in _EMPTY:
        # Setting an empty value would undo a tap that the person makes while this run is on its way.
        st.session_state[key] = field.value
    field.key, field.value = key, st.session_state[key]
    return key


def watch(form: str, name: str) -> str:
    """As `prepare`, for a widget whose value cannot be set: a recording, a picture, an uploaded file."""
    key = f"{name}_{form}"
    _fields(form)[name] = _Field(key, st.session_state.get(key))
    return key


def dropped_value(form: str, name: str) -> object:
    """The last value of a watched widget, if the widget has lost it; else None."""
    field = _fields(form).get(name)
    if field is None or (state.FORM_FIELDS_DRAWN.get() and field.key in st.session_state):
        return None
    return field.value


def set_value(form: str, name: str, value: object) -> None:
    """Sets a value before its widget is drawn."""
    field = _fields(form).setdefault(name, _Field(f"{name}_{form}", value))
    field.value = st.session_state[field.key] = value


def value(form: str, name: str) -> object:
    field = _fields(form).get(name)
    return field.value if field else None


def changed_value(form: str, name: str) -> object:
    """The value, if it is another one than at the start."""
    field = _fields(form).get(name)
    return field.value if field and field.value != field.start else None


def is_changed(form: str) -> bool:
    return any(field.value != field.start for field in _fields(form).values() if field.start is not _UNKNOWN)


def remove(form: str, name: str) -> None:
    _fields(form).pop(name, None)


def forget(form: str) -> None:
    state.FORM_FIELDS.get().pop(form, None)


def _fields(form: str) -> dict[str, _Field]:
    return state.FORM_FIELDS.get_or_make(dict).setdefault(form, {})
