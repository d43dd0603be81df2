import numpy as np
import pytest

from ser import audio, quality
from tests.ser.conftest import RATE, make_voice
from training.voice import augment

rng = np.random.default_rng


def verdict(wave: np.ndarray) -> str:
    refusal = quality.refuse(quality.measure(audio.trim(wave.astype(np.float32))))
    return refusal.code if refusal else "ok"


@pytest.mark.parametrize("pitch", [90, 140, 220, 320])
@pytest.mark.parametrize("gain", [0.01, 1.0])
def test_a_voice_passes(pitch, gain):
    assert verdict(gain * make_voice(2.0, pitch)) == "ok"


@pytest.mark.parametrize("snr", [30, 20, 10, 5])
def test_a_voice_in_noise_passes(snr):
    voice = make_voice(3.0)
    noise = rng(1).normal(size=voice.size) * np.std(voice) * 10 ** (-snr / 20)
    assert verdict(voice + noise) == "ok"


def test_a_held_vowel_is_no_noise():
    time = np.arange(3 * RATE) / RATE
    hertz = 180 * 2 ** (0.03 * np.sin(2 * np.pi * 5 * time))
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    assert verdict(0.1 * sum(np.sin(k * phase) / k for k in range(1, 12))) == "ok"


def noises() -> dict[str, np.ndarray]:
    size = 3 * RATE
    time = np.arange(size) / RATE
    typing = np.zeros(size)
    for start in rng(2).integers(0, size - 800, 15):
        typing[start : start + 800] += rng(start).normal(size=800) * np.exp(-np.arange(800) / 100) * 0.3
    return {
        "white": rng(0).normal(size=size) * 0.1,
        "rumble": np.cumsum(rng(0).normal(size=size)) * 1e-3,
        "hum": 0.1 * sum(np.sin(2 * np.pi * 50 * k * time) / k for k in range(1, 9)),
        "beep": 0.3 * np.sin(2 * np.pi * 300 * time),
        "in bursts": rng(0).normal(size=size) * 0.1 * (np.sin(5 * time) > 0),
        "typing": typing,
        "pink": augment.coloured_noise(rng(5), size) * 10,
    }


@pytest.mark.parametrize("name", noises())
def test_noise_is_no_neutral_mood(name):
    assert verdict(noises()[name]) in {"mostly_noise", "too_short"}


def test_silence():
    assert verdict(np.zeros(RATE)) == "too_quiet"
    assert verdict(rng(0).normal(size=RATE) * 1e-5) == "too_quiet"


def test_too_short():
    assert verdict(make_voice(0.3)) == "too_short"
    click = np.zeros(2 * RATE)
    click[RATE : RATE + 3000] = make_voice(1.0)[8000:11000]
    assert verdict(click) == "too_short"


def test_clipping():
    assert verdict(np.clip(40 * make_voice(2.0), -1, 1)) == "clipped"
    assert verdict(np.clip(40 * make_voice(2.0), -1, 1) * 0.1) == "clipped"  # made quieter afterwards
    assert quality.clipped_share(make_voice(2.0)) < 1e-4


def test_the_weight_grows_with_length_and_falls_with_noise():
    def weight(wave: np.ndarray) -> float:
        return quality.measure(wave.astype(np.float32)).weight

    voice = make_voice(4.0)
    noisy = voice + rng(0).normal(size=voice.size) * np.std(voice) * 0.5
    assert weight(make_voice(0.8)) < weight(voice)
    assert weight(noisy) < weight(voice)
    assert 0 <= weight(noisy) <= weight(voice) <= 1


def test_ten_minutes_are_measured_without_much_memory():
    facts = quality.measure(np.tile(make_voice(10.0), 30))
    assert facts.seconds == 300
