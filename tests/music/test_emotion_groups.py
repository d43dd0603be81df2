import numpy as np
import pytest

from music.emotion_groups import FOUR, GEMS, GROUPS, PLACES, RULE, four_labels, four_shares, places


def ticked(**shares: float) -> np.ndarray:
    return np.array([[shares.get(name, 0.0) for name in GEMS]])


def test_every_emotion_has_a_place_and_one_group():
    assert list(PLACES) == list(GEMS)
    assert sorted(name for members in GROUPS.values() for name in members) == sorted(GEMS)


def test_a_track_lies_where_its_ticks_lie_on_average():
    assert places(ticked(calmness=0.8)) == pytest.approx(np.array([PLACES["calmness"]]))
    between = places(ticked(calmness=0.3, sadness=0.3))[0]
    assert between == pytest.approx(np.mean([PLACES["calmness"], PLACES["sadness"]], axis=0))
    assert places(ticked())[0] == pytest.approx([0, 0])


def test_the_rules_differ_where_groups_differ_in_size():
    votes = ticked(solemnity=0.3, power=0.3, tension=0.3, joyful_activation=0.7)
    assert FOUR[four_labels(votes, "sum")[0]] == "anger"
    assert FOUR[four_labels(votes, "mean")[0]] == "joy"
    assert FOUR[four_labels(votes, "max")[0]] == "joy"
    assert FOUR[four_labels(ticked(amazement=0.4, joyful_activation=0.4, sadness=0.5), "max")[0]] == "sadness"
    assert FOUR[four_labels(ticked(amazement=0.4, joyful_activation=0.4, sadness=0.5), "mean")[0]] == "joy"


def test_shares_are_a_distribution():
    found = four_shares(np.random.default_rng(0).random((20, 9)), RULE)
    assert found.sum(1) == pytest.approx(np.ones(20))
