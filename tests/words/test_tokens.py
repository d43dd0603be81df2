from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from words.tokens import jamo, tokens


def forms(text):
    return [token.form for token in tokens(text)]


def negated(text):
    return {token.form for token in tokens(text) if token.negated}


def test_jamo_spells_out_syllables_and_leaves_the_rest():
    assert jamo("값 ok ㅋ") == "ㄱㅏㅄ ok ㅋ"
    assert jamo("기쁘다").startswith(jamo("기ㅃ"))
    assert jamo("기뻤다").startswith(jamo("기ㅃ"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ㅋㅋㅋ", "ㅋㅋㅋㅋㅋㅋㅋㅋ"),
        ("ㅜㅜ", "ㅠㅠㅠ"),
        ("sooo", "sooooooo"),
        ("!!", "!!!!!"),
        ("HAPPY", "happy"),
        ("don’t", "don't"),
    ],
)
def test_the_same_said_louder_is_the_same_word(one, other):
    assert forms(one) == forms(other)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("오늘은 안 좋아", "좋아"),
        ("좋지 않아", "좋지"),
        ("좋지않아", "좋지않아"),
        ("걱정이 없다", "걱정이"),
        ("재밌지도 않았어", "재밌지도"),
        ("I'm not happy", "happy"),
        ("I wasn't happy at all", "happy"),
        ("never felt happy", "happy"),
    ],
)
def test_negation_reaches_its_word(text, word):
    assert word in negated(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [("not today, happy", "happy"), ("not bad but happy", "happy"), ("좋아. 안 갔어", "좋아"), ("안녕 좋아", "좋아"),
     ("안 갔지만 좋아", "좋아")],
)  # fmt: skip
def test_negation_stops_in_time(text, word):
    assert word not in negated(text)


def test_two_negations_are_none():
    assert "좋지" not in negated("안 좋지 않아")


def test_what_comes_after_but():
    assert [token.form for token in tokens("힘들었지만 뿌듯했다") if token.after_but] == ["뿌듯했다"]
    assert [token.form for token in tokens("tired but proud") if token.after_but] == ["proud"]


@pytest.mark.parametrize(
    ("text", "conceded"),
    [
        ("힘들었지만 뿌듯했다", {"힘들었지만"}),
        ("tired but proud", {"tired", "but"}),
        ("힘들었다. 근데 뿌듯했다. 좋았다", {"힘들었다", ".", "근데"}),
        ("좋았다. 힘들었지만 뿌듯했다", {"힘들었지만"}),
        ("좋았다", set()),
    ],
)
def test_what_is_conceded(text, conceded):
    assert {token.form for token in tokens(text) if token.before_but} == conceded


@given(st.text(max_size=200))
def test_spans_are_in_order_and_inside(text):
    found = tokens(text)
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
