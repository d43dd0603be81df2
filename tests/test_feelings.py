"""The finer words for moods: enough for each mood, in both languages, and where their ratings place them."""

from __future__ import annotations

import re
from collections import Counter

import pytest

import feelings
from emotions import BY_KEY as MOODS
from emotions import EMOTIONS
from feelings import FEELINGS, Feeling

UNPLEASANT = ("fear", "disgust", "anger", "sadness")


@pytest.mark.parametrize("mood", EMOTIONS)
def test_a_mood_has_eight_to_ten_feelings(mood: str) -> None:
    assert 8 <= len(feelings.of_mood(mood)) <= 10


def test_no_key_and_no_word_stands_for_two_feelings() -> None:
    for part in ("key", "ko", "en", "word"):
        assert max(Counter(getattr(feeling, part) for feeling in FEELINGS).values()) == 1, part


def test_every_feeling_has_a_word_in_both_languages() -> None:
    for feeling in FEELINGS:
        assert feelings.KEY.fullmatch(feeling.key)
        assert re.fullmatch("[가-힣 ]+", feeling.name("ko")), feeling
        assert re.fullmatch("[a-z' -]+", feeling.name("en")), feeling
        assert len(feeling.ko) <= 8, "a chip is short"
        assert len(feeling.en) <= 20, "a chip is short"


def test_every_feeling_names_a_mood_and_the_lists_that_it_is_from() -> None:
    for feeling in FEELINGS:
        assert feeling.moods
        assert set(feeling.moods) <= set(EMOTIONS)
        assert feeling.ko_list in ("pm", "lk")
        assert feeling.en_list in ("mm", "ge", "nrc", "")


def _fits(feeling: Feeling, mood: str) -> bool:
    if mood == "neutral":  # neither pleasant nor unpleasant words make it neutral, but their quiet
        return feeling.arousal < 0
    if mood == "surprise":  # a surprise can be good or bad, but it is never quiet
        return feeling.arousal > 0
    return feeling.valence * MOODS[mood].valence > 0


def test_the_place_on_the_plane_agrees_with_the_mood() -> None:
    wrong = [(feeling.key, mood) for feeling in FEELINGS for mood in feeling.moods if not _fits(feeling, mood)]
    assert not wrong
    assert all(-1 <= place <= 1 for feeling in FEELINGS for place in (feeling.valence, feeling.arousal))


def test_a_surprise_can_be_good_or_bad() -> None:
    signs = {feeling.valence > 0 for feeling in feelings.of_mood("surprise")}
    assert signs == {True, False}


def test_tense_moods_have_higher_arousal_than_quiet_ones() -> None:
    mean = {mood: sum(f.arousal for f in feelings.of_mood(mood)) / len(feelings.of_mood(mood)) for mood in EMOTIONS}
    for tense in ("surprise", "fear", "anger"):
        for quiet in ("neutral", "sadness"):
            assert mean[tense] > mean[quiet]


def test_a_calm_an_ordinary_and_a_tired_day_are_easy_to_find() -> None:
    of_neutral = [feeling.key for feeling in feelings.of_mood("neutral")]
    assert {"calm", "okay", "nothing_special", "tired"} <= set(of_neutral)
    assert of_neutral[0] == "calm"
    assert "tired" in [feeling.key for feeling in feelings.of_mood("sadness")]


def test_words_of_a_feeling_hold_both_languages_and_the_dictionary_form() -> None:
    words = feelings.words("proud")
    assert {"뿌듯함", "뿌듯하다", "proud"} <= set(words.split())
    assert feelings.words("from_a_newer_version") == ""
