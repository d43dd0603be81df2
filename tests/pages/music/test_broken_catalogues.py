"""A catalogue edited by hand: the page still plays something."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from components import state as session_state
from music import catalogue
from tests.pages.music.page import Music, today


class TestNonsense:
    """A catalogue edited by hand: the page still plays something."""

    def test_without_youtube_the_local_tracks_play(
        self, music: Callable[..., Music], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        there = music(entry=today("happiness"))
        for content in ("", "{", '{"tracks": []}', '{"tracks": "none"}', '[{"id": 7}]'):
            with monkeypatch.context() as patch:
                _break(patch, tmp_path, youtube=content)
                there.app.session_state[session_state.PLAYLIST.key] = None
                there.app.run()
                there.expect_calm()
                assert there.app.warning[0].value == there.t("music.no_youtube"), content
                assert {choice.track.kind for choice in there.kept.choices} == {"local"}, content

    def test_without_local_tracks_youtube_is_there(
        self, music: Callable[..., Music], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        there = music(entry=today("happiness"))
        _break(monkeypatch, tmp_path, local="nonsense")
        there.app.button_group(key="music_source").set_value("local").run()
        there.expect_calm()
        assert there.app.warning[0].value == there.t("music.no_local")
        assert {choice.track.kind for choice in there.kept.choices} == {"youtube"}

    def test_without_anything_it_says_so(
        self, music: Callable[..., Music], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        there = music(entry=today("happiness"))
        _break(monkeypatch, tmp_path, youtube="", local="")
        there.app.session_state[session_state.PLAYLIST.key] = None
        there.app.run()
        there.expect_calm()
        assert there.says(there.t("music.nothing_here"))


def _break(monkeypatch: pytest.MonkeyPatch, folder: Path, youtube: str | None = None, local: str | None = None) -> None:
    """Replaces a catalogue with invalid content, beside one valid local track."""
    there, here = folder / "catalogue.json", folder / "tracks.json"
    (folder / "one.opus").write_bytes(b"OggS")
    row = {
        "file": "one.opus",
        "title": "One",
        "composer": "Somebody",
        "genre": "classical",
        "source": "a score",
        "licence": "public domain",
        "valence": 0.5,
        "arousal": 0.2,
        "seconds": 60,
    }
    there.write_text(catalogue.YOUTUBE.read_text(encoding="utf-8") if youtube is None else youtube, encoding="utf-8")
    here.write_text(json.dumps([row]) if local is None else local)
    monkeypatch.setattr(catalogue, "load", lambda: catalogue.read(there, here))
