from __future__ import annotations

import pytest

from diary.korean_particles import stem


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
