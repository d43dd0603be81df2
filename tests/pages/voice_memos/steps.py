"""Steps on the page that takes voice memos."""

from __future__ import annotations

from datetime import date

import numpy as np

from components import state as session_state
from diary import consents, entries
from tests.pages.conftest import Visit
from tests.understanding.test_live import until
from understanding.voice_memos import MemoReader

PAGE = "pages/data.py"
ZONE = "Asia/Seoul"
NAMED = "Recording 2026-03-02 08.12.wav"
TONE = (0.3 * np.sin(np.arange(96_000) / 20)).astype(np.float32)


def allow(there: Visit, *kinds: str) -> Visit:
    for kind in kinds:
        consents.set_given(there.session, kind, True)
    there.app.run()
    return there


def drop(there: Visit, *files: tuple[str, bytes], wait: bool = True) -> None:
    uploader = there.app.file_uploader[1]
    uploader.set_value([(name, content, "audio/mp4") for name, content in files]).run()
    assert not there.app.exception, there.app.exception
    if wait:
        until(lambda: not any(memo.is_unfinished for memo in reader(there).memos))
        there.app.run()
        assert not there.app.exception, there.app.exception


def reader(there: Visit) -> MemoReader:
    return there.app.session_state[session_state.PAGE_CACHE.key]["memos"][1].reader


def field(there: Visit, kind: str, name: str, number: int = 0):
    """The widget of a memo, by its place among the memos that can be kept."""
    return [each for each in getattr(there.app, kind) if (each.key or "").startswith(f"{name}_")][number]


def keep_button(there: Visit):
    return there.app.button(key="memos_keep")


def can_keep(there: Visit) -> bool:
    return any(button.key == "memos_keep" for button in there.app.button)


def saved(there: Visit) -> list[tuple[date, str, str]]:
    return [(entry.day, entry.mood, entry.note) for entry in entries.every(there.session)]


def nothing_kept(there: Visit) -> bool:
    return entries.count(there.session) == 0
