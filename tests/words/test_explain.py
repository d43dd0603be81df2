import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from emotions import EMOTIONS
from reading import Refusal
from tests.words.conftest import tiny_model
from words.explain import explain
from words.features import features
from words.predict import Recogniser
from words.text import clean, korean_share

_TINY = Recogniser(tiny_model())


@pytest.mark.parametrize("text", ["오늘 안 행복했다", "happy but sad", "집에 갔다. went home 슬펐다 ㅠㅠ"])
def test_the_spans_add_up_to_what_the_line_did(text):
    moved = sum(np.array(list(span.weights.values())) for span in explain(_TINY, text).spans)
    with torch.no_grad():
        nothing = _TINY.words_model.bag.classify(torch.zeros(1, 4)).numpy()[0]
    whole = _TINY.words_model.logits([features(clean(text))])[0] - nothing
    assert np.allclose(moved, whole - whole.mean(), atol=1e-3)


LINES = [
    "오늘은 정말 즐거웠다",
    "오늘 안 행복했다",
    "happy but sad",
    "집에 갔다. went home 슬펐다 ㅠㅠ",
    "We went to the sea and I was so happy that I forgot how afraid I had been.",
]


@pytest.mark.parametrize("text", LINES)
@pytest.mark.parametrize("mood", [None, "surprise", "sadness"])
def test_the_effects_add_up_to_what_the_line_did_to_the_score(shipped, text, mood):
    explanation = explain(shipped, text, mood)
    model, found = shipped.words_model, features(clean(text))
    korean = korean_share(clean(text))
    with torch.no_grad():
        nothing = model.bag.classify(torch.zeros(1, model.meta["width"])).numpy()
    before, after = (
        shipped.adaptation(found, korean).apply(model.scores(logits, np.array([korean])))[0]
        for logits in (nothing, model.logits([found]))
    )
    assert after == pytest.approx(list(shipped.read([text])[0].scores.values()))
    assert explanation.mood == (mood or EMOTIONS[after.argmax()])
    at = EMOTIONS.index(explanation.mood)
    moved = sum(span.effect for span in explanation.spans)
    assert moved == pytest.approx(np.log(after[at]) - np.log(before[at]), abs=0.03)


def test_a_word_of_another_mood_speaks_against_the_one_that_is_explained(shipped):
    spans = explain(shipped, "친구를 만나서 즐거웠다", "surprise").spans
    strongest = max(spans, key=lambda span: abs(span.effect))
    assert (strongest.text, strongest.mood) == ("즐거웠다", "happiness")
    assert strongest.effect < 0
    assert max(explain(shipped, "친구를 만나서 즐거웠다").spans, key=lambda span: span.effect).text == "즐거웠다"


@given(st.text(max_size=120))
def test_spans_are_the_words_of_the_line(text):
    try:
        explanation = explain(_TINY, text)
    except Refusal:
        return
    for span in explanation.spans:
        assert explanation.text[span.start : span.end] == span.text
        assert set(span.weights) == set(EMOTIONS)


@pytest.mark.parametrize(
    ("text", "mood", "word"),
    [
        ("어제는 밥을 먹고 너무 슬펐다", "sadness", "슬펐다"),
        ("my neighbour is a happy man", "happiness", "happy"),
        ("봐 😱", "fear", "😱"),
    ],
)
def test_the_word_that_matters_speaks_loudest(shipped, text, mood, word):
    assert max(explain(shipped, text).spans, key=lambda span: span.weights[mood]).text == word


def test_a_denied_word_does_not_speak_for_its_mood(shipped):
    def weight(text, word):
        return next(span.weights["happiness"] for span in explain(shipped, text).spans if span.text == word)

    assert weight("오늘 안 행복했다", "행복했다") < weight("오늘 행복했다", "행복했다")


def test_nothing_to_explain_has_a_name():
    with pytest.raises(Refusal) as refusal:
        explain(_TINY, "123")
    assert refusal.value.code == "no_words"
