import random
import re
from itertools import product

import numpy as np
import pytest

from emotions import EMOTIONS
from training.words import corpora, phrases
from training.words import practice as sentences
from training.words.evaluate import DIARY, NEGATION
from training.words.practice import practice


def test_no_line_of_the_test_data_is_practised():
    def bare(text: str) -> str:
        return "".join(text.lower().split()).strip(".!")

    practised = {bare(text) for text in practice(20_000)[0]}
    measured = {bare(line["text"]) for file in (DIARY, NEGATION) for line in corpora.diary_lines(file)}
    assert not practised & measured


def test_practice_is_the_same_each_time_and_knows_all_seven():
    texts, shares = practice(500, seed=1)
    assert texts == practice(500, seed=1)[0]
    assert texts != practice(500, seed=2)[0]
    assert np.allclose(shares.sum(1), 1)
    assert (shares.sum(0) > 10).all()
    assert not any(re.search("[a-z가-힣]_[a-z가-힣]", text.replace("t_t", "")) for text in texts)


def test_the_phrases_name_the_seven():
    for table in (
        phrases.KOREAN_FEELINGS, phrases.ENGLISH_FEELINGS, phrases.KOREAN_EVENTS, phrases.ENGLISH_EVENTS,
        phrases.KOREAN_DENIED, phrases.ENGLISH_DENIED,
    ):  # fmt: skip
        assert set(table) == set(EMOTIONS)


def test_sentences_with_a_negation_are_whole():
    kinds = ("_denied_event", "_neither", "_not_but", "_no_longer", "_as_never", "_goes_on", "_denial")
    for kind, language, seed in product(kinds, ("ko", "en"), range(50)):
        text, shares = getattr(sentences, kind)(random.Random(seed), language)
        assert text.strip(), (kind, language, seed)
        assert not set("{/") & set(text), text
        assert sum(shares.values()) == pytest.approx(1), text
