import random
import re

import numpy as np
import pytest

from emotions import EMOTIONS
from training.words import corpora, phrases
from training.words import practice as sentences
from training.words.evaluate import DIARY, NEGATION
from training.words.practice import practice


@pytest.mark.parametrize("measured", [DIARY, NEGATION])
def test_no_line_that_measures_is_ever_practised(measured):
    practised = {"".join(text.lower().split()).strip(".!") for text in practice(20_000)[0]}
    for line in corpora.diary_lines(measured):
        assert "".join(line["text"].lower().split()).strip(".!") not in practised


def test_practice_is_the_same_each_time_and_knows_all_seven():
    texts, shares = practice(500, seed=1)
    assert texts == practice(500, seed=1)[0]
    assert texts != practice(500, seed=2)[0]
    assert np.allclose(shares.sum(1), 1)
    assert (shares.sum(0) > 10).all()
    assert not any(re.search("[a-z가-힣]_[a-z가-힣]", text.replace("t_t", "")) for text in texts)


@pytest.mark.parametrize(
    "table",
    [
        phrases.KOREAN_FEELINGS, phrases.ENGLISH_FEELINGS, phrases.KOREAN_EVENTS, phrases.ENGLISH_EVENTS,
        phrases.KOREAN_DENIED, phrases.ENGLISH_DENIED,
    ],
)  # fmt: skip
def test_the_phrases_name_the_seven(table):
    assert set(table) == set(EMOTIONS)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    "kind", ["_denied_event", "_neither", "_not_but", "_no_longer", "_as_never", "_goes_on", "_denial"]
)
def test_sentences_with_a_negation_are_whole(kind, language):
    for seed in range(50):
        text, shares = getattr(sentences, kind)(random.Random(seed), language)
        assert text.strip()
        assert "{" not in text
        assert "/" not in text
        assert sum(shares.values()) == pytest.approx(1)
