import librosa
import numpy as np
import pytest
import torch

from inference.mel import filter_bank, hz_to_mel, mel_to_hz
from ser import features
from ser.features import MelSettings
from tests.ser.conftest import make_voice

OTHERS = [
    MelSettings(),
    MelSettings(n_fft=512, window=400, hop=160, mels=40, low=0, high=8000),
    MelSettings(n_fft=2048, window=2048, hop=512, mels=128, low=20, high=8000),
]


@pytest.mark.parametrize("settings", OTHERS)
def test_mel_against_librosa(settings):
    wave = make_voice(1.3, seed=3)
    expected = librosa.feature.melspectrogram(
        y=wave, sr=settings.sample_rate, n_fft=settings.n_fft, win_length=settings.window, hop_length=settings.hop,
        n_mels=settings.mels, fmin=settings.low, fmax=settings.high,
    )  # fmt: skip
    got = features.mel_power(torch.from_numpy(wave), settings).numpy()
    assert got.shape == expected.shape
    assert np.allclose(got, expected, rtol=1e-3, atol=1e-6 * expected.max())


@pytest.mark.parametrize("settings", OTHERS)
def test_filter_bank_against_librosa(settings):
    expected = librosa.filters.mel(
        sr=settings.sample_rate, n_fft=settings.n_fft, n_mels=settings.mels, fmin=settings.low, fmax=settings.high
    )
    got = filter_bank(settings.sample_rate, settings.n_fft, settings.mels, settings.low, settings.high)
    assert np.allclose(got.numpy().T, expected, atol=1e-7)


def test_decibels_against_librosa():
    wave, settings = make_voice(1.0), MelSettings()
    power = features.mel_power(torch.from_numpy(wave), settings).numpy()
    expected = librosa.power_to_db(power, ref=np.max, amin=1e-20, top_db=80)
    assert np.allclose(features.log_mel(torch.from_numpy(wave), settings).numpy(), expected, atol=0.01)


def test_scales_are_inverse():
    hertz = np.geomspace(20, 8000, 50)
    assert np.allclose(mel_to_hz(hz_to_mel(hertz)), hertz)


def test_the_image_does_not_know_the_gain():
    wave = torch.from_numpy(make_voice(1.0))
    assert torch.allclose(
        features.mel_image(wave, MelSettings()), features.mel_image(wave * 0.01, MelSettings()), atol=0.1
    )


def test_margins_are_cropped():
    wave, settings = torch.from_numpy(make_voice(1.0)), MelSettings()
    whole, image = features.log_mel(wave, settings), features.mel_image(wave, settings)
    assert torch.equal(image, whole[:, 1:-1])


def test_silence_gives_a_finite_image():
    assert torch.isfinite(features.mel_image(torch.zeros(16_000), MelSettings())).all()


def test_whisper_mel_against_transformers():
    from inference import vision

    assert vision.torchvision  # transformers looks for it
    from transformers import WhisperFeatureExtractor

    wave = make_voice(1.7)
    expected = WhisperFeatureExtractor()(wave, sampling_rate=16_000, return_tensors="pt", padding="longest")
    got = features.whisper_mel(torch.from_numpy(wave))
    assert got.shape == expected.input_features[0].shape
    assert torch.allclose(got, expected.input_features[0], atol=1e-4)
