"""The list of tracks: how it is played, skipped, refused and learnt from."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components.text import plain
from diary import music_feedback
from diary.entries import NewEntry
from music import catalogue
from music.recommend import Taste
from tests.pages.music.page import PAGE, Music, today


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


def test_the_credits_name_every_local_track(music: Callable[..., Music]) -> None:
    there = music()
    there.app.button_group(key="music_section").set_value("credits").run()
    there.expect_calm()
    assert there.says(there.t("credits.placed_means"))
    local = catalogue.load().of_kind("local")
    for track in local:
        assert there.says(plain(track.title["en"]))
