"""Lists that a person saves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from components.text import plain
from diary import days, music_lists
from diary.music_lists import MusicList
from emotions import BY_KEY
from music import catalogue
from tests.diary.test_music_lists import track as a_track
from tests.pages.music.page import ZONE, Music, today


class TestSavedLists:
    def test_a_list_is_saved_played_renamed_and_deleted(self, music: Callable[..., Music]) -> None:
        there = music(entry=today("fear"))
        there.app.button_group(key="music_source").set_value("local").run()
        titles = there.titles
        there.press_key("save_list")
        assert there.notice == there.t("lists.is_saved")
        (saved,) = music_lists.every(there.session)
        assert saved.name.startswith(BY_KEY["fear"].name("en"))
        assert str(days.today(ZONE).day) in saved.name
        there.choose("happiness", "lift")
        assert there.titles != titles
        there.press_key(f"play_{saved.id}")
        there.expect_calm()
        assert there.titles == titles
        assert (there.kept.wish.mood, there.kept.wish.intent) == ("fear", "match")
        assert there.kept.called == there.kept.jump
        there.app.run()
        assert there.titles == titles
        there.app.text_input(key=f"rename_{saved.id}").set_value("밤에 듣는 곡")
        there.press_key(f"rename_{saved.id}_now")
        assert [each.name for each in music_lists.every(there.session)] == ["밤에 듣는 곡"]
        there.press_key(f"delete_{saved.id}")
        assert there.notice == there.t("lists.deleted")
        assert music_lists.every(there.session) == []
        there.press("undo.button")
        assert [each.name for each in music_lists.every(there.session)] == ["밤에 듣는 곡"]

    def test_a_track_that_is_gone_since_is_named(self, music: Callable[..., Music]) -> None:
        there = music(entry=today("fear"))
        gone = replace(a_track(), id="own:" + "a" * 32, title={"en": "Gone *since*"})
        here = catalogue.load().of_kind("local")[0]
        new = MusicList("mine", "local", "fear", 3, "match", (gone, here))
        music_lists.add(there.session, new)
        there.app.run()
        assert there.says(there.t("lists.gone", titles=plain("Gone *since*")))
        there.press_key(f"play_{new.id}")
        assert [choice.track.id for choice in there.kept.choices] == [here.id]
        only = replace(new, tracks=(gone,), id="b" * 32)
        music_lists.add(there.session, only)
        there.app.run()
        there.press_key(f"play_{only.id}")
        assert there.notice == there.t("lists.all_gone")
