"""The values in the fields of an entry's form, held until the form is saved or discarded.

Streamlit drops the state of every widget that a run does not draw: after a change of page, or a run that failed. Only
what a person typed, chose or cleared may change a value here.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components import state
from web import streamlit_private

_UNKNOWN = object()
_RESTORED = object()
"""In place of a default: the value comes from a draft, and its widget was not drawn yet."""
_EMPTY = (None, "", [])
"""What a widget shows right after the browser has created it."""


@dataclass
class _Field:
    key: str
    """The widget's key."""
    value: object
    default: object = _UNKNOWN
    """What the widget shows until the person changes it."""
    is_file: bool = False
    """A recording, a picture or an uploaded file: its value cannot be set."""


def read_widgets() -> None:
    """Call it first in each run, on every page: the last change may arrive together with a change of page."""
    page = streamlit_private.page_of_this_run()
    if state.FORM_FIELDS_PAGE.get() != page:
        state.FORM_FIELDS_PAGE.set(page)
        state.FORM_FIELDS_DRAWN.set(False)
    for fields in state.FORM_FIELDS.get().values():
        for field in fields.values():
            if field.key in st.session_state:
                field.value = st.session_state[field.key]


def mark_as_drawn() -> None:
    """Call it after a page ran to its end, not after an error or a run that a newer request ended.

    Until then the browser may create the page's widgets again, and empty. After a quick change of page and back it does
    so even if the server still has their state.
    """
    # A visit begins with the address of the site; only `st.navigation` turns that into a page.
    state.FORM_FIELDS_PAGE.set(streamlit_private.page_of_this_run())
    state.FORM_FIELDS_DRAWN.set(True)


def prepare(form: str, name: str, default: object, key: str | None = None) -> str:
    """Sets the widget's value. Call it before the widget is drawn, and pass the widget the returned key but no value.

    Streamlit warns if a widget gets a value in both ways.
    """
    key = key or f"{name}_{form}"
    field = _fields(form).setdefault(name, _Field(key, default, default))
    if key not in st.session_state:
        # An unchanged field takes the new default: after midnight, an open page must not offer yesterday as today.
        st.session_state[key] = default if field.value == field.default else field.value
        field.default = default
    elif field.default in (_UNKNOWN, _RESTORED):
        field.default = default
    elif not state.FORM_FIELDS_DRAWN.get() and field.value not in _EMPTY:
        # Only values that are not empty: setting an empty one would undo a click that the person makes during this run.
        st.session_state[key] = field.value
    field.key, field.value = key, st.session_state[key]
    return key


def watch(form: str, name: str, key: str) -> str:
    """Like `prepare`, for a widget whose value cannot be set: a recording, a picture, an uploaded file."""
    _fields(form)[name] = _Field(key, st.session_state.get(key), is_file=True)
    return key


def watched_value(form: str, name: str) -> object:
    """The last value of a watched widget, also if Streamlit dropped the widget with its page; None if it had none."""
    field = _fields(form).get(name)
    return field.value if field else None


def set_value(form: str, name: str, value: object) -> None:
    """Sets a value before its widget is drawn."""
    field = _fields(form).setdefault(name, _Field(f"{name}_{form}", value))
    field.value = st.session_state[field.key] = value


def restore(form: str, name: str, value: object) -> None:
    """Puts a value from a draft into the form: it counts as changed by the person."""
    key = f"{name}_{form}"
    _fields(form)[name] = _Field(key, value, _RESTORED)
    st.session_state[key] = value


def reset(form: str, name: str) -> None:
    """Sets the default again, where the person cleared the field in another tab."""
    field = _fields(form).get(name)
    if field is not None:
        field.value = st.session_state[field.key] = None if field.default in (_UNKNOWN, _RESTORED) else field.default


def value(form: str, name: str) -> object:
    field = _fields(form).get(name)
    return field.value if field else None


def changed_value(form: str, name: str) -> object:
    """The value, if it differs from the default; else None."""
    field = _fields(form).get(name)
    return field.value if field and field.value != field.default else None


def changed(form: str) -> dict[str, object]:
    """The values that differ from the defaults, by name; without recordings, pictures and files."""
    return {
        name: field.value
        for name, field in _fields(form).items()
        if not field.is_file
        and field.value != field.default
        and not (field.default is _UNKNOWN and field.value in _EMPTY)
    }


def default(form: str, name: str) -> object:
    """What the field shows until the person changes it; None if that is not known yet."""
    field = _fields(form).get(name)
    return None if field is None or field.default in (_UNKNOWN, _RESTORED) else field.default


def set_default(form: str, name: str, default: object) -> None:
    """Replaces what counts as unchanged, after another tab saved a newer version of the entry."""
    if field := _fields(form).get(name):
        field.default = default


def forget_unchanged(form: str) -> None:
    """Lets the fields that the person did not change take their new defaults."""
    for name, field in list(_fields(form).items()):
        if field.default not in (_UNKNOWN, _RESTORED) and field.value == field.default:
            _fields(form).pop(name)
            st.session_state.pop(field.key, None)


def remove(form: str, name: str) -> None:
    _fields(form).pop(name, None)


def forget(form: str) -> None:
    state.FORM_FIELDS.get().pop(form, None)


def _fields(form: str) -> dict[str, _Field]:
    return state.FORM_FIELDS.get_or_make(dict).setdefault(form, {})
