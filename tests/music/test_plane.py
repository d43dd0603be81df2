import json

import numpy as np
import pytest

from inference.weights import WeightsError
from music import features, plane
from music.place import Place
from music.plane import Plane
from music.spectrum import Spectrum
from tests.music.sounds import MAJOR, MINOR, song


@pytest.fixture
def simple() -> Plane:
    """A plane where the mode decides valence and the onsets decide arousal."""
    return Plane(
        names=("mode", "onset_rate"), mean=np.array([0.0, 3.0]), std=np.array([0.2, 1.5]),
        weights=np.array([[0.1, 0.0], [0.0, 0.2]]), centre=np.zeros(2), spread=np.array([0.1, 0.2]), version="test",
    )  # fmt: skip


def test_weighted_sums_of_standardised_features(simple):
    found = simple.place({"mode": 0.2, "onset_rate": 0.0, "other": 9.0})
    assert found.valence == pytest.approx(np.tanh(0.5))
    assert found.arousal == pytest.approx(np.tanh(-1.0))
    assert found.emotion == "calm"


def test_the_middle_of_the_rated_tracks_is_the_middle(simple):
    assert simple.place({"mode": 0.0, "onset_rate": 3.0}) == Place(0.0, 0.0)


def test_the_strangest_features_stay_on_the_plane(simple):
    strange = simple.place({"mode": 1e9, "onset_rate": -1e9})
    edge = simple.place({"mode": 0.6, "onset_rate": -1.5})
    assert (strange.valence, strange.arousal) == pytest.approx((edge.valence, edge.arousal))
    assert abs(strange.valence) < 1


def test_a_missing_feature_is_named(simple):
    with pytest.raises(ValueError, match="onset_rate"):
        simple.place({"mode": 0.0})


def test_the_shipped_plane_is_whole_and_small():
    shipped = plane.load()
    assert plane.WEIGHTS.stat().st_size < 100_000
    assert shipped.weights.shape == (2, len(shipped.names))
    assert (shipped.std > 0).all()
    middle = shipped.place(dict(zip(shipped.names, shipped.mean, strict=True)))
    assert middle.radius < 1e-6


def test_fast_is_more_stirred_than_slow_and_major_more_pleasant_than_minor():
    def place(beats: float, scale: tuple[int, int, int]) -> Place:
        return plane.load().place(features.measure(Spectrum(song(beats, scale, 15.0))))

    assert place(170, MAJOR).arousal > place(50, MAJOR).arousal + 0.1
    assert place(170, MINOR).arousal > place(50, MINOR).arousal + 0.1
    assert place(110, MAJOR).valence > place(110, MINOR).valence + 0.1


def test_missing_weights_say_what_to_do(tmp_path):
    with pytest.raises(WeightsError, match="git checkout"):
        plane.load(tmp_path / "plane.safetensors")


def test_nothing_but_json_in_the_metadata():
    from inference.weights import read_meta

    assert json.loads(json.dumps(read_meta(plane.WEIGHTS)))["labels"] == ["valence", "arousal"]
