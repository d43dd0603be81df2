"""Negations, and words that only resemble them."""

import pytest

from words.features import features
from words.tokens import tokenize


def denied(text):
    return {token.form for token in tokenize(text) if token.negated}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("오늘은 안 좋아", {"좋아"}),
        ("좋지 않아", {"좋지"}),
        ("좋지않아", {"좋지않아"}),
        ("걱정이 없다", {"걱정이"}),
        ("걱정이 전혀 없다", {"걱정이"}),
        ("재밌지도 않았어", {"재밌지도"}),
        ("좋지도 싫지도 않은 하루", {"좋지도", "싫지도"}),
        ("슬픈 것도 기쁜 것도 아니다", {"슬픈", "기쁜"}),
        ("화난 건 아니고 그냥 졸리다", {"화난"}),
        ("잘한 게 하나도 없다", {"잘한"}),
        ("신이 안 난다", {"신이", "난다"}),
        ("신이 나지 않는다", {"신이", "나지"}),
        ("화 안 났어", {"화", "났어"}),
        ("집에 안 왔다", {"왔다"}),
        ("행복 하지 않다", {"행복", "하지"}),
        ("happy하지 않다", {"happy", "하지"}),
        ("울지 마세요", {"울지"}),
        ("울지 말아요", {"울지"}),
        ("웃어 본 적이 없다", {"웃어", "본"}),
        ("I'm not happy", {"happy"}),
        ("not so happy", {"so", "happy"}),
        ("I wasn't happy at all", {"happy", "at", "all"}),
        ("never felt happy", {"felt", "happy"}),
        ("neither sad nor happy", {"sad", "happy"}),
    ],
)
def test_a_negation_reaches_its_word(text, words):
    assert denied(text) == words


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("not today, happy", "happy"),
        ("not bad but happy", "happy"),
        ("didn't sleep and felt awful", "awful"),
        ("좋아. 안 갔어", "좋아"),
        ("좋아. 없어", "좋아"),
        ("안녕 좋아", "좋아"),
        ("안 갔지만 좋아", "좋아"),
        ("그런 말 하지", "그런"),
    ],
)
def test_a_negation_stops_in_time(text, word):
    assert word not in denied(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("couldn't stop crying", "crying"),
        ("I can't help smiling", "smiling"),
        ("never been so happy", "happy"),
        ("not only sad", "sad"),
        ("이렇게 웃은 적이 없다", "웃은"),
        ("어이가 없다", "어이가"),
        ("안 좋지 않아", "좋지"),
    ],
)
def test_what_only_looks_denied_is_not(text, word):
    assert word not in denied(text)


def test_an_entry_of_the_lexicon_that_is_a_denial_is_not_denied_by_itself():
    for text, mood in (("진짜 재수 없다", "disgust"), ("기운이 없어", "sadness"), ("I can't believe it", "surprise")):
        names = features(text)
        denying = [token.form for token in names.tokens if token.negates]
        assert denying, text
        assert f"~{mood}" not in " ".join(piece for piece, _, _ in _lexicon(text))


def _lexicon(text):
    from words.features import _lexicon_pieces

    return _lexicon_pieces(tokenize(text))
