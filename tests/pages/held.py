"""What Streamlit holds of a page while its tab is idle: the callbacks of widgets, and fragments such as dialogues."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from types import FunctionType

from diary.sessions import Session
from tests.pages.conftest import Visit


def sessions_held(visit: Visit) -> list[Session]:
    """The sessions among them: each has the key of the diary, which must not stay in memory."""
    widgets = visit.app._session_state._state._new_widget_state.widget_metadata.values()
    callbacks = [(widget.callback, widget.callback_args, widget.callback_kwargs) for widget in widgets]
    assert callbacks
    fragments = list(visit.app._fragment_storage._fragments.values())
    return [found for found in _parts([callbacks, fragments]) if isinstance(found, Session)]


def _parts(held: object, seen: set[int] | None = None) -> Iterator[object]:
    """Everything that an argument, a function or its closure leads to; not the globals of a function."""
    seen = set() if seen is None else seen
    if id(held) in seen:
        return
    seen.add(id(held))
    yield held
    inside: list[object] = []
    if isinstance(held, FunctionType):
        inside = [cell.cell_contents for cell in held.__closure__ or ()] + list(held.__defaults__ or ())
    elif isinstance(held, partial):
        inside = [held.func, held.args, held.keywords]
    elif isinstance(held, dict):
        inside = list(held.values())
    elif isinstance(held, list | tuple | set):
        inside = list(held)
    for part in inside:
        yield from _parts(part, seen)
