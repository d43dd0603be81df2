"""Searching YouTube on the music page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from diary import database
from music import search_cache, youtube
from tests.music.test_youtube import answers, found, google_error, video
from tests.pages.music.page import Music, today


class TestSearching:
    @pytest.fixture
    def wire(self, music: Callable[..., Music], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Music]:
        def connect(http: object, key: str = "a key") -> Music:
            monkeypatch.setenv(youtube.KEY_VARIABLE, key)
            made = youtube.Api.__init__
            monkeypatch.setattr(youtube.Api, "__init__", lambda self, key: made(self, key, http))
            there = music(entry=today("happiness"))
            monkeypatch.setenv(youtube.KEY_VARIABLE, key)
            there.app.run()
            return there

        return connect

    def test_without_a_key_there_is_no_button_but_an_honest_line(self, music: Callable[..., Music]) -> None:
        there = music(entry=today("happiness"))
        assert there.says(there.t("youtube.no_key"))
        assert not [button for button in there.app.button if button.key == "youtube_search"]

    def test_what_is_found_joins_the_list(self, wire: Callable[..., Music]) -> None:
        there = wire(answers(found("abcdefghijk"), {"items": [video(title="<b>Found</b> *one*")]}))
        there.search()
        there.expect_calm()
        assert there.notice == there.t("youtube.found", count=1)
        assert "<b>Found</b> *one*" in there.titles
        # Shown as it was written, never as Markdown or HTML.
        assert there.says("\\<b\\>Found\\</b\\> \\*one\\*")

    @pytest.mark.parametrize(
        ("http", "line"),
        [
            (google_error(400, "keyInvalid"), "wrong_key"),
            (google_error(403, "quotaExceeded"), "quota"),
            (answers("<html>"), "malformed"),
        ],
    )
    def test_a_failure_is_one_honest_line_and_the_list_stays(self, wire: Callable[..., Music], http, line: str) -> None:
        there = wire(http)
        before = there.titles
        there.search()
        there.expect_calm()
        assert [info.value for info in there.app.info] == [there.t(f"youtube.{line}")]
        assert there.titles == before

    def test_when_the_quota_is_spent_nobody_is_asked(self, wire: Callable[..., Music], monkeypatch) -> None:
        http = answers()
        monkeypatch.setattr(search_cache, "SEARCHES_A_DAY", 0)
        there = wire(http)
        there.search()
        assert there.app.info[0].value == there.t("youtube.quota")
        assert http.request_sequence == []
        assert (database.folder() / "youtube.db").exists()
