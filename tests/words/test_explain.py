"""An explanation tells what the reading would be without a word."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotions import EMOTIONS
from reading import Refusal
from tests.words.conftest import tiny_model
from words.explain import explain
from words.predict import Recogniser

_TINY = Recogniser(tiny_model())

LINES = [
    "오늘은 정말 즐거웠다",
    "오늘 안 행복했다",
    "happy but sad",
    "집에 갔다. went home 슬펐다 ㅠㅠ",
    "We went to the sea and I was so happy that I forgot how afraid I had been.",
]


@pytest.mark.parametrize("text", LINES)
@pytest.mark.parametrize("mood", [None, "surprise", "sadness"])
def test_an_effect_is_what_the_score_loses_without_the_word(shipped, text, mood) -> None:
    explanation = explain(shipped, text, mood)
    [whole] = shipped.read([text])
    assert explanation.mood == (mood or whole.label)
    span = max(explanation.spans, key=lambda each: abs(each.effect))
    [rest] = shipped.read([text[: span.start] + text[span.end :]])
    # The language of the rest, by which scores are calibrated, may be another; so the effect is only nearly this.
    wanted = np.log(whole.scores[explanation.mood]) - np.log(rest.scores[explanation.mood])
    assert span.effect == pytest.approx(wanted, abs=0.35)
    assert np.sign(span.effect) == np.sign(wanted)


def test_a_word_of_another_mood_speaks_against_the_one_that_is_explained(shipped) -> None:
    spans = explain(shipped, "친구를 만나서 즐거웠다", "surprise").spans
    strongest = max(spans, key=lambda span: abs(span.effect))
    assert (strongest.text, strongest.mood) == ("즐거웠다", "happiness")
    assert strongest.effect < 0
    assert max(explain(shipped, "친구를 만나서 즐거웠다").spans, key=lambda span: span.effect).text == "즐거웠다"


@given(st.text(max_size=120))
def test_spans_are_the_words_of_the_line(text) -> None:
    try:
        explanation = explain(_TINY, text)
    except Refusal:
        return
    for span in explanation.spans:
        assert explanation.text[span.start : span.end] == span.text
        assert set(span.weights) == set(EMOTIONS)
        assert sum(span.weights.values()) == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "mood", "word"),
    [
        ("어제는 밥을 먹고 너무 슬펐다", "sadness", "슬펐다"),
        ("my neighbour is a happy man", "happiness", "happy"),
        ("봐 😱", "fear", "😱"),
    ],
)
def test_the_word_that_matters_speaks_loudest(shipped, text, mood, word) -> None:
    assert max(explain(shipped, text).spans, key=lambda span: span.weights[mood]).text == word


def test_the_negation_speaks_against_what_it_denies(shipped) -> None:
    spans = {span.text: span for span in explain(shipped, "오늘 안 행복했다", "happiness").spans}
    assert spans["안"].effect < 0
    spans = {span.text: span for span in explain(shipped, "I'm not happy", "happiness").spans}
    assert spans["not"].effect < 0


def test_a_long_note_is_explained_by_the_parts_that_spoke_most(shipped) -> None:
    dull = "아침에 밥을 먹고 버스를 탔다. " * 30
    explanation = explain(shipped, dull + "할머니가 돌아가셔서 너무 슬프다. " + dull, "sadness")
    strongest = max(explanation.spans, key=lambda span: span.weights["sadness"])
    assert strongest.text in ("돌아가셔서", "슬프다", "너무")
    assert any(span.effect == 0 for span in explanation.spans)


def test_nothing_to_explain_has_a_name() -> None:
    with pytest.raises(Refusal) as refusal:
        explain(_TINY, "123")
    assert refusal.value.code == "no_words"
