from pathlib import Path

import numpy as np
import pytest

from inference import weights
from inference.weights import WeightsError
from music import features, mood_model
from music.emotion_groups import FOUR
from music.mood_model import MoodModel
from music.spectrum import Spectrum
from tests.music.sounds import song

ABOUT = {"name": "test", "version": "1.0", "labels": FOUR, "training_data": "none", "licence": "none"}


@pytest.fixture
def model() -> MoodModel:
    std = np.array([20.0, 0.1])
    return MoodModel(("tempo", "mode"), np.array([100.0, 0.0]), std, np.eye(4, 2), np.zeros(4), 0.7, "test 1.0")


def test_a_linear_model_weighs_standardised_features(model):
    assert model.logits({"mode": 0.05, "tempo": 120.0}) == pytest.approx([1.0, 0.5, 0.0, 0.0])
    with pytest.raises(ValueError, match="mode"):
        model.logits({"tempo": 120.0})


def test_saved_and_loaded_it_scores_the_same(tmp_path: Path, model):
    mood_model.save(model, tmp_path / "moods.safetensors", ABOUT)
    loaded = mood_model.load(tmp_path / "moods.safetensors")
    scores = model.scores({"tempo": 130.0, "mode": -0.1})
    assert loaded.scores({"tempo": 130.0, "mode": -0.1}) == pytest.approx(scores, abs=1e-5)
    assert loaded.version == "test 1.0"
    assert sum(scores.values()) == pytest.approx(1)


def test_weights_of_another_kind_are_refused(tmp_path: Path, model):
    mood_model.save(model, tmp_path / "moods.safetensors", ABOUT)
    state, meta = weights.load(tmp_path / "moods.safetensors")
    for name, changes, message in (
        ("labels", {"labels": ["joy", "sadness"]}, "not joy, sadness"),
        ("network", {"networks": [{"widths": [12]}]}, "holds a network"),
    ):
        weights.save(tmp_path / f"{name}.safetensors", state, meta | changes, "fp32")
        with pytest.raises(WeightsError, match=message):
            mood_model.load(tmp_path / f"{name}.safetensors")


def test_the_shipped_model_tells_a_lively_song_from_a_slow_one():
    def scores(beats: float, loud: float) -> dict[str, float]:
        return mood_model.load().scores(features.measure(Spectrum((loud * song(beats, seconds=15)).astype(np.float32))))

    fast, slow = scores(170, 2.0), scores(45, 0.2)
    assert fast["joy"] > slow["joy"]
    assert slow["neutral"] + slow["sadness"] > fast["neutral"] + fast["sadness"]
