"""Which mood the music is for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from components import state as session_state
from components.music import wish
from diary import database, days, drafts, entries
from diary.entries import NewEntry
from emotions import BY_KEY
from tests.pages.music.page import ZONE, Music, today


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
