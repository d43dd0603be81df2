import pytest

from emotions import EMOTIONS
from training.words.labels import GOEMOTIONS, KOTE, KOTE_FREQUENCY, kote_weight


def test_the_shares_of_every_label_sum_to_one():
    assert (len(GOEMOTIONS), len(KOTE)) == (28, 44)
    for table in (GOEMOTIONS, KOTE):
        for label, shares in table.items():
            assert sum(shares.values()) == pytest.approx(1), label
            assert set(shares) <= set(EMOTIONS), label
        assert {mood for shares in table.values() for mood in shares} == set(EMOTIONS)


def test_rare_labels_weigh_more():
    assert set(KOTE_FREQUENCY) == set(KOTE)
    assert kote_weight("공포/무서움") > kote_weight("불평/불만")
