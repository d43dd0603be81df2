"""The row of chips below the moods: each opens a part of an entry's form, and several may be open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.entry import form_fields
from components.visitor import t

LINE, SPEAK, FACE, LIVE = "line", "speak", "face", "live"
PHOTOS, TAGS, DAY, TIME = "photos", "tags", "day", "time"
READABLE = frozenset({LINE, SPEAK, FACE, LIVE})
"""The parts that hold what models can read."""
ICONS = {LINE: "✏️", SPEAK: "🎙️", FACE: "📷", LIVE: "🎥", PHOTOS: "🖼️", TAGS: "\\#", DAY: "🗓️", TIME: "🕐"}
_FIELD = "parts"
_CONTENT = {LINE: "note", TAGS: "tags", DAY: "day", TIME: "time"}
"""The field by which a part has content."""


def opened(form: str, first: Iterable[str] = ()) -> Set[str]:
    """The open parts; `first` are those that are open until the person opens or closes one."""
    return set(_value(form, first))


def open_part(form: str, part: str) -> None:
    """Call it before the chips are drawn."""
    if part not in (now := _value(form, ())):
        form_fields.set_value(form, _FIELD, [*now, part])


def open_filled(form: str) -> None:
    """Opens the parts that have content, after a draft filled the form."""
    for part, field in _CONTENT.items():
        if form_fields.value(form, field):
            open_part(form, part)


def chips(form: str, parts: Sequence[str], first: Iterable[str] = ()) -> None:
    """Draws the row. A closed part with content has a tick, so that nobody forgets what goes into the entry."""
    now = _value(form, first)
    names = {part: f"{ICONS[part]} {t(f'part.{part}')}" for part in parts}
    for part in parts:
        if part not in now and part in _CONTENT and form_fields.changed_value(form, _CONTENT[part]):
            names[part] += " ✓"
    if any(part not in parts for part in now):  # a consent was withdrawn while its part was open
        form_fields.set_value(form, _FIELD, [part for part in now if part in parts])
    key = form_fields.prepare(form, _FIELD, list(first))
    st.pills(
        t("part.all"),
        list(names),
        selection_mode="multi",
        format_func=names.__getitem__,
        key=key,
        label_visibility="collapsed",
    )


def part(form: str, name: str, is_open: bool) -> DeltaGenerator:
    """The container of a part. A closed part is drawn all the same, out of sight: Streamlit drops the value of a widget
    that a run does not draw, and the words of a recording come into a note that is closed."""
    place = st.container(key=f"part_{name}_{form}")
    if not is_open:
        around = f'[data-testid="stLayoutWrapper"]:has(> .st-key-part_{name}_{form})'
        place.html(f"<style>{around} {{ {_OUT_OF_SIGHT} }}</style>")
    return place


_OUT_OF_SIGHT = "position: absolute; visibility: hidden; width: 100%; height: 0; overflow: hidden;"
"""Not `display: none`: a text area that is drawn without a width has the wrong height when it opens."""


def _value(form: str, first: Iterable[str]) -> list[str]:
    value = form_fields.value(form, _FIELD)
    return list(value) if isinstance(value, list) else list(first)
