"""The music page, by AppTest."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from diary import entries
from diary.entries import NewEntry
from music import youtube
from tests.pages.conftest import Visit
from tests.pages.music.page import PAGE, Music


@pytest.fixture
def music(visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Music]:
    monkeypatch.delenv(youtube.KEY_VARIABLE, raising=False)

    def come(language: str = "en", entry: NewEntry | None = None) -> Music:
        there = visit(language=language)
        if entry:
            entries.add(there.session, entry)
        there.__class__ = Music
        there.app.switch_page(PAGE).run()
        there.expect_calm()
        return there

    return come
