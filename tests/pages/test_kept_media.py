"""Recordings and pictures: kept where the person allowed it, and else gone after saving."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from diary import database, days, entries, media
from diary.entries import NewEntry
from diary.media import NewMedium
from tests.pages.conftest import Visit
from tests.pages.today_form import allow, attach, attached_in, photograph, show_picture
from tests.sounds import spoken
from tests.understanding.fakes import analyst_of


def test_nothing_recorded_is_kept_by_default(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there = allow(visit(), "voice", "face")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    there.press("analyse.button")
    there.press("entry.save")
    with database.connect() as db:
        assert db["media"].count == 0
    assert not attached_in(there)


def test_with_the_persons_own_switch_it_is_kept_and_heard_again(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there = allow(visit(), "voice", "media")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    there.press("analyse.button")
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    (medium,) = media.of_entry(there.session, kept.id)
    assert media.content(there.session, medium.id) == spoken()
    there.app.toggle(key=f"open_{medium.id}").set_value(True).run()
    there.expect_calm()
    there.press("media.delete")
    assert media.of_entry(there.session, kept.id) == []


@pytest.mark.parametrize("stored_as", ["application/octet-stream", "image/svg+xml"])
def test_what_is_no_sound_can_be_downloaded_but_is_not_played(
    visit: Callable[..., Visit], models_are: Callable, stored_as: str
) -> None:
    models_are(analyst_of())
    there = allow(visit(), "voice", "media")
    entry_id = entries.add(
        there.session,
        NewEntry("fear", 3, days.today("Asia/Seoul"), "Asia/Seoul"),
        media=[NewMedium("sound", b"<svg></svg>")],
    )
    (medium,) = media.of_entry(there.session, entry_id)
    with database.transaction() as db:  # as it was stored before types were checked
        db["media"].update(medium.id, {"mime": stored_as})
    there.app.run()
    there.app.toggle(key=f"open_{medium.id}").set_value(True).run()
    there.expect_calm()
    assert there.says(there.t("media.unknown_type"))
    assert there.app.get("download_button")
    assert not there.app.get("audio")


def test_a_kept_moment_goes_into_the_draft_until_it_is_taken_out(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there = allow(visit(), "voice", "face")
    attach(there, voice=spoken(), face=photograph())
    there.press("analyse.button")
    assert there.says("Your voice and face came closest to \ue6a6\xa0Sadness.")
    there.press("attached.remove_voice")
    there.press("attached.remove_face")
    there.press("analyse.button")
    assert there.says(there.t("analyse.nothing"))
    attach(there, face=photograph())
    there.press("analyse.button")
    there.press("entry.save")
    assert [entry.source for entry in entries.every(there.session)] == ["face"]
    assert not attached_in(there)


def test_nothing_of_sound_or_picture_is_anywhere_after_saving(
    visit: Callable[..., Visit],
    models_are: Callable,
    data_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    models_are(analyst_of())
    sound, picture = spoken(), photograph()
    there = allow(visit(), "voice", "face")
    there.app.audio_input[0].upload("clip.wav", sound).run()
    show_picture(there, picture)
    there.press("analyse.button")
    there.press("entry.save")
    assert entries.count(there.session) == 1
    pieces = [content[at : at + 24] for content in (sound, picture) for at in range(100, len(content), 500)]

    def found() -> list[str]:
        files = [file for folder in (data_folder, temporary) for file in folder.rglob("*") if file.is_file()]
        return [file.name for file in files if any(piece in file.read_bytes() for piece in pieces)]

    assert (data_folder / "haru.db").exists()
    assert found() == []
    (temporary / "left behind").write_bytes(b"before" + sound)
    assert found() == ["left behind"]  # the search can find
