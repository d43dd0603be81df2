from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from words.tokens import jamo, tokenize


def forms(text):
    return [token.form for token in tokenize(text)]


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


def test_what_comes_after_but():
    assert [token.form for token in tokenize("힘들었지만 뿌듯했다") if token.after_but] == ["뿌듯했다"]
    assert [token.form for token in tokenize("tired but proud") if token.after_but] == ["proud"]


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
    assert {token.form for token in tokenize(text) if token.before_but} == conceded


@given(st.text(max_size=200))
def test_spans_are_in_order_and_inside(text):
    found = tokenize(text)
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
