"""The person's own music: upload, playback, files that are not music, and the folder that a setting names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from components.music import folder as music_folder
from components.text import plain
from diary import consents, own_tracks
from music import catalogue
from tests.pages.conftest import Visit
from tests.pages.music.page import Music


def _song() -> bytes:
    return (catalogue.LOCAL_FOLDER / catalogue.load().of_kind("local")[0].name).read_bytes()


def test_uploaded_heard_and_joined(music: Callable[..., Music]) -> None:
    there: Visit = music()
    consents.set_given(there.session, "media", True)
    there.app.button_group(key="music_section").set_value("own").run()
    assert there.app.button(key="own_listen").disabled
    uploader = there.app.file_uploader(key="own_upload")
    uploader.upload("밤 *산책*.webm", _song(), "audio/webm").upload("letter.mp3", b"Dear diary", "audio/mpeg").run()
    there.press_key("own_listen")
    there.expect_calm()
    # One file is described in words and numbers, the other refused; neither stops the other.
    assert there.says("밤 \\*산책\\*")
    assert there.says(there.t("own.not_a_fact"))
    assert there.app.warning[0].value == there.t("refusal.music")
    there.app.toggle(key="own_pictures_0").set_value(True).run()
    there.expect_calm()
    # It joins, with its sound, and can be recommended and removed.
    there.app.checkbox(key="own_keep_0").set_value(True).run()
    there.press_key("own_join_0")
    assert there.notice == there.t("own.joined")
    (own,) = own_tracks.every(there.session)
    assert (own.title, own.mime) == ("밤 *산책*", "audio/webm")
    assert own_tracks.audio(there.session, own.id) == (_song(), "audio/webm")
    there.press_key(f"own_remove_{own.id}")
    assert own_tracks.every(there.session) == []


def test_without_the_switch_no_sound_can_be_kept(music: Callable[..., Music]) -> None:
    there: Visit = music()
    there.app.button_group(key="music_section").set_value("own").run()
    there.app.file_uploader(key="own_upload").upload("a.webm", _song(), "audio/webm").run()
    there.press_key("own_listen")
    assert there.says(there.t("own.no_sound"))
    assert not there.app.checkbox
    there.press_key("own_join_0")
    assert [own.mime for own in own_tracks.every(there.session)] == [""]


def test_two_files_of_one_name_are_two_pieces(music: Callable[..., Music]) -> None:
    there: Visit = music()
    there.app.button_group(key="music_section").set_value("own").run()
    uploader = there.app.file_uploader(key="own_upload")
    uploader.upload("a.webm", _song(), "audio/webm").upload("a.webm", b"Dear diary", "audio/webm").run()
    there.press_key("own_listen")
    there.expect_calm()
    assert [subheader.value for subheader in there.app.subheader][:2] == ["a", plain("a (2)")]
    assert len(there.app.warning) == 1


@pytest.mark.parametrize(("language", "key"), [("ko", "A♭ 장조"), ("en", "A♭ major")])
def test_the_key_is_named_in_the_readers_language(
    music: Callable[..., Music],
    language: str,
    key: str,
) -> None:
    there: Visit = music(language)
    there.app.button_group(key="music_section").set_value("own").run()
    there.app.file_uploader(key="own_upload").upload("rag.webm", _song(), "audio/webm").run()
    there.press_key("own_listen")
    assert there.says(key)


class TestFolder:
    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        top = tmp_path / "music"
        (top / "slow").mkdir(parents=True)
        (top / "slow" / "one.mp3").write_bytes(b"1")
        (top / "slow" / "notes.txt").write_bytes(b"2")
        (tmp_path / "secret.mp3").write_bytes(b"3")
        (top / "slow" / "out.mp3").symlink_to(tmp_path / "secret.mp3")
        monkeypatch.setenv(music_folder.VARIABLE, str(top))
        return top

    def test_without_the_setting_there_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(music_folder.VARIABLE, raising=False)
        assert music_folder.folders() == []
        assert music_folder.files("/etc") == []

    @pytest.mark.parametrize("named", ["", "  ", "/no/such/folder", "/etc/hostname"])
    def test_a_setting_that_names_no_folder(self, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
        monkeypatch.setenv(music_folder.VARIABLE, named)
        assert music_folder.root() is None

    def test_only_music_inside_of_it(self, folder: Path) -> None:
        assert music_folder.folders() == ["slow"]
        assert [file.name for file in music_folder.files("slow")] == ["one.mp3"]

    @pytest.mark.parametrize("asked", ["..", "../..", "/", "slow/..", ""])
    def test_nobody_gets_out_of_it(self, folder: Path, asked: str) -> None:
        assert music_folder.files(asked) == []
