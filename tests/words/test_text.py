import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import Refusal
from words.text import MAX_CHARACTERS, clean, korean_share


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_text"),
        ("  \n\t ", "no_text"),
        ("\x00\x00", "no_text"),
        ("\ud83d", "no_text"),
        ("\u200b\ufeff", "no_text"),
        ("12345", "no_words"),
        ("2026-11-20 !!! ???", "no_words"),
        ("كان يومًا جميلاً", "unknown_language"),
        ("今日はとても楽しかった ok", "unknown_language"),
        ("Сегодня был хороший день", "unknown_language"),
        ("a" * (MAX_CHARACTERS + 1), "too_long"),
        (None, "not_text"),
        (b"bytes", "not_text"),
    ],
)
def test_what_cannot_be_read_has_a_name_and_a_sentence(text, code):
    with pytest.raises(Refusal) as refusal:
        clean(text)
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


def test_a_refusal_repeats_nothing_of_the_text():
    with pytest.raises(Refusal) as refusal:
        clean("تفاصيل سرية جدا")
    assert "سرية" not in str(refusal.value) + str(refusal.value.details)


@pytest.mark.parametrize("text", ["😊", ":(", "ㅠㅠ", "^^", "I'm ok", "좋아", "7시에 밥"])
def test_short_lines_are_lines(text):
    assert clean(text) == text


def test_decomposed_hangul_is_composed():
    assert clean(unicodedata.normalize("NFD", "행복했다")) == "행복했다"


def test_a_split_pair_of_surrogates_is_joined_and_a_lone_half_dropped():
    assert clean("좋아 \ud83d\ude0a") == "좋아 😊"
    assert clean("좋아\ud83d!") == "좋아 !"


def test_nul_and_direction_marks_go_and_line_ends_stay():
    assert clean("좋\x00아\u202e\n그래") == "좋 아 \n그래"


@given(st.text())
def test_any_unicode_is_cleaned_or_refused(text):
    try:
        cleaned = clean(text)
    except Refusal:
        return
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize("mark", ["\u0301", "\u0f73", "\u0f75", "\u0f81"])
def test_few_marks_of_a_letter_are_kept(mark: str):
    """The last three are no marks by their class, but consist of marks: a long run of them is as slow to compose."""
    assert len(clean("happy a" + mark * 50)) <= len("happy a") + 4


def test_combining_marks_take_no_quadratic_time():
    started = time.perf_counter()
    clean("a" + "\u0301\u0316" * 49_999)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(("text", "share"), [("행복", 1.0), ("happy", 0.0), ("😊", 0.5)])
def test_korean_share(text, share):
    assert korean_share(text) == share
