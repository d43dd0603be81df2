"""Saved lists of tracks: kept, sealed, renamed, deleted, exported and imported."""

from __future__ import annotations

import json

import pytest

from diary import accounts, database, errors, music_lists
from diary.music_lists import MusicList
from diary.transfer import export, haru, import_plan, importing
from music.track import Track


def track(track_id: str = "local:walk.opus", title: str = "Walk") -> Track:
    return Track(
        track_id, {"en": title, "ko": "산책"}, {"en": "Somebody"}, track_id, "classical", 0.5, -0.25, seconds=90
    )


def saved(name: str = "슬픔 · 11월 30일", *tracks: Track) -> MusicList:
    return MusicList(name, "local", "sadness", 3, "ease", tracks or (track(), track("own:" + "a" * 32, "Mine")))


def test_a_list_is_there_again_as_it_was_saved(person, stranger) -> None:
    first, second = saved(), saved("two")
    music_lists.add(person, first)
    music_lists.add(person, second)
    assert music_lists.every(person) == [second, first]
    assert music_lists.every(stranger) == []


def test_nothing_of_it_is_readable_in_the_database(person) -> None:
    music_lists.add(person, saved("a name that I gave"))
    with database.connect() as db:
        (row,) = db.table("music_lists").rows
    assert b"a name that I gave" not in row["sealed"]
    assert b"local:walk" not in row["sealed"]


def test_it_gets_another_name_only_from_its_owner(person, stranger) -> None:
    new = saved("old")
    music_lists.add(person, new)
    for session, name in ((stranger, "theirs"), (person, "  ")):
        music_lists.rename(session, new.id, name)
        assert music_lists.every(person)[0].name == "old"
    music_lists.rename(person, new.id, " new \n name " + "x" * 200)
    (renamed,) = music_lists.every(person)
    assert renamed.name.startswith("new name xxx")
    assert len(renamed.name) == music_lists.NAME_MAX
    assert renamed.tracks == new.tracks


def test_a_deleted_list_comes_back_when_that_is_undone(person, stranger) -> None:
    new = saved()
    music_lists.add(person, new)
    music_lists.delete(stranger, new.id)
    assert music_lists.every(person) == [new]
    deletion = music_lists.delete(person, new.id)
    assert music_lists.every(person) == []
    deletion.undo(person)
    assert music_lists.every(person) == [new]


def test_there_are_so_many_lists_and_no_more(person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(music_lists, "LISTS_MAX", 1)
    music_lists.add(person, saved())
    with pytest.raises(errors.TooManyMusicLists):
        music_lists.add(person, saved())


def test_a_damaged_list_costs_only_itself(person) -> None:
    music_lists.add(person, saved("one"))
    music_lists.add(person, saved("two"))
    with database.connect() as db:
        db.execute("update music_lists set sealed = ? where rowid = 1", [b"\x01rubbish"])
    assert [each.name for each in music_lists.every(person)] == ["two"]


def test_they_go_with_the_account(person) -> None:
    music_lists.add(person, saved())
    accounts.delete(person)
    with database.connect() as db:
        assert db.table("music_lists").count == 0


def test_an_export_brings_them_to_this_and_to_another_account(person, stranger) -> None:
    new = saved()
    music_lists.add(person, new)
    content = json.loads(export.as_json(person))
    assert content["music"]["lists"][0]["name"] == new.name
    file = haru.read(content, "Asia/Seoul")
    assert file.music_lists == (new,)
    assert import_plan.plan(person, file, {}, zone="Asia/Seoul").music_lists == ()
    music_lists.delete(person, new.id)
    importing.run_import(person, file, import_plan.plan(person, file, {}, zone="Asia/Seoul"))
    assert music_lists.every(person) == [new]
    for _ in range(2):
        planned = import_plan.plan(stranger, file, {}, zone="Asia/Seoul", was_mine=True)
        importing.run_import(stranger, file, planned)
        (theirs,) = music_lists.every(stranger)
        assert theirs.id != new.id
        assert theirs.name == new.name
        assert theirs.tracks[0] == new.tracks[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"tracks": []},
        {"tracks": [{}]},
        {"source": "radio"},
        {"intensity": 9},
        {"mood": "bored"},
        {"intent": "sleep"},
        {"id": "../x"},
    ],
)
def test_an_edited_list_in_a_file_is_refused(person, wrong: dict) -> None:
    music_lists.add(person, saved())
    content = json.loads(export.as_json(person))
    content["music"]["lists"][0] |= wrong
    with pytest.raises(errors.FileDamaged):
        haru.read(content, "Asia/Seoul")


@pytest.mark.parametrize("track_id", ["local:../../etc/passwd", "local:.hidden", "youtube:short", "other:x"])
def test_a_track_with_an_id_that_leads_elsewhere_is_refused(person, track_id: str) -> None:
    music_lists.add(person, saved())
    content = json.loads(export.as_json(person))
    content["music"]["lists"][0]["tracks"][0]["id"] = track_id
    with pytest.raises(errors.FileDamaged):
        haru.read(content, "Asia/Seoul")
