"""The music page by AppTest: suggestions, feedback on them, and unreadable catalogues."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import streamlit as st

from components import state as session_state
from components.music import player, playlist, wish
from components.music.playlist import Playlist
from components.text import plain
from diary import database, days, drafts, entries, errors, music_feedback, music_lists
from diary.entries import NewEntry
from diary.music_lists import MusicList
from emotions import BY_KEY
from music import catalogue, search_cache, youtube
from music.recommend import Taste
from tests.diary.test_music_lists import track as a_track
from tests.music.test_youtube import answers, found, google_error, video
from tests.pages.conftest import Visit

PAGE = "pages/music.py"
ZONE = "Asia/Seoul"


class Music(Visit):
    """A person on the music page."""

    @property
    def kept(self) -> Playlist:
        return self.app.session_state[session_state.PLAYLIST.key]

    @property
    def titles(self) -> list[str]:
        return [choice.track.title_in(self.session.language) for choice in self.kept.choices]

    def choose(self, mood: str = "anger", intent: str = "match", intensity: int = 3) -> None:
        self.app.button_group(key="mood_choice_music").set_value(mood).run()
        self.app.select_slider(key="intensity_music").set_value(intensity).run()
        if intent != "match":
            self.app.button_group(key="music_intent").set_value(intent).run()
        self.expect_calm()

    def search(self) -> None:
        self.app.button(key="youtube_search").click().run()


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


def today(mood: str, intensity: int = 3) -> NewEntry:
    return NewEntry(mood, intensity, days.today(ZONE), ZONE)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_without_any_entry_a_mood_can_be_chosen(music: Callable[..., Music], language: str) -> None:
    there = music(language)
    assert there.app.title[0].value == there.t("music.title")
    assert there.app.info[0].value == there.t("music.choose_mood")
    there.choose("anger", "ease")
    assert len(there.kept.choices) == 6
    assert there.says(there.t("why_music.start"))
    assert there.says(there.t("why_music.goal_ease"))


def test_it_is_for_todays_mood_until_another_mood_is_chosen(music: Callable[..., Music]) -> None:
    there = music(entry=today("fear", 2))
    assert there.says(there.t("music.from_today"))
    assert (there.kept.wish.mood, there.kept.wish.intensity) == ("fear", 2)
    there.choose("happiness")
    assert there.kept.wish.mood == "happiness"
    there.app.run()
    assert there.kept.wish.mood == "happiness"


def test_it_is_for_the_entry_that_today_hands_over(music: Callable[..., Music]) -> None:
    there = music(entry=today("fear", 2))
    handed = entries.add(there.session, NewEntry("surprise", 5, days.today(ZONE), ZONE))
    entries.add(there.session, today("anger"))
    there.app.session_state[session_state.MUSIC_ENTRY.key] = handed
    there.app.run()
    assert (there.kept.wish.mood, there.kept.wish.intensity) == ("surprise", 5)
    entries.delete(there.session, handed)
    there.app.run()
    there.expect_calm()
    assert there.kept.wish.mood == "anger"


def _leave_unfinished(there: Music, content: dict) -> None:
    drafts.save(there.session, {"id": drafts.new_id(there.session)} | content)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_earlier_day_is_named_and_its_mood_is_not_taken(music: Callable[..., Music], language: str) -> None:
    earlier = days.today(ZONE) - timedelta(days=5)
    there = music(language, entry=NewEntry("sadness", 4, earlier, ZONE))
    assert session_state.PLAYLIST.key not in there.app.session_state
    assert there.app.button_group(key="mood_choice_music").label == there.t("music.today")
    (said,) = [info.value for info in there.app.info]
    assert BY_KEY["sadness"].name(language) in said
    assert str(earlier.day) in said


def test_the_mood_of_todays_unfinished_note_comes_before_asking(music: Callable[..., Music], monkeypatch) -> None:
    there = music()
    _leave_unfinished(there, {"fields": {"mood": "anger", "intensity": 4, "note": "half"}})
    there.app.run()
    there.expect_calm()
    assert (there.kept.wish.mood, there.kept.wish.intensity) == ("anger", 4)
    assert there.says(there.t("music.from_draft"))
    entries.add(there.session, today("happiness"))
    there.app.run()
    assert there.kept.wish.mood == "happiness"


@pytest.mark.parametrize("fields", [{"mood": {"cleared": True}}, {"note": "x"}, {"mood": "fear", "day": "2026-01-02"}])
def test_an_unfinished_note_without_todays_mood_is_none(music: Callable[..., Music], fields: dict) -> None:
    there = music()
    _leave_unfinished(there, {"fields": fields})
    there.app.run()
    there.expect_calm()
    assert session_state.PLAYLIST.key not in there.app.session_state


def test_an_unfinished_note_of_an_earlier_day_is_not_todays_mood(person) -> None:
    now = days.today(ZONE)
    drafts.save(person, {"fields": {"mood": "anger"}})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wish, "zone", lambda: ZONE)
        patch.setattr(wish, "t", lambda key: key)
        found = wish._start(person, now)
        assert found is not None
        assert (found.mood, found.intensity, found.sentence) == ("anger", 3, "music.from_draft")
        assert wish._start(person, now + timedelta(days=1)) is None


def test_on_a_new_day_the_mood_of_yesterday_is_gone(music: Callable[..., Music]) -> None:
    there = music(entry=today("fear", 2))
    assert there.kept.wish.mood == "fear"
    there.app.session_state[session_state.WISH_START.key] = "2026-01-02 an-entry"
    with database.connect() as db:
        db.execute("delete from entries")
    there.app.run()
    there.expect_calm()
    assert there.app.button_group(key="mood_choice_music").value is None


@pytest.mark.parametrize("entry", [None, today("fear")])
def test_a_look_elsewhere_loses_neither_mood_nor_list(music: Callable[..., Music], entry: NewEntry | None) -> None:
    there = music(entry=entry)
    there.choose("anger", "ease")
    there.press_key("hear_3")
    before = there.titles
    for room in ("own", "credits", "listen"):
        there.app.button_group(key="music_section").set_value(room).run()
    there.expect_calm()
    assert (there.kept.wish.mood, there.kept.wish.intent) == ("anger", "ease")
    assert (there.titles, there.kept.at) == (before, 3)
    there.app.switch_page("pages/help.py").run()
    there.app.switch_page(PAGE).run()
    assert (there.kept.wish.mood, there.kept.wish.intent) == ("anger", "ease")
    assert (there.titles, there.kept.at) == (before, 3)


def test_the_list_stays_while_it_is_listened_to(music: Callable[..., Music]) -> None:
    there = music(entry=today("happiness"))
    before = there.titles
    there.press_key("like")
    assert there.app.button(key="like").label == there.t("music.liked")
    assert there.titles == before
    assert music_feedback.likes(there.session) == {there.kept.choices[0].track.id}
    there.press_key("like")
    assert music_feedback.likes(there.session) == frozenset()
    there.press_key("hear_3")
    assert (there.kept.at, there.titles) == (3, before)
    there.press_key("another_list")
    assert there.titles != before


def test_a_piece_called_by_its_button_is_to_begin_and_one_that_only_moved_up_is_not(
    music: Callable[..., Music],
) -> None:
    there = music(entry=today("happiness"))
    there.press_key("hear_3")
    assert there.kept.called == there.kept.jump
    there.app.button_group(key="music_source").set_value("youtube").run()
    there.press_key("skip")
    assert there.kept.called != there.kept.jump
    turn = there.kept.jump
    there.press_key("another_list")
    # A new list never looks like the old one to the player that goes on in the browser.
    assert there.kept.jump > turn
    assert (there.kept.at, there.kept.called == there.kept.jump) == (0, False)


def test_skipping_and_refusing(music: Callable[..., Music]) -> None:
    there = music(entry=today("happiness"))
    there.press_key("skip")
    assert there.kept.at == 1
    gone = there.kept.now.track
    before = there.titles
    there.press_key("refuse")
    assert there.notice == there.t("music.refused")
    assert gone.title["en"] not in there.titles
    assert [title for title in there.titles if title in before] == [t for t in before if t != gone.title["en"]]
    assert len(set(there.titles)) == 6
    assert gone.id in music_feedback.taste(there.session).refused
    assert music_feedback.taste(there.session).tracks[there.kept.choices[0].track.id] < 0


def test_one_tap_afterwards(music: Callable[..., Music]) -> None:
    there = music(entry=today("happiness"))
    track = there.kept.now.track
    key = next(group.key for group in there.app.button_group if (group.key or "").startswith("after_"))
    there.app.button_group(key=key).set_value("better").run()
    assert there.says(there.t("music.thanks"))
    there.app.run()
    assert [said["said"] for said in music_feedback.every(there.session)] == ["better"]
    assert music_feedback.taste(there.session).helped[track.id] > 0


def test_genres_and_strength_are_kept_and_count(music: Callable[..., Music]) -> None:
    there = music(entry=today("happiness"))
    there.app.button_group(key="music_genres").set_value(["korean"]).run()
    there.expect_calm()
    assert {choice.track.genre for choice in there.kept.choices} == {"korean"}
    assert music_feedback.CHOSEN_GENRES.of(there.session) == ["korean"]
    there.app.button_group(key="music_strength").set_value("soft").run()
    assert there.kept.wish.strength == "soft"
    assert music_feedback.STRENGTH.of(there.session) == "soft"
    there.app.button_group(key="music_genres").set_value([]).run()
    assert there.kept.wish.genres == frozenset()


def test_what_was_learnt_can_be_forgotten(music: Callable[..., Music]) -> None:
    there = music(entry=today("happiness"))
    there.press_key("like")
    assert there.notice == there.t("music.more_like_this")
    there.press_key("like")
    assert there.notice == there.t("music.no_longer_liked")
    there.press_key("forget_tastes")
    assert there.notice == there.t("music.forgotten")
    assert music_feedback.taste(there.session) == Taste()


@pytest.mark.parametrize(
    ("mood", "intensity", "beside"), [("sadness", 5, True), ("fear", 4, True), ("sadness", 3, False)]
)
def test_help_stands_beside_the_player_on_the_darkest_days(
    music: Callable[..., Music], mood: str, intensity: int, beside: bool
) -> None:
    there = music(entry=today(mood, intensity))
    assert there.says(there.t("music.dark")) == beside
    there.app.button_group(key="music_intent").set_value("lift").run()
    playful = [choice.track for choice in there.kept.choices if choice.track.playful]
    assert not (beside and playful)
    assert there.says(there.t("music.warmth_means" if beside else "music.lift_means"))


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


def test_the_credits_name_every_local_track(music: Callable[..., Music]) -> None:
    there = music()
    there.app.button_group(key="music_section").set_value("credits").run()
    there.expect_calm()
    assert there.says(there.t("credits.placed_means"))
    local = catalogue.load().of_kind("local")
    for track in local:
        assert there.says(plain(track.title["en"]))


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
