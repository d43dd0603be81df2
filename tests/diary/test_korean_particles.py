from __future__ import annotations

import pytest

from diary.korean_particles import chosen, stem


@pytest.mark.parametrize(
    ("word", "noun"),
    [
        ("도서관에서", "도서관"),
        ("도서관에서도", "도서관"),
        ("친구들이", "친구"),
        ("친구랑", "친구"),
        ("어머니께서는", "어머니"),
        ("비가", "비"),
        ("물을", "물"),
        ("집에", "집"),
        ("학교로", "학교"),
        # Nouns that only look as if they carried one.
        ("가을", None),
        ("나이", None),
        ("사랑", None),
        ("회의", None),
        ("아들", None),
        ("작가", None),
        # Without one, and what is no Korean word.
        ("도서관", None),
        ("에서", None),
        ("coffee는", None),
        ("", None),
        ("ㅎ에서", None),
    ],
)
def test_the_noun_without_its_particle(word: str, noun: str | None) -> None:
    assert stem(word) == noun


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("잠(이/가) 모자랐어요", "잠이 모자랐어요"),
        ("**커피**(이/가) 넷, **물**(을/를) 다섯", "**커피**가 넷, **물**을 다섯"),
        ("11월(은/는) 10월(과/와)", "11월은 10월과"),
        ("작년 이맘때(과/와) 비슷했어요", "작년 이맘때와 비슷했어요"),
        ("3(이/가) 5(이/가) 10(은/는)", "3이 5가 10은"),
        ("Pills(을/를) 먹은 날", "Pills을(를) 먹은 날"),
        ("😴(이/가)", "😴(이/가)"),
        ("말(없이)", "말(없이)"),
    ],
)
def test_the_particle_that_fits_the_sound_before_it(template: str, sentence: str) -> None:
    assert chosen(template) == sentence
