"""A person's own prior: learnt from enough moods, bounded, and only from the latest."""

import numpy as np
import pytest

from emotions import EMOTIONS
from inference import mood_shares
from inference.mood_shares import LAST, MOST, NOTHING_KNOWN, learn
from inference.personalise import FEWEST
from inference.prior import PRIOR

SADNESS = EMOTIONS.index("sadness")


def test_nothing_is_known_from_few_entries() -> None:
    assert learn(["sadness"] * (FEWEST - 1)) is NOTHING_KNOWN
    assert (NOTHING_KNOWN.prior == PRIOR).all()
    assert learn(["sadness"] * FEWEST).entries == FEWEST


def test_entries_spread_like_those_of_most_people_change_nothing() -> None:
    moods = [mood for mood, share in zip(EMOTIONS, PRIOR, strict=True) for _ in range(round(60 * share))]
    assert learn(moods).prior == pytest.approx(PRIOR, abs=0.01)


@pytest.mark.parametrize("mood", EMOTIONS)
def test_a_diary_of_one_mood_changes_the_odds_of_two_moods_at_most_fourfold(mood: str) -> None:
    own = learn([mood] * 1000)
    assert own.prior.sum() == pytest.approx(1)
    changed = own.prior / PRIOR
    assert EMOTIONS[changed.argmax()] == mood
    assert changed.max() / changed.min() == pytest.approx(MOST**2, abs=1e-6)


def test_only_the_latest_entries_count() -> None:
    lately = ["happiness", "sadness"] * (LAST // 2)
    assert (learn(["anger"] * 500 + lately).prior == learn(lately).prior).all()


def test_more_entries_change_more() -> None:
    few, many = (learn(["sadness"] * count + ["happiness"] * count).prior for count in (3, 12))
    assert PRIOR[SADNESS] < few[SADNESS] < many[SADNESS]


def test_a_calibrated_reader_gains_and_nobody_loses_on_average() -> None:
    """With shares drawn around those of diaries, and with all moods alike."""
    rng, gains = np.random.default_rng(0), []
    for shares in (*rng.dirichlet(7 * PRIOR, 40), *np.full((40, 7), 1 / 7)):
        moods = rng.choice(7, 300, p=shares)
        evidence = rng.normal(0, 1.2, (300, 7))
        evidence[np.arange(300), moods] += 1.2**2
        own = learn([EMOTIONS[mood] for mood in moods[:16]]).prior
        right = [np.mean((evidence[16:] + np.log(prior)).argmax(1) == moods[16:]) for prior in (own, PRIOR)]
        gains.append(right[0] - right[1])
    assert np.mean(gains[:40]) > 0.01
    assert np.mean(gains[40:]) > 0.01
    assert mood_shares.MOST == 2
