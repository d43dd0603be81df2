"""Suggestions for the moods of other diaries."""

from __future__ import annotations

from time import thread_time

import pytest

from diary.transfer.moods import suggest
from emotions import EMOTIONS


@pytest.mark.parametrize(
    ("word", "mood"),
    [
        ("rad", "happiness"),
        ("Good 😊", "happiness"),
        ("meh", "neutral"),
        ("Neutral", "neutral"),  # as Haru's own tables called it before
        ("평온", "neutral"),
        ("bad", "sadness"),
        ("awful", "sadness"),
        ("Anxious", "fear"),
        ("mad", "anger"),
        ("신남", "happiness"),
        ("좋음", "happiness"),
        ("그저 그럼", "neutral"),
        ("별로", "sadness"),
        ("끔찍함", "sadness"),
        ("짜증남", "anger"),
        ("불안불안", "fear"),
        ("깜짝 놀람", "surprise"),
        ("Very Pleasant", "happiness"),
        ("Slightly Unpleasant", "sadness"),
        ("약간 불쾌함", "sadness"),
        ("매우 유쾌함", "happiness"),
        ("Passionate", "happiness"),
        ("Ashamed", "sadness"),
        ("Jealous", "anger"),
        ("Drained", "neutral"),
        ("5", "happiness"),
        ("1", "sadness"),
    ],
)
def test_sensible_suggestions_in_both_languages(word: str, mood: str) -> None:
    assert suggest(word).mood == mood


def test_a_mood_of_a_hundred_thousand_accents_takes_no_time() -> None:
    started = thread_time()
    assert suggest("good" + "\u030b\u0316" * 20_000) is None
    assert thread_time() - started < 0.5


@pytest.mark.parametrize("word", ["zorg", "뷁", "🌀", "", "made", "7", "badminton"])
def test_no_suggestion_is_better_than_a_silly_one(word: str) -> None:
    assert suggest(word) is None


@pytest.mark.parametrize("mood", EMOTIONS)
def test_harus_own_names_are_known(mood: str) -> None:
    from emotions import BY_KEY

    assert {suggest(name).mood for name in (mood, BY_KEY[mood].ko, BY_KEY[mood].en)} == {mood}


def test_stronger_words_are_stronger() -> None:
    assert suggest("rad").intensity > suggest("good").intensity
    assert suggest("awful").intensity > suggest("bad").intensity
    assert suggest("매우 좋음").intensity > suggest("좋음").intensity
    assert [suggest(f"{degree}Pleasant").intensity for degree in ("Very ", "", "Slightly ")] == [5, 3, 2]
