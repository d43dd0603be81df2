import numpy as np
import pytest
import torch

from music import features, mood_model
from music.emotion_groups import FOUR
from music.mood_model import BANDS, CROP, FourConvolutions, Linear, MoodModel, Network, crops
from music.spectrum import Spectrum
from tests.music.sounds import song


def network(seed: int = 0) -> Network:
    torch.manual_seed(seed)
    return Network(
        FourConvolutions(widths=(2, 3, 4, 5)).eval(), torch.full((BANDS, 1), -40.0), torch.ones(BANDS, 1) * 10
    )


def linear() -> Linear:
    return Linear(("tempo", "mode"), np.array([100.0, 0.0]), np.array([20.0, 0.1]), np.eye(4, 2), np.zeros(4))


def test_images_are_the_mel_spectrum_made_coarser():
    spectrum = Spectrum(song(seconds=10))
    picture = mood_model.image(spectrum)
    frames = len(spectrum.mel_db) // 4
    assert picture.shape == (BANDS, frames)
    assert picture[3, 5] == pytest.approx(spectrum.mel_db[20:24, 6:8].mean(), abs=1e-4)


def test_crops_follow_one_another_and_a_short_track_begins_again():
    long = np.arange(BANDS * (2 * CROP + 7)).reshape(BANDS, -1)
    found = crops(long)
    assert found.shape == (2, BANDS, CROP)
    assert np.array_equal(found[1], long[:, CROP : 2 * CROP])
    short = crops(long[:, : CROP // 2])
    assert short.shape == (1, BANDS, CROP)
    assert np.array_equal(short[0][:, CROP // 2], long[:, 0])


def test_four_convolutions_with_batch_norm_and_dropout():
    kinds = [type(layer) for layer in FourConvolutions().modules()]
    assert kinds.count(torch.nn.Conv2d) == kinds.count(torch.nn.BatchNorm2d) == 4
    assert torch.nn.Dropout in kinds
    assert FourConvolutions()(torch.zeros(3, BANDS, CROP)).shape == (3, 4)


def test_every_parameter_learns():
    net = FourConvolutions(widths=(2, 3, 4, 5))
    torch.nn.functional.cross_entropy(net(torch.randn(8, BANDS, CROP)), torch.arange(8) % 4).backward()
    assert all(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in net.parameters())


def test_a_linear_model_weighs_standardised_features():
    logits = linear().logits({"mode": 0.05, "tempo": 120.0})
    assert logits == pytest.approx([1.0, 0.5, 0.0, 0.0])
    with pytest.raises(ValueError, match="mode"):
        linear().logits({"tempo": 120.0})


@pytest.mark.parametrize("kinds", ["linear", "network", "both"])
def test_saved_and_loaded_they_say_the_same(tmp_path, kinds):
    model = MoodModel(
        linear() if kinds != "network" else None,
        (network(0), network(1)) if kinds != "linear" else (),
        {"linear": 1.0, "network": 0.0, "both": 0.5}[kinds],
        0.7,
        "test 1.0",
    )
    about = {"name": "test", "version": "1.0", "labels": FOUR, "training_data": "none", "licence": "none"}
    mood_model.save(model, tmp_path / "moods.safetensors", about)
    again = mood_model.load(tmp_path / "moods.safetensors")
    images, told = [np.random.default_rng(0).uniform(-80, 0, (BANDS, 300))], {"tempo": 130.0, "mode": -0.1}
    scores = model.scores(images, told)
    assert again.scores(images, told) == pytest.approx(scores, abs=1e-5)
    assert again.version == "test 1.0"
    assert sum(scores.values()) == pytest.approx(1)


def test_the_opinion_of_both_lies_between_theirs():
    images, told = [np.random.default_rng(0).uniform(-80, 0, (BANDS, 300))], {"tempo": 130.0, "mode": -0.1}

    def logs(share: float) -> np.ndarray:
        model = MoodModel(linear(), (network(),), share, 1.0, "test")
        return np.log(list(model.scores(images, told).values()))

    middle = logs(0.5) - (logs(0.0) + logs(1.0)) / 2
    assert middle - middle.mean() == pytest.approx(np.zeros(4), abs=1e-6)


def test_the_shipped_model_tells_a_lively_song_from_a_slow_one():
    def scores(beats: float, loud: float) -> dict[str, float]:
        spectrum = Spectrum((loud * song(beats, seconds=15)).astype(np.float32))
        return mood_model.load().scores([mood_model.image(spectrum)], features.measure(spectrum))

    fast, slow = scores(170, 2.0), scores(45, 0.2)
    assert fast["joy"] > slow["joy"]
    assert slow["neutral"] + slow["sadness"] > fast["neutral"] + fast["sadness"]
