"""What the players report."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import streamlit as st

from components.music import player, playlist
from components.music.playlist import Playlist
from diary import errors, music_feedback
from tests.pages.music.page import ZONE, Music, today


class TestHandingOver:
    """What the YouTube player reports, through the same callbacks."""

    @pytest.fixture
    def kept(self, person, monkeypatch: pytest.MonkeyPatch) -> Playlist:
        monkeypatch.setattr(st, "session_state", {})
        monkeypatch.setattr(player, "find_visitor", lambda: person)
        monkeypatch.setattr(playlist, "zone", lambda: ZONE)
        made = playlist.current(person, playlist.Wish("neutral", 3, "ease"), "youtube")
        assert made
        return made

    def report(self, what: str, video_id: str) -> None:
        st.session_state[player._YOUTUBE] = {what: {"video": video_id, "code": 150}}
        {
            "failed": player._failed_video,
            "heard": player._heard_video,
            "ended": player._ended_video,
            "opened": player._opened,
            "silent": player._silent_video,
        }[what]()

    def test_a_video_that_may_not_be_played_here(self, kept: Playlist, person) -> None:
        gone = kept.now.track
        self.report("opened", gone.name)
        self.report("failed", gone.name)
        assert kept.now.track.id != gone.id
        assert kept.trouble == "music.handed_over"
        assert kept.opened  # the next one loads by itself: the person asked for YouTube already
        assert gone.id in music_feedback.taste(person).refused

    def test_when_none_of_many_plays_it_stops_trying(self, kept: Playlist) -> None:
        self.report("opened", kept.now.track.name)
        for _ in range(5):
            self.report("failed", kept.now.track.name)
        assert (kept.opened, kept.trouble) == (False, "music.none_plays")

    def test_one_that_plays_begins_the_count_anew(self, kept: Playlist, person) -> None:
        self.report("failed", kept.now.track.name)
        heard = kept.now.track
        self.report("heard", heard.name)
        assert (kept.failures, kept.trouble) == (0, "")
        assert heard.id in music_feedback.taste(person).heard_days_ago

    def test_at_the_end_comes_the_next_and_after_the_last_nothing(self, kept: Playlist) -> None:
        for place in range(1, 6):
            self.report("ended", kept.now.track.name)
            assert kept.at == place
        self.report("ended", kept.now.track.name)
        assert kept.at == 5

    def test_an_answer_about_something_else_changes_nothing(self, kept: Playlist) -> None:
        before = list(kept.choices)
        for what in ("failed", "heard", "ended"):
            self.report(what, "nothing-like")
        assert (kept.choices, kept.at, kept.trouble) == (before, 0, "")

    def test_silence_is_said(self, kept: Playlist) -> None:
        self.report("silent", kept.now.track.name)
        assert kept.trouble == "music.silent"

    def test_where_youtube_is_silent_one_press_plays_without_internet(self, music: Callable[..., Music]) -> None:
        there = music(entry=today("happiness"))
        there.kept.trouble = "music.silent"
        there.app.run()
        there.press_key("play_offline")
        there.expect_calm()
        assert {choice.track.kind for choice in there.kept.choices} == {"local"}
        assert (there.kept.source, there.kept.called) == ("local", there.kept.jump)
        assert there.app.button_group(key="music_source").value == "local"

    def test_a_full_disk_does_not_stop_the_music(self, kept: Playlist, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> None:
            raise errors.DiskFull()

        monkeypatch.setattr(music_feedback, "add", full)
        before = kept.now.track
        self.report("failed", before.name)
        assert kept.now.track.id != before.id


def test_the_local_player_reports_what_was_heard_and_skipped(person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(player, "find_visitor", lambda: person)
    monkeypatch.setattr(playlist, "zone", lambda: ZONE)
    kept = playlist.current(person, playlist.Wish("neutral", 3, "ease"), "local")
    assert kept
    first, second = (choice.track.id for choice in kept.choices[:2])
    st.session_state[player._LOCAL] = {"heard": [first], "skipped": [second, "local:nothing-like"]}
    player._heard_tracks()
    player._skipped_tracks()
    said = [(feedback["said"], feedback["track"]) for feedback in music_feedback.every(person)]
    assert said == [("heard", first), ("skipped", second)]
