"""Steps in a form whose recordings are written down."""

from __future__ import annotations

from diary import entries
from diary.sessions import Session
from tests.pages.conftest import Visit
from tests.sounds import spoken

FIRST, SECOND = spoken(1.0), spoken(2.0)
TYPED = "Monday, on the train"


def record(there: Visit, recording: bytes = FIRST) -> None:
    there.app.audio_input[0].upload("clip.wav", recording).run()
    there.expect_calm()


def note(there: Visit) -> str:
    return there.app.text_area[0].value


def write(there: Visit, text: str) -> None:
    there.app.text_area[0].set_value(text).run()
    there.expect_calm()


def run(there: Visit) -> None:
    """What the page does by itself twice a second."""
    there.app.run()
    there.expect_calm()


def go(there: Visit, page: str) -> None:
    there.app.switch_page(page).run()
    there.expect_calm()


def button(there: Visit, key: str) -> bool:
    return key in [each.key for each in there.app.button]


def saved(session: Session) -> str:
    (entry,) = entries.every(session)
    return entry.note


def save(there: Visit, mood: str = "happiness") -> None:
    there.app.button_group[0].set_value(mood).run()
    there.press("entry.save")
    there.expect_calm()


def progress(there: Visit) -> str | None:
    bars = there.app.get("progress")
    return bars[0].proto.text if bars else None
