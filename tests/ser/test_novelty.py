"""A clip unlike the training gets lower scores, but the same mood."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ser import members, novelty
from ser.model import MemberOutput
from ser.novelty import Novelty
from ser.predict import WEIGHTS, Recogniser, load
from tests.ser.conftest import FakeMember, make_voice
from training.voice import fit_novelty
from training.voice.left_out_scores import LeftOutClips, soft

FEATURES = 20


@pytest.fixture
def usual() -> Novelty:
    """Training differed in the first two of twenty features; the rest is outside."""
    return Novelty(np.zeros(FEATURES, np.float32), np.eye(FEATURES, dtype=np.float32)[:2], 0.2, 0.6, 1.0)


def test_what_differs_as_the_training_did_is_usual(usual: Novelty) -> None:
    clips = np.zeros((3, FEATURES), np.float32)
    clips[0, :2] = 100
    clips[1, 5] = 2
    assert usual.distance(clips) == pytest.approx([0, 2 / np.sqrt(FEATURES), 0], abs=1e-4)


def test_the_temperature_grows_from_the_usual_to_the_strange_and_no_further(usual: Novelty) -> None:
    assert usual.temperature_factor(np.array([0.0, 0.2, 0.4, 0.6, 9.0])) == pytest.approx(np.exp([0, 0, 0.5, 1, 1]))
    assert replace(usual, ease=0.8).temperature_factor(0.0) == pytest.approx(0.8)


def test_the_strangeness_is_one_where_the_scores_are_softened_most(usual: Novelty) -> None:
    assert [float(usual.strangeness(distance)) for distance in (0.0, 0.2, 0.4, 0.6, 9.0)] == pytest.approx(
        [0, 0, 0.5, 1, 1]
    )


def test_it_comes_back_from_disk(usual: Novelty, tmp_path) -> None:
    novelty.save(usual, tmp_path / novelty.FILE, members.describe("strangeness", "strangeness", "none"))
    back = novelty.load(tmp_path / novelty.FILE)
    assert np.allclose(back.directions, usual.directions)
    assert all(getattr(back, name) == getattr(usual, name) for name in novelty.NUMBERS)
    assert members.files(tmp_path) == []


class FarMember(FakeMember):
    """Finds every clip equally far from the training."""

    def __init__(self, far: float) -> None:
        super().__init__(temperature=1.0, margin=0.3)
        self.far = far

    def forward(self, wave: np.ndarray) -> MemberOutput:
        standard = torch.zeros(1, FEATURES)
        standard[0, 5] = self.far * np.sqrt(FEATURES)
        return super().forward(wave)._replace(standard=standard)


def test_a_strange_clip_gets_the_same_verdict_with_less_certainty(usual: Novelty) -> None:
    wave = np.concatenate([0.1 * make_voice(1.5), make_voice(1.5)])
    plain, near, far = (Recogniser([FarMember(far)], how) for far, how in ((0.9, None), (0.1, usual), (0.9, usual)))
    (unasked,), (known,), (unknown,) = plain.read([wave]), near.read([wave]), far.read([wave])
    assert known.scores == unasked.scores
    assert unknown.label == known.label
    assert unknown.scores[unknown.label] < known.scores[known.label] - 0.05
    assert known.quality["strangeness"] == pytest.approx(0.1, abs=1e-3)
    assert "strangeness" not in unasked.quality
    assert [novelty.is_new_voice(one) for one in (known, unknown, unasked)] == [False, True, False]


def test_the_growth_is_found_where_strangers_were_promised_too_much(usual: Novelty) -> None:
    def people(far: float, right: float, seed: int) -> LeftOutClips:
        rng = np.random.default_rng(seed)
        truth = rng.integers(0, 7, 2000)
        guess = np.where(rng.random(2000) < right, truth, (truth + rng.integers(1, 7, 2000)) % 7)
        logs = np.log(np.full((2000, 7), 0.1 / 6))
        logs[np.arange(2000), guess] = np.log(0.9)
        return LeftOutClips(truth, logs, rng.normal(far, 0.01, 2000), np.full(2000, 1 / 2000), np.arange(2000))

    known, unknown = [people(0.3, 0.9, 0)], [people(0.8, 0.5, 1), people(0.9, 0.5, 2)]
    found, temperature = fit_novelty.fit(known, unknown, replace(usual, growth=0.0))
    assert temperature == pytest.approx(1, abs=0.1)
    assert 0.28 < found.usual < 0.32 < 0.78 < found.strange < 0.92
    promised = np.exp(soft(unknown[0], found) / temperature)
    assert np.mean(promised.max(1) / promised.sum(1)) == pytest.approx(0.5, abs=0.05)


@pytest.mark.skipif(not (WEIGHTS / novelty.FILE).exists(), reason="no novelty is shipped")
def test_a_tone_is_stranger_to_the_shipped_members_than_a_voice_may_be() -> None:
    recogniser = load()
    assert recogniser.novelty is not None
    _, far = recogniser.scores_and_distance(np.sin(np.arange(32_000) * 0.3).astype(np.float32))
    assert far > recogniser.novelty.usual
