"""Error rates, by cases that can be counted by hand."""

from __future__ import annotations

import unicodedata

import pytest

from training.stt.error_rates import Errors, characters, edit_distance, errors, words, words_as_written


@pytest.mark.parametrize(
    ("wanted", "given", "distance"),
    [
        ("", "", 0),
        ("abc", "", 3),
        ("", "abc", 3),
        ("kitten", "sitting", 3),
        ("abc", "abc", 0),
        ("ab", "ba", 2),
        (["a", "bc"], ["a", "b", "c"], 2),
    ],
)
def test_the_distance_is_the_fewest_changes(wanted, given, distance):
    assert edit_distance(wanted, given) == distance
    assert edit_distance(given, wanted) == distance


def test_characters_leave_out_spaces_punctuation_and_capitals():
    assert characters("오늘, 정말 좋았어!") == list("오늘정말좋았어")
    assert characters("OK, 5월 17일…") == list("ok5월17일")
    assert characters(unicodedata.normalize("NFD", "하루")) == ["하", "루"]


def test_a_wrong_syllable_a_missing_one_and_one_too_many_are_three_errors_of_seven():
    assert errors("오늘 정말 좋았어", "오날 정 좋았어요.", characters) == Errors(3, 7)


def test_nothing_written_is_all_wrong():
    assert errors("오늘 정말 좋았어", "", characters) == Errors(7, 7)


def test_words_are_compared_as_published_figures_do():
    assert errors("It's eleven o'clock.", "it is 11 o'clock", words) == Errors(0, 4)
    assert errors("Dogs are sitting by the door", "Dog is sitting by a door!", words) == Errors(3, 6)


def test_words_as_written_keep_inner_apostrophes_alone():
    assert words_as_written("“It’s eleven o’clock!” — she said.") == ["it's", "eleven", "o'clock", "she", "said"]
    assert words_as_written("eleven o' clock") == ["eleven", "o'clock"]
    assert words_as_written("'Dogs' are well-known") == ["dogs", "are", "well", "known"]


def test_digits_count_as_they_are_written_in_korean():
    assert errors("열한 시", "11시", characters) == Errors(2, 3)
    assert errors("It's eleven o'clock.", "It's 11 o'clock.", words_as_written) == Errors(1, 3)
