"""No group of people loses by what is learnt of them; what is measured is drawn as said."""

import numpy as np
import pytest

from inference.prior import PRIOR
from tests.inference.test_strangers import SIZE, recordings
from training.fusion import measure_mood_shares
from training.voice.fit_strangers import Person


@pytest.fixture
def people() -> dict[str, list[Person]]:
    rng = np.random.default_rng(0)
    return {
        name: [
            recordings(rng.normal(0, 1.5, SIZE) + np.log(PRIOR), 60, int(rng.integers(1000)), noise=2.0)
            for _ in range(5)
        ]
        for name in ("one", "two")
    }


def test_no_group_loses_on_average(people: dict[str, list[Person]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure_mood_shares, "_DRAWN", 60)
    figures = measure_mood_shares.measure(people, (0, 8, 16))
    assert len(figures) == 2 * 2 * 4
    for name, (before, at_eight, at_sixteen) in figures.items():
        if name.endswith("nothing learnt"):
            assert before == at_eight == at_sixteen
        elif name.endswith("shares"):
            assert min(at_eight, at_sixteen) >= before - 0.005, name
    assert measure_mood_shares.table({"one | even | offsets": [0.5, 0.6, 0.7, 0.8]}).endswith(
        "50.0% | 60.0% | 70.0% | 80.0% |"
    )


def test_moods_are_drawn_alike_or_like_a_diary(people: dict[str, list[Person]]) -> None:
    person = people["one"][0]
    even = np.bincount(measure_mood_shares._draw(person, None, 2000, 1)[1], minlength=SIZE) / 2024
    diary = np.bincount(measure_mood_shares._draw(person, 1e6, 2000, 1)[1], minlength=SIZE) / 2024
    assert even == pytest.approx(np.full(SIZE, 1 / SIZE), abs=0.04)
    assert diary == pytest.approx(PRIOR, abs=0.04)
