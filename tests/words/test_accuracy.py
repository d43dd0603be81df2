"""The accuracy of the shipped weights on test comments, which were not used for any choice."""

import numpy as np
import pytest

from emotions import EMOTIONS
from inference.metrics import accuracy, ece, macro_f1
from training.words import corpora
from training.words.evaluate import DIARY, as_in, scores_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("language", "floor"), [("en", 0.58), ("ko", 0.49)])
def test_goemotions(shipped, data, language, floor):
    test = corpora.goemotions(language, "test", data)
    test = test[np.flatnonzero(test.single)[::4]]  # a quarter of them: reading all takes a minute a language
    # With the class shares of such comments: they are no diary.
    scores = as_in(shipped.words_model, f"goemotions_{language}", test.texts)
    assert macro_f1(test.moods, scores.argmax(1), len(EMOTIONS)) >= floor
    assert ece(test.moods, scores) <= 0.04
    for_diaries, sure = scores_of(shipped, test.texts)
    assert accuracy(test.moods[sure], for_diaries[sure].argmax(1)) >= 0.7


def test_diary_lines(shipped):
    lines = corpora.diary_lines(DIARY)
    scores, _ = scores_of(shipped, [line["text"] for line in lines])
    moods = np.array([EMOTIONS.index(line["mood"]) for line in lines])
    # Reported, not tuned to: this only notices a model that has become worse.
    assert accuracy(moods, scores.argmax(1)) >= 0.82
